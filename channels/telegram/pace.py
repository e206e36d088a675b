"""The pace that Telegram allows: one message a second to one chat, about thirty a second in all.

Each limit is a mark that runs ahead of the clock by ``every`` seconds for each call, and by ``burst`` calls at most.
"""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import NamedTuple, Protocol

MOST = 10_000


class Limit(NamedTuple):
    """So many calls in so much time, for all that shares a key."""

    key: str
    every: float
    """Seconds from one call to the next."""
    burst: int
    """How many may come at once after a rest."""


class Pace(Protocol):
    """Gives calls their places in time."""

    async def reserve(self, limits: Sequence[Limit]) -> float:
        """Take the next place that all limits allow.

        Returns:
            Seconds until then.
        """
        ...


def limits(account: str, chat: str) -> tuple[Limit, Limit]:
    """The limits of a message: 30 in any second over all chats, and one a second in this one."""
    return Limit(f"{account}:{chat}", 1.0, 1), Limit(account, 0.04, 5)


class MemoryPace:
    """The pace of one process.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._marks: dict[str, float] = {}

    async def reserve(self, limits: Sequence[Limit]) -> float:
        """Take the next place that all limits allow; see ``Pace``."""
        now = self._clock()
        if len(self._marks) >= MOST:
            self._marks = {key: mark for key, mark in self._marks.items() if mark > now}
        at = max(now, *(self._marks.get(one.key, 0.0) - (one.burst - 1) * one.every for one in limits))
        for one in limits:
            self._marks[one.key] = max(self._marks.get(one.key, 0.0), at) + one.every
        return at - now
