"""The gate before one account of a platform: so many calls at once, and none while the platform is failing."""

from dataclasses import dataclass

SLOTS = 8
"""Calls at once to one account, so that a slow platform holds up no other."""
PATIENCE = 5
"""Failures in a row that close the gate."""
FIRST_PAUSE = 5.0
"""Seconds before the first probe; each further one waits twice as long."""
LONGEST_PAUSE = 30.0


@dataclass(slots=True)
class Gate:
    """Calls to one account: a bulkhead and a circuit breaker. Times are seconds of the sender's clock."""

    slots: int = SLOTS
    busy: int = 0
    failures: int = 0
    """In a row."""
    pause: float = 0.0
    probe: float = 0.0
    """When the next call is let through while the gate is closed."""
    held: float = 0.0
    """Until when the platform wants nothing at all from this account."""

    @property
    def closed(self) -> bool:
        """Whether only probes are let through."""
        return self.failures >= PATIENCE

    def free(self, now: float) -> int:
        """How many calls may begin: all free slots, or one probe at a time while the platform is failing."""
        if now < self.held:
            return 0
        if not self.closed:
            return max(0, self.slots - self.busy)
        return 1 if not self.busy and now >= self.probe else 0

    def hold(self, until: float) -> None:
        """The platform has said when it will take something from this account again."""
        self.held = max(self.held, until)

    def passed(self) -> None:
        """The platform answered."""
        self.failures, self.pause = 0, 0.0

    def failed(self, now: float) -> None:
        """The platform did not answer, or not for us."""
        self.failures += 1
        if self.closed:
            self.pause = min(LONGEST_PAUSE, self.pause * 2) or FIRST_PAUSE
            self.probe = now + self.pause
