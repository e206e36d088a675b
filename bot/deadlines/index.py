"""The index of deadlines in Redis: a sorted set of ``id:generation`` by the moment of their next step.

    huiying:{deadlines}:due    zset    member id:generation    score next_at in ms since 1970 (UTC)

PostgreSQL's ledger is the truth; this index only finds what is due without asking it.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.wire import Wire
from router.ledger import Line

DUE = "huiying:{deadlines}:due"


def milliseconds(at: datetime) -> int:
    """A moment as Redis scores it; rounded up, so that nothing is claimed early."""
    return -int(-at.timestamp() * 1000 // 1)


def member(deadline_id: int, generation: int) -> str:
    """How a deadline is called in the index."""
    return f"{deadline_id}:{generation}"


def parts(name: str) -> tuple[int, int]:
    """Id and generation of a member."""
    number, _, generation = name.partition(":")
    return int(number), int(generation)


class DeadlineIndex:
    """Keeps the index in line with what has been committed."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def follow(self, lines: Iterable[Line]) -> None:
        """Arm deadlines for their next steps, and take out those where none is left; each way is one command."""
        armed: list[str | int] = []
        ended: list[str] = []
        for line in lines:
            name = member(line.id, line.generation)
            if line.running and line.next_at is not None:
                armed += (milliseconds(line.next_at), name)
            else:
                ended.append(name)
        if armed:
            self._wire.post("ZADD", DUE, *armed)
        if ended:
            self._wire.post("ZREM", DUE, *ended)

    def forget(self, armed: Iterable[tuple[int, int]]) -> None:
        """Take out deadlines, by id and generation, that were armed before."""
        if names := [member(*one) for one in armed]:
            self._wire.post("ZREM", DUE, *names)

    def arm(self, deadline_id: int, generation: int, next_at: datetime) -> None:
        """Arm a deadline."""
        self._wire.post("ZADD", DUE, milliseconds(next_at), member(deadline_id, generation))

    def lease(self, armed: Iterable[tuple[int, int]], until_ms: int) -> None:
        """Keep deadlines, by id and generation, from other clocks until then; those that are armed no more stay out."""
        self._wire.post("ZADD", DUE, "XX", *(part for one in armed for part in (until_ms, member(*one))))

    def drop(self, deadline_id: int, generation: int) -> None:
        """Take a deadline out."""
        self._wire.post("ZREM", DUE, member(deadline_id, generation))
