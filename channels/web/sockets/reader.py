"""A reader is one open socket, seen from our side: what it has been sent, what it wishes to hear of, and its cable."""

from enum import Flag, auto

from channels.web.house import Standing
from channels.web.sockets.cable import Cable


class Wish(Flag):
    """What a client asked in its hello to hear of besides messages."""

    NOTHING = 0
    STANDING = auto()
    TYPING = auto()
    RECEIPTS = auto()


class Reader:
    """One socket.

    Args:
        cable: its connection.
        token: of its session.
        seen: the ``seq`` of the newest message that the client has.
        wishes: what else it wants to hear of.
    """

    __slots__ = ("cable", "heard", "seen", "standing", "token", "wishes")

    def __init__(self, cable: Cable, *, token: str, seen: int, wishes: Wish) -> None:
        self.cable = cable
        self.token = token
        self.seen = seen
        self.wishes = wishes
        self.standing: Standing | None = None
        """What it has been told of who has the word."""
        self.heard = 0
        """Up to which of its messages it has been told that the desk has read."""
