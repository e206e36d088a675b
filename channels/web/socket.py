"""The web door's socket: a client says who it is and what it has seen, then gets every newer message as it comes.

    client → {"type": "hello", "token", "after_seq"}            the first frame, within 10 s
    server → {"type": "message", "message": MESSAGE}            in the order of seq, none twice
    server → {"type": "standing", "status", "place", "agent"}   only if the hello carried "standing": true

Messages are read from the thread by sequence, a page at a time, and the next page only when the last one has left: so
what waits for a slow reader is one page, and a reader that does not take it within 10 s is dropped.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from channels.door import Address, Busy, Malformed
from channels.web import answers
from channels.web.bodies import BODY_LIMIT, as_object
from channels.web.house import Standing, Threads
from channels.web.pauses import Pauses

HEARTBEAT = 20.0
"""Seconds between pings."""
HELLO_SECONDS = 10.0
SEND_SECONDS = 10.0
"""How long a reader may take for one frame."""
READ_AGAIN = 10.0
"""Seconds without news after which the thread is read all the same: a hint may have been lost."""
PAGE = 100
MOST_FRAMES = 30
"""Frames after the hello that a client may send within 30 s; none of them means anything."""
WINDOW_SECONDS = 30.0
TOKEN_UNKNOWN = 4401
"""The close code that tells a client to open a new session."""

log = structlog.get_logger()

Find = Callable[[str, str], Awaitable[Address | None]]


@dataclass(frozen=True, slots=True)
class Hello:
    """Who a client is, and what it has seen already."""

    token: str
    after: int
    standing: bool


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
    return Hello(token, after, body.get("standing") is True)


class Socket:
    """All open sockets of a door.

    Args:
        threads: reads messages.
        pauses: where the open sockets wait for news.
        find: the contact of a token for an account.
    """

    def __init__(self, *, threads: Threads, pauses: Pauses, find: Find) -> None:
        self._threads = threads
        self._pauses = pauses
        self._find = find
        self._open: set[web.WebSocketResponse] = set()

    async def serve(self, request: web.Request, account: str) -> web.WebSocketResponse:
        """Serve one client until either side closes."""
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=BODY_LIMIT, compress=False)
        if not socket.can_prepare(request):
            raise Malformed("not_a_socket", status=426)
        await socket.prepare(request)
        self._open.add(socket)
        try:
            await self._greet(socket, account)
        except Malformed as refused:
            log.info("web.socket_refused", reason=refused.reason)
            code = TOKEN_UNKNOWN if refused.reason == "token_unknown" else WSCloseCode.POLICY_VIOLATION
            await socket.close(code=code, message=refused.reason.encode())
        except Busy:
            await socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
        finally:
            self._open.discard(socket)
        return socket

    async def close(self) -> None:
        """Close all sockets: the process is about to stop."""
        closings = [socket.close(code=WSCloseCode.GOING_AWAY) for socket in self._open]
        await asyncio.gather(*closings, return_exceptions=True)

    async def _greet(self, socket: web.WebSocketResponse, account: str) -> None:
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
        await self._talk(socket, address, hello)

    async def _talk(self, socket: web.WebSocketResponse, address: Address, hello: Hello) -> None:
        telling = asyncio.create_task(self._tell(socket, address, hello))
        listening = asyncio.create_task(_listen(socket))
        try:
            await asyncio.wait((telling, listening), return_when=asyncio.FIRST_COMPLETED)
        finally:
            telling.cancel()
            listening.cancel()
            ends = await asyncio.gather(telling, listening, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception) and not isinstance(end, ConnectionError):
                raise end

    async def _tell(self, socket: web.WebSocketResponse, address: Address, hello: Hello) -> None:
        """Send what is new, again and again; it listens before it first reads, so that nothing slips through."""
        with self._threads.watch(address) as changes:
            seen, standing = hello.after, None
            while not self._pauses.closing:
                seen = await self._tell_messages(socket, address, seen)
                if hello.standing:
                    standing = await self._tell_standing(socket, address, standing)
                await self._pauses.pause(changes, READ_AGAIN)

    async def _tell_messages(self, socket: web.WebSocketResponse, address: Address, seen: int) -> int:
        while found := await self._threads.after(address, seen, PAGE):
            for message in found:
                await _send(socket, answers.frame(message))
            seen = found[-1].seq
            if len(found) < PAGE:
                break
        return seen

    async def _tell_standing(
        self, socket: web.WebSocketResponse, address: Address, told: Standing | None
    ) -> Standing | None:
        now = await self._threads.standing(address)
        if now != told:
            await _send(socket, answers.standing_frame(now))
        return now


async def _send(socket: web.WebSocketResponse, text: str) -> None:
    """Raises: Malformed when the reader is too slow; ConnectionError when it has gone."""
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await socket.send_str(text)
    except TimeoutError:
        raise Malformed("reader_too_slow") from None


async def _listen(socket: web.WebSocketResponse) -> None:
    """Read until the client closes; raises Malformed when it talks too much."""
    clock = asyncio.get_running_loop()
    since, heard = clock.time(), 0
    async for _frame in socket:
        if clock.time() - since > WINDOW_SECONDS:
            since, heard = clock.time(), 0
        heard += 1
        if heard > MOST_FRAMES:
            raise Malformed("too_many_frames")
