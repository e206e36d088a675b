"""Remembers nonces, so that one captured signature cannot carry a second body."""

from collections.abc import Callable
from time import monotonic
from typing import Protocol

REMEMBERED_SECONDS = 600.0
"""A request dated 300 s ahead is fresh for so long."""
MOST = 400_000


class Nonces(Protocol):
    """The nonces of the last ten minutes."""

    def admit(self, account: str, nonce: str, source_id: str) -> bool:
        """Whether a request may pass: its nonce is new, or this is a retry of the same event."""
        ...


class MemoryNonces:
    """The nonces that this process has seen, in two generations of ten minutes each.

    Args:
        clock: seconds that never go back.
        most: how many to keep; beyond it the older generation is forgotten early.
    """

    def __init__(self, clock: Callable[[], float] = monotonic, *, most: int = MOST) -> None:
        self._clock = clock
        self._most = most // 2
        self._young: dict[tuple[str, str], str] = {}
        self._old: dict[tuple[str, str], str] = {}
        self._since = clock()

    def admit(self, account: str, nonce: str, source_id: str) -> bool:
        """Whether a request may pass: its nonce is new, or this is a retry of the same event."""
        if len(self._young) >= self._most or self._clock() - self._since >= REMEMBERED_SECONDS:
            self._age()
        key = (account, nonce)
        seen = self._young.get(key) or self._old.get(key)
        if seen is not None:
            return seen == source_id
        self._young[key] = source_id
        return True

    def _age(self) -> None:
        now = self._clock()
        self._old = self._young if now - self._since < 2 * REMEMBERED_SECONDS else {}
        self._young = {}
        self._since = now
