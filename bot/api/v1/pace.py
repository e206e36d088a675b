"""How many calls a key may make: so many a minute over all processes, counted in Redis, or here while that is away.

huiying:rate:<key>:<minute>    string    calls in that minute; gone two minutes later
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from redis.asyncio import Redis

from bot.wire import AWAY

MOST = 600
"""Calls of one key in a minute."""
MINUTE = 60

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Left:
    """What a key has left of this minute."""

    calls: int
    """0 when nothing is left; below 0 where this call is one too many."""
    seconds: int
    """Until the next minute."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The same as headers (draft-ietf-httpapi-ratelimit-headers)."""
        policy = f'"minute";q={MOST};w={MINUTE}'
        return {"RateLimit-Policy": policy, "RateLimit": f'"minute";r={max(0, self.calls)};t={self.seconds}'}


class Pace:
    """Counts calls.

    Args:
        redis: may be away at any time.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._alone: dict[int, int] = {}
        self._minute = 0

    async def call(self, key: int) -> Left:
        """Count a call."""
        minute, into = divmod(int(time.time()), MINUTE)
        try:
            async with self._redis.pipeline(transaction=False) as pipeline:
                name = f"huiying:rate:{key}:{minute}"
                pipeline.execute_command("INCR", name)
                pipeline.execute_command("EXPIRE", name, 2 * MINUTE)
                made = int((await pipeline.execute())[0])
        except AWAY as error:
            log.debug("pace.alone", error=type(error).__name__)
            made = self._count(key, minute)
        return Left(MOST - made, MINUTE - into)

    def _count(self, key: int, minute: int) -> int:
        if minute != self._minute:
            self._minute, self._alone = minute, {}
        self._alone[key] = self._alone.get(key, 0) + 1
        return self._alone[key]
