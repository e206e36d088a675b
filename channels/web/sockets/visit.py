"""A visit is one client on a socket, from its hello to its end; it lives by what comes, without a task of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_

import structlog
from aiohttp import WSCloseCode

from channels.door import Address, Busy, Malformed
from channels.web.bodies import as_object, parse_receipts
from channels.web.house import Reaches
from channels.web.sockets.audiences import Audiences
from channels.web.sockets.cable import Cable
from channels.web.sockets.frames import Frame, Kind, text_of
from channels.web.sockets.pace import Pace
from channels.web.sockets.reader import Reader, Wish

HELLO_SECONDS = 10.0
MOST_EARLY = 16
"""Frames that a client may send before it has been let in."""
TOKEN_UNKNOWN = 4401
"""The close code that tells a client to open a new session."""

log = structlog.get_logger()

WISHES = {"standing": Wish.STANDING, "typing": Wish.TYPING, "receipts": Wish.RECEIPTS}
"""What a hello may ask for, by the name of its field."""

Find = Callable[[str, str], Awaitable[Address | None]]


@dataclass(frozen=True, slots=True)
class Hello:
    """Who a client is, and what it has seen already."""

    token: str
    after: int
    wishes: Wish


@dataclass(frozen=True, slots=True)
class Hall:
    """What all visits of a door share."""

    audiences: Audiences
    reaches: Reaches
    find: Find
    """The contact of a token for an account."""
    arrived: Callable[[Address, int], None]
    """Told up to which message a client has all."""
    forget: Callable[["Visit"], None]
    """Told that a client has gone."""


def parse_hello(text: str) -> Hello:
    """Read the first frame.

    Raises:
        Malformed: it is not a hello.
    """
    body = as_object(text)
    token, after = body.get("token"), body.get("after_seq", 0)
    if body.get("type") != "hello" or not isinstance(token, str):
        raise Malformed("hello_missing")
    if isinstance(after, bool) or not isinstance(after, int) or not 0 <= after < 2**63:
        raise Malformed("after_seq_invalid")
    wishes = [wish for name, wish in WISHES.items() if body.get(name) is True]
    return Hello(token, after, reduce(or_, wishes, Wish.NOTHING))


class Visit:
    """One client, from its hello to its end.

    Args:
        hall: what all visits share.
        account: whose address it asked for.
    """

    __slots__ = ("_account", "_address", "_early", "_greeting", "_hall", "_pace", "_reader", "_timer", "cable")

    cable: Cable

    def __init__(self, hall: Hall, account: str) -> None:
        self._hall = hall
        self._account = account
        self._address: Address | None = None
        self._reader: Reader | None = None
        self._pace: Pace | None = None
        self._early: list[Frame] | None = None
        """What came before the client had been let in."""
        self._greeting: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = asyncio.get_running_loop().call_later(HELLO_SECONDS, self._too_late)

    def hear(self, frame: Frame) -> None:
        """Take a frame; raises Malformed where it is no hello, or when the client talks too much."""
        if self._timer is not None and frame.kind is not Kind.PING:
            if frame.kind is not Kind.TEXT:
                raise Malformed("hello_missing")
            hello = parse_hello(text_of(frame.payload))
            self._timer.cancel()
            self._timer = None
            self._greeting = asyncio.create_task(self._greet(hello), name="socket.hello")
        elif self._reader is None:
            self._keep(frame)
        else:
            self._take(frame)

    def leave(self) -> None:
        """The client has gone."""
        if self._timer is not None:
            self._timer.cancel()
        if self._greeting is not None:
            self._greeting.cancel()
        if self._reader is not None and self._address is not None:
            self._hall.audiences.leave(self._address, self._reader)
        self._hall.forget(self)

    def _too_late(self) -> None:
        self._refuse(Malformed("hello_too_late"))

    def _refuse(self, refused: Malformed) -> None:
        log.info("web.socket_refused", reason=refused.reason)
        self.cable.close(_code(refused), refused.reason)

    async def _greet(self, hello: Hello) -> None:
        """Let the client in: find out who it is, and bring it up to date."""
        try:
            address = await self._hall.find(hello.token, self._account)
            if address is None:
                raise Malformed("token_unknown")
            reader = Reader(self.cable, token=hello.token, seen=hello.after, wishes=hello.wishes)
            self._hall.arrived(address, hello.after)
            await self._hall.audiences.join(address, reader)
            self._address, self._reader, self._greeting = address, reader, None
            self._catch_up()
        except Malformed as refused:
            self._refuse(refused)
        except Busy:
            self.cable.close(WSCloseCode.TRY_AGAIN_LATER)
        except ConnectionError:
            self.cable.transport.abort()

    def _keep(self, frame: Frame) -> None:
        """Keep what a client says before it has been let in. Raises: Malformed where it is too much."""
        early = self._early = self._early or []
        early.append(frame)
        if len(early) > MOST_EARLY:
            raise Malformed("too_many_frames")

    def _catch_up(self) -> None:
        early, self._early = self._early, None
        for frame in early or ():
            self._take(frame)

    def _take(self, frame: Frame) -> None:
        """Take a frame of a client that has been let in; raises Malformed when it talks too much."""
        now = asyncio.get_running_loop().time()
        pace = self._pace = self._pace or Pace()
        meant = frame.kind is Kind.PING
        if frame.kind is Kind.TEXT:
            meant = self._understand(text_of(frame.payload), pace, now)
        pace.count(now, meant=meant)

    def _understand(self, text: str, pace: Pace, now: float) -> bool:
        """Do what a frame says; whether it meant anything."""
        assert self._address is not None
        try:
            body = as_object(text)
            kind = body.get("type")
            if kind == "receipts":
                told = parse_receipts(body)
                self._hall.reaches.hint(self._address, delivered=told.delivered, read=told.read)
                return True
        except Malformed:
            return False
        if kind == "typing":
            if pace.may_type(now):
                self._hall.reaches.typing(self._address)
            return True
        return False


def _code(refused: Malformed) -> int:
    return TOKEN_UNKNOWN if refused.reason == "token_unknown" else WSCloseCode.POLICY_VIOLATION
