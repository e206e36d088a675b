"""Leases keep assigners side by side from giving one chat, or one free place of an agent, twice.

    huiying:{queues}:leases     hash    conversation -> agent:until, ms of Redis' clock
    huiying:{queues}:settled    zset    conversation:agent by the moment of the confirmation, ms; ten seconds long
    huiying:{queues}:turn       text    who decides now; two assigners at once would decide about the same chats

They live for seconds. Without Redis there are none: a chat is still given once, since the writer confirms each
assignment against the row, but two assigners may then fill an agent beyond the capacity.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

import structlog

from bot.wire import AWAY, Command, Wire
from router.assignment import Pair

LEASES = "huiying:{queues}:leases"
SETTLED = "huiying:{queues}:settled"
TURN = "huiying:{queues}:turn"
LONGEST_TURN = 1_000
"""Milliseconds after which the turn of an assigner that died is over."""
LEASE = 10_000
"""Milliseconds in which an assignment is confirmed."""

log = structlog.get_logger()


class Seen(NamedTuple):
    """What was leased when an assigner began to read the facts."""

    at: int
    """When the turn began, in milliseconds of Redis' clock."""
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
        self._token = token_hex(8)
        self._claim = wire.redis.register_script((Path(__file__).parent / "claim.lua").read_text("utf-8"))

    async def begin(self) -> Seen | None:
        """Take the turn to decide, before the facts are read; it ends with ``claim``.

        Returns:
            What is leased now; nothing while Redis is away; None where it is another's turn.
        """
        turn: Command = ("SET", TURN, self._token, "NX", "PX", LONGEST_TURN)
        try:
            ours, clock, leases = await self._wire.run([turn, ("TIME",), ("HGETALL", LEASES)])
        except AWAY:
            return NOTHING_SEEN
        if not ours:
            return None
        now = _milliseconds(clock)
        entries = ((int(chat), *map(int, text.split(":"))) for chat, text in leases.items())
        return Seen(now, {chat: agent for chat, agent, until in entries if until > now})

    async def claim(self, pairs: Sequence[Pair], rooms: Mapping[int, int], seen: Seen) -> list[Pair]:
        """Lease what nobody else has leased meanwhile, and end the turn.

        Args:
            pairs: what is to be assigned.
            rooms: by agent, how many more chats they could carry when the facts were read.
            seen: the look before that.

        Returns:
            The pairs that hold; all of them while Redis is away.
        """
        proposed = [word for chat, agent in pairs for word in (chat, agent, rooms[agent])]
        try:
            places: list[int] = await self._claim(
                keys=[LEASES, SETTLED, TURN], args=[self._token, LEASE, seen.at, *proposed]
            )
        except AWAY as error:
            log.info("leases.away", error=type(error).__name__)
            return list(pairs)
        return [pairs[place - 1] for place in places]

    async def settle(self, confirmed: Sequence[Pair], refused: Sequence[Pair]) -> None:
        """Tell what became of claimed pairs: confirmed ones count for those who have read too early to know."""
        over = [str(pair.conversation) for pair in (*confirmed, *refused)]
        if not over:
            return
        try:
            (clock,) = await self._wire.run([("TIME",)])
            now = _milliseconds(clock)
            scores = [word for chat, agent in confirmed for word in (now, f"{chat}:{agent}")]
            settled: list[Command] = [("ZADD", SETTLED, *scores)] if scores else []
            await self._wire.run([*settled, ("HDEL", LEASES, *over)])
        except AWAY as error:
            log.info("leases.away", error=type(error).__name__)


def _milliseconds(clock: tuple[int, int]) -> int:
    """Redis' TIME in milliseconds."""
    return clock[0] * 1000 + clock[1] // 1000
