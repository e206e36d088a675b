"""How fast a client talks over its socket, and where that ends."""

from channels.door import Malformed

MOST_FRAMES = 120
"""Frames after the hello that a client may send within 30 s: four a second."""
MOST_MEANINGLESS = 30
"""Frames among them that mean nothing."""
WINDOW_SECONDS = 30.0
TYPING_SECONDS = 1.0
"""The least time between two hints that a customer writes; those in between mean nothing more."""


class Pace:
    """How fast a client talks."""

    __slots__ = ("heard", "meaningless", "since", "typed")

    def __init__(self) -> None:
        self.since = self.typed = float("-inf")
        self.heard = self.meaningless = 0

    def count(self, now: float, *, meant: bool) -> None:
        """Count a frame. Raises: Malformed when there are too many."""
        if now - self.since > WINDOW_SECONDS:
            self.since, self.heard, self.meaningless = now, 0, 0
        self.heard += 1
        self.meaningless += not meant
        if self.heard > MOST_FRAMES or self.meaningless > MOST_MEANINGLESS:
            raise Malformed("too_many_frames")

    def may_type(self, now: float) -> bool:
        """Whether it is time for another hint that the customer writes."""
        if now - self.typed < TYPING_SECONDS:
            return False
        self.typed = now
        return True
