"""The pace of calls to a platform, shared by all processes through Redis; each keeps its own while Redis is away.

huiying:{pace:<account>}:<key>    string    the mark of one limit, µs since 1970 (UTC)
"""

from collections.abc import Sequence
from pathlib import Path

import structlog

from bot.wire import AWAY, Wire
from channels.telegram.pace import Limit, MemoryPace

SCRIPT = Path(__file__).parent / "pace.lua"
MICROSECONDS = 1_000_000

log = structlog.get_logger()


class RedisPace:
    """Gives calls their places in time, over all processes.

    Args:
        wire: the way to Redis.
    """

    def __init__(self, wire: Wire) -> None:
        self._reserve = wire.redis.register_script(SCRIPT.read_text("utf-8"))
        self._alone = MemoryPace()

    async def reserve(self, limits: Sequence[Limit]) -> float:
        """Take the next place that all limits allow; returns the seconds until then."""
        tag = limits[-1].key
        keys = [f"huiying:{{pace:{tag}}}:{one.key}" for one in limits]
        args = [value for one in limits for value in (round(one.every * MICROSECONDS), one.burst)]
        try:
            return int(await self._reserve(keys=keys, args=args)) / MICROSECONDS
        except AWAY as error:
            log.debug("pace.alone", error=type(error).__name__)
            return await self._alone.reserve(limits)
