"""The web door's socket: a client says who it is and what it has seen, then gets every newer message as it comes.

    client → {"type": "hello", "token", "after_seq"}            the first frame, within 10 s
    server → {"type": "message", "message": MESSAGE}            in the order of seq, none twice
    server → {"type": "standing", "status", "place", "agent"}   only if the hello carried "standing": true
    server → {"type": "typing", "sender": "agent"}              only if it carried "typing": true; holds for 5 s
    server → {"type": "read", "seq"}                            only if it carried "receipts": true
    client → {"type": "receipts", "delivered", "read"}          what has arrived, and what has been seen, up to a seq
    client → {"type": "typing"}                                 while the customer writes; one a second counts

A backlog is read a page at a time, and the next page only when the last one has left: so what waits for a slow reader
is one page, and a reader that does not take it within 10 s is dropped.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from operator import or_

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from channels.door import Address, Busy, Malformed
from channels.web.audiences import Audiences
from channels.web.bodies import BODY_LIMIT, as_object, parse_receipts
from channels.web.house import Reaches, Threads
from channels.web.pace import Pace
from channels.web.reader import Reader, Wish

HEARTBEAT = 20.0
"""Seconds between pings."""
HELLO_SECONDS = 10.0
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
        self._reaches = reaches
        self._arrived = arrived
        self._find = find
        self._audiences = Audiences(threads, reaches, self._check)
        self._open: set[web.WebSocketResponse] = set()
        self._checks: set[asyncio.Task[None]] = set()

    async def serve(self, request: web.Request, account: str) -> web.WebSocketResponse:
        """Serve one client until either side closes."""
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=BODY_LIMIT, compress=False)
        if not socket.can_prepare(request):
            raise Malformed("not_a_socket", status=426)
        await socket.prepare(request)
        self._open.add(socket)
        try:
            await self._greet(request, socket, account)
        except Malformed as refused:
            log.info("web.socket_refused", reason=refused.reason)
            await socket.close(code=_code(refused), message=refused.reason.encode())
        except Busy:
            await socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
        except ConnectionError:
            pass
        finally:
            self._open.discard(socket)
        return socket

    async def close(self) -> None:
        """Close all sockets: the process is about to stop."""
        await self._audiences.close()
        closings = [socket.close(code=WSCloseCode.GOING_AWAY) for socket in self._open]
        await asyncio.gather(*closings, *self._checks, return_exceptions=True)

    async def _greet(self, request: web.Request, socket: web.WebSocketResponse, account: str) -> None:
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                first = await socket.receive()
        except TimeoutError:
            raise Malformed("hello_too_late") from None
        if first.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
            return
        if first.type is not WSMsgType.TEXT:
            raise Malformed("hello_missing")
        hello = parse_hello(first.data)
        address = await self._find(hello.token, account)
        if address is None:
            raise Malformed("token_unknown")
        transport = request.transport
        if transport is None:
            return
        reader = Reader(socket, transport, token=hello.token, seen=hello.after, wishes=hello.wishes)
        self._arrived(address, hello.after)
        await self._audiences.join(address, reader)
        try:
            await self._listen(socket, address)
        finally:
            self._audiences.leave(address, reader)

    async def _listen(self, socket: web.WebSocketResponse, address: Address) -> None:
        """Read until the client closes; raises Malformed when it talks too much."""
        clock, pace = asyncio.get_running_loop(), Pace()
        async for frame in socket:
            now = clock.time()
            meant = frame.type is WSMsgType.TEXT and self._take(address, frame.data, pace, now)
            pace.count(now, meant=meant)

    def _take(self, address: Address, text: str, pace: Pace, now: float) -> bool:
        """Take a frame; whether it meant anything."""
        try:
            body = as_object(text)
            kind = body.get("type")
            if kind == "receipts":
                told = parse_receipts(body)
                self._reaches.hint(address, delivered=told.delivered, read=told.read)
                return True
        except Malformed:
            return False
        if kind == "typing":
            if pace.may_type(now):
                self._reaches.typing(address)
            return True
        return False

    def _check(self, address: Address, reader: Reader) -> None:
        """See whether a reader's session is among those of its contact that have been ended, and close it if so."""
        check = asyncio.create_task(self._close_ended(address, reader), name="socket.check")
        self._checks.add(check)
        check.add_done_callback(self._checks.discard)

    async def _close_ended(self, address: Address, reader: Reader) -> None:
        with suppress(Busy):
            if await self._find(reader.token, address.account) is None:
                await reader.socket.close(code=TOKEN_UNKNOWN, message=b"token_unknown")


def _code(refused: Malformed) -> int:
    return TOKEN_UNKNOWN if refused.reason == "token_unknown" else WSCloseCode.POLICY_VIOLATION
