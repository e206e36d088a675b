"""A breaker: who does not answer several times in a row is left alone for a while."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

FAILURES = 3
REST = timedelta(seconds=30)


@dataclass(slots=True)
class Breaker:
    """Counts failures in a row; after the rest one call may try again."""

    clock: Callable[[], datetime]
    """The time (aware, UTC)."""
    _failures: int = 0
    _rests_until: datetime | None = field(default=None)

    @property
    def closed(self) -> bool:
        """Whether a call may be made now; the one that tries again after a rest holds back all others."""
        if self._failures < FAILURES:
            return True
        now = self.clock()
        if self._rests_until is not None and now < self._rests_until:
            return False
        self._rests_until = now + REST
        return True

    def answered(self) -> None:
        """It works."""
        self._failures, self._rests_until = 0, None

    def failed(self) -> None:
        """It did not."""
        self._failures += 1
        if self._failures >= FAILURES:
            self._rests_until = self.clock() + REST
