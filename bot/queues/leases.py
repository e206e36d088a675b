"""Leases keep assigners side by side from giving one chat, or one free place of an agent, twice.

    huiying:{queues}:leases    hash    conversation -> agent:until:settled, ms of Redis' clock

They live for seconds. Without Redis there are none: a chat is still given once, since the writer confirms each
assignment against the row, but two assigners may then fill an agent beyond the capacity.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import structlog

from bot.wire import AWAY, Wire
from router.assignment import Pair

LEASES = "huiying:{queues}:leases"
LEASE = 10_000
"""Milliseconds in which an assignment is confirmed."""

log = structlog.get_logger()


class Seen(NamedTuple):
    """What was leased when an assigner began to read the facts."""

    at: int
    """Milliseconds of Redis' clock."""
    leased: Mapping[int, int]
    """Chats that wait for their confirmation, and the agents who are to have them."""


NOTHING_SEEN = Seen(0, {})


class Leases:
    """Claims pairs before the writer confirms them.

    Args:
        wire: Redis, which may be away at any time.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._claim = wire.redis.register_script((Path(__file__).parent / "claim.lua").read_text("utf-8"))

    async def look(self) -> Seen:
        """What is leased now; to be asked before the facts are read."""
        try:
            clock, leases = await self._wire.run([("TIME",), ("HGETALL", LEASES)])
        except AWAY:
            return NOTHING_SEEN
        now = _milliseconds(clock)
        entries = ((int(chat), _read(text)) for chat, text in leases.items())
        return Seen(now, {chat: agent for chat, (agent, until, settled) in entries if not settled and until > now})

    async def claim(self, pairs: Sequence[Pair], rooms: Mapping[int, int], seen: Seen) -> list[Pair]:
        """Lease what nobody else has leased meanwhile.

        Args:
            pairs: what is to be assigned.
            rooms: by agent, how many more chats they could carry when the facts were read.
            seen: the look before that.

        Returns:
            The pairs that hold; all of them while Redis is away.
        """
        proposed = [word for chat, agent in pairs for word in (chat, agent, rooms[agent])]
        try:
            places: list[int] = await self._claim(keys=[LEASES], args=[LEASE, seen.at, *proposed])
        except AWAY as error:
            log.info("leases.away", error=type(error).__name__)
            return list(pairs)
        return [pairs[place - 1] for place in places]

    async def settle(self, confirmed: Sequence[Pair], refused: Sequence[Pair]) -> None:
        """Tell what became of claimed pairs: confirmed ones count for those who have read too early to know."""
        try:
            if refused:
                await self._wire.run([("HDEL", LEASES, *(str(pair.conversation) for pair in refused))])
            if confirmed:
                (clock,) = await self._wire.run([("TIME",)])
                now = _milliseconds(clock)
                fields = [word for chat, agent in confirmed for word in (str(chat), f"{agent}:{now}:{now}")]
                await self._wire.run([("HSET", LEASES, *fields)])
        except AWAY as error:
            log.info("leases.away", error=type(error).__name__)


def _read(text: str) -> tuple[int, int, int]:
    agent, until, settled = text.split(":")
    return int(agent), int(until), int(settled)


def _milliseconds(clock: tuple[int, int]) -> int:
    """Redis' TIME in milliseconds."""
    return clock[0] * 1000 + clock[1] // 1000
