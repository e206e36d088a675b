"""The web door's socket: a client says who it is and what it has seen, then gets every newer message as it comes.

    client → {"type": "hello", "token", "after_seq"}            the first frame, within 10 s
    server → {"type": "message", "message": MESSAGE}            in the order of seq, none twice
    server → {"type": "standing", "status", "place", "agent"}   only if the hello carried "standing": true
    server → {"type": "typing", "sender": "agent"}              only if it carried "typing": true; holds for 5 s
    server → {"type": "read", "seq"}                            only if it carried "receipts": true
    client → {"type": "receipts", "delivered", "read"}          what has arrived, and what has been seen, up to a seq
    client → {"type": "typing"}                                 while the customer writes; one a second counts

A backlog is read a page at a time, and the next page only when the last one has left: so what waits for a slow reader
is one page, and a reader that does not take it within 10 s is dropped. An idle client has neither a task nor a timer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from operator import or_

import structlog
from aiohttp import WSCloseCode, web

from channels.door import Address, Busy, Malformed
from channels.web.audiences import Audiences
from channels.web.bodies import as_object, parse_receipts
from channels.web.frames import Frame, Kind, text_of
from channels.web.heartbeat import Heartbeat
from channels.web.house import Reaches, Threads
from channels.web.pace import Pace
from channels.web.reader import Reader, Wish
from channels.web.wire import Handed, Wire, accept_of, hand_over

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


class Socket:
    """All open sockets of a door.

    Args:
        threads: reads messages.
        reaches: takes receipts.
        find: the contact of a token for an account.
        arrived: told up to which message a client has all.
    """

    def __init__(
        self, *, threads: Threads, reaches: Reaches, find: Find, arrived: Callable[[Address, int], None]
    ) -> None:
        self.reaches = reaches
        self.arrived = arrived
        self.find = find
        self.audiences = Audiences(threads, reaches, self._check)
        self._heartbeat = Heartbeat()
        self._open: set[Visit] = set()
        self._ended = asyncio.Event()
        self._checks: set[asyncio.Task[None]] = set()

    def serve(self, request: web.Request, account: str) -> web.StreamResponse:
        """Let a client in. Raises: Malformed where it asks for no socket; ConnectionError where it has gone."""
        transport = hand_over(request, accept_of(request))
        visit = Visit(self, account)
        visit.wire = Wire(transport, self._heartbeat, visit)
        transport.set_protocol(visit.wire)
        self._open.add(visit)
        return Handed()

    def forget(self, visit: "Visit") -> None:
        """A client has gone."""
        self._open.discard(visit)
        if not self._open:
            self._ended.set()

    async def close(self) -> None:
        """Close all sockets: the process is about to stop."""
        await self.audiences.close()
        self._ended.clear()
        for visit in list(self._open):
            visit.wire.close(WSCloseCode.GOING_AWAY)
        if self._open:
            await self._ended.wait()
        await asyncio.gather(*self._checks, return_exceptions=True)

    def _check(self, address: Address, reader: Reader) -> None:
        """See whether a reader's session is among those of its contact that have been ended, and close it if so."""
        check = asyncio.create_task(self._close_ended(address, reader), name="socket.check")
        self._checks.add(check)
        check.add_done_callback(self._checks.discard)

    async def _close_ended(self, address: Address, reader: Reader) -> None:
        with suppress(Busy):
            if await self.find(reader.token, address.account) is None:
                reader.wire.close(TOKEN_UNKNOWN, "token_unknown")


class Visit:
    """One client, from its hello to its end.

    Args:
        door: all sockets.
        account: whose address it asked for.
    """

    __slots__ = ("_account", "_address", "_door", "_early", "_greeting", "_pace", "_reader", "_timer", "wire")

    wire: Wire

    def __init__(self, door: Socket, account: str) -> None:
        self._door = door
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
            self._door.audiences.leave(self._address, self._reader)
        self._door.forget(self)

    def _too_late(self) -> None:
        self._refuse(Malformed("hello_too_late"))

    def _refuse(self, refused: Malformed) -> None:
        log.info("web.socket_refused", reason=refused.reason)
        self.wire.close(_code(refused), refused.reason)

    async def _greet(self, hello: Hello) -> None:
        """Let the client in: find out who it is, and bring it up to date."""
        try:
            address = await self._door.find(hello.token, self._account)
            if address is None:
                raise Malformed("token_unknown")
            reader = Reader(self.wire, token=hello.token, seen=hello.after, wishes=hello.wishes)
            self._door.arrived(address, hello.after)
            await self._door.audiences.join(address, reader)
            self._address, self._reader, self._greeting = address, reader, None
            self._catch_up()
        except Malformed as refused:
            self._refuse(refused)
        except Busy:
            self.wire.close(WSCloseCode.TRY_AGAIN_LATER)
        except ConnectionError:
            self.wire.transport.abort()

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
                self._door.reaches.hint(self._address, delivered=told.delivered, read=told.read)
                return True
        except Malformed:
            return False
        if kind == "typing":
            if pace.may_type(now):
                self._door.reaches.typing(self._address)
            return True
        return False


def _code(refused: Malformed) -> int:
    return TOKEN_UNKNOWN if refused.reason == "token_unknown" else WSCloseCode.POLICY_VIOLATION
