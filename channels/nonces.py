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
        """Whether a request may pass: its nonce is new, or this is a retry of the same event.

        Args:
            account: whose door was called.
            nonce: all of the signed text that is drawn or dated, so that two requests share it only if one was copied.
            source_id: the event's name among all events of the account.
        """
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
        seen = self.note(account, nonce, source_id)
        return seen is None or seen == source_id

    def seen(self, account: str, nonce: str) -> str | None:
        """The event that a nonce came with, None where it is new."""
        key = (account, nonce)
        return self._young.get(key) or self._old.get(key)

    def note(self, account: str, nonce: str, source_id: str) -> str | None:
        """Remember a nonce; returns the event that it came with before, None where it is new."""
        if len(self._young) >= self._most or self._clock() - self._since >= REMEMBERED_SECONDS:
            self._age()
        key = (account, nonce)
        seen = self._young.get(key) or self._old.get(key)
        if seen is None:
            self._young[key] = source_id
        return seen

    def _age(self) -> None:
        now = self._clock()
        self._old = self._young if now - self._since < 2 * REMEMBERED_SECONDS else {}
        self._young = {}
        self._since = now
