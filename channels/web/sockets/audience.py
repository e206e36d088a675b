"""An audience is everyone who follows one contact's thread over a socket of this process."""

import asyncio

from channels.door import Address
from channels.web.house import Head, News
from channels.web.sockets.reader import Reader, Wish


class Audience:
    """The readers of one contact's thread."""

    __slots__ = ("address", "due", "head", "hints", "readers", "reading", "users")

    def __init__(self, address: Address) -> None:
        self.address = address
        self.readers: set[Reader] = set()
        self.users = 0
        """Readers, and those that are still catching up."""
        self.hints = 0
        """Counts the hints, so that somebody who reads can tell whether one came meanwhile."""
        self.due: set[News] = set()
        self.reading: asyncio.Task[None] | None = None
        self.head: Head | None = None

    def give(self, frame: bytes, wish: Wish = Wish.NOTHING) -> None:
        """Send a frame to everyone who wishes to hear such."""
        for reader in self.readers:
            if wish in reader.wishes:
                reader.cable.give(frame)

    def wishes(self, wish: Wish) -> bool:
        """Whether anyone wants to hear of this."""
        return any(wish & reader.wishes for reader in self.readers)

    def misses(self, head: Head) -> bool:
        """Whether the thread has moved on since it was last looked at."""
        if self.head is None and not self.wishes(Wish.STANDING | Wish.RECEIPTS):
            return any(reader.seen < head.seq for reader in self.readers)
        return head != self.head or (head.queued and self.wishes(Wish.STANDING))
