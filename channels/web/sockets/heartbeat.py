"""The heartbeat of all sockets of a process: one timer that goes round, instead of one for each socket."""

import asyncio
from typing import Protocol

SECONDS = 20.0
"""Between two pings of one socket; one that has not answered by the next is cut off."""
SPOKES = 20
"""Parts of a round: so many sockets are pinged at once."""


class Pinged(Protocol):
    """A socket."""

    def ping(self) -> None:
        """Ask whether the client is there. Never blocks, never fails."""
        ...


class Heartbeat:
    """Pings sockets, each once in a round.

    Args:
        seconds: of a round.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._pause = seconds / SPOKES
        self._spokes: list[set[Pinged]] = [set() for _ in range(SPOKES)]
        self._at = 0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, one: Pinged) -> None:
        """Ping a socket from now on, for the first time in a round."""
        self._spokes[self._at].add(one)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._pause, self._turn)

    def remove(self, one: Pinged) -> None:
        """Ping a socket no more."""
        for spoke in self._spokes:
            spoke.discard(one)

    def _turn(self) -> None:
        self._at = (self._at + 1) % SPOKES
        for one in list(self._spokes[self._at]):
            one.ping()
        some = any(self._spokes)
        self._timer = asyncio.get_running_loop().call_later(self._pause, self._turn) if some else None
