"""A reader is one open socket, seen from our side: what it has been sent, what it wishes to hear of, and its wire."""

from enum import Flag, auto

from channels.web.house import Standing
from channels.web.sockets.wire import Wire


class Wish(Flag):
    """What a client asked in its hello to hear of besides messages."""

    NOTHING = 0
    STANDING = auto()
    TYPING = auto()
    RECEIPTS = auto()


class Reader:
    """One socket.

    Args:
        wire: its connection.
        token: of its session.
        seen: the ``seq`` of the newest message that the client has.
        wishes: what else it wants to hear of.
    """

    __slots__ = ("heard", "seen", "standing", "token", "wire", "wishes")

    def __init__(self, wire: Wire, *, token: str, seen: int, wishes: Wish) -> None:
        self.wire = wire
        self.token = token
        self.seen = seen
        self.wishes = wishes
        self.standing: Standing | None = None
        """What it has been told of who has the word."""
        self.heard = 0
        """Up to which of its messages it has been told that the desk has read."""
