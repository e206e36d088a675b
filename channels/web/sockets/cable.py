"""The cable of one socket: bytes to frames, pings, back-pressure and the closing; an idle one is two small objects.

aiohttp answers the request that asks for a socket, then hands the connection over: its own socket keeps a task, a
request and their buffers for as long as it is open, four times as much as all that is needed here.
"""

import asyncio
from base64 import b64decode, b64encode
from binascii import Error
from hashlib import sha1
from typing import Protocol

from aiohttp import HttpVersion11, web
from aiohttp.abc import AbstractStreamWriter

from channels.door import Malformed
from channels.web.sockets.frames import BadFrame, Frame, Frames, Kind, close_code, encoded
from channels.web.sockets.heartbeat import Heartbeat

ACCEPTED = (
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n\r\n"
)
MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""RFC 6455 §1.3."""
VERSION = "13"
KEY_BYTES = 16
LIMIT = 64 * 1024
"""Bytes that a client's message may have."""
SEND_SECONDS = 10.0
"""How long a client may take for one frame that is waited for."""
MOST_WAITING = 256 * 1024
"""Bytes that may wait for a client; one that is further behind is cut off, and catches up when it comes back."""
GOODBYE_SECONDS = 2.0
"""How long a client may take to answer a close frame."""
PING = encoded(Kind.PING, b"")


class Visitor(Protocol):
    """Whoever is at the other end, seen from our side."""

    def hear(self, frame: Frame) -> None:
        """Take a text, a binary frame or a ping. Raises: Malformed, and the cable is closed."""
        ...

    def leave(self) -> None:
        """The cable has ended."""
        ...


class Cable(asyncio.Protocol):
    """One socket.

    Args:
        transport: its connection.
        heartbeat: pings it.
        visitor: hears what comes.
    """

    __slots__ = ("_drained", "_frames", "_heartbeat", "_visitor", "alive", "closing", "transport")

    def __init__(self, transport: asyncio.Transport, heartbeat: Heartbeat, visitor: Visitor) -> None:
        self.transport = transport
        self.alive = True
        """Whether anything has come since the last ping."""
        self.closing = False
        self._frames = Frames(LIMIT)
        self._heartbeat = heartbeat
        self._visitor = visitor
        self._drained: asyncio.Future[None] | None = None
        heartbeat.add(self)

    def data_received(self, data: bytes) -> None:
        """Take bytes of the client."""
        self.alive = True
        try:
            for frame in self._frames.feed(data):
                self._take(frame)
        except BadFrame as bad:
            self.close(bad.code)
        except Malformed as refused:
            self.close(1008, refused.reason)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended, one way or the other."""
        self._heartbeat.remove(self)
        self.resume_writing()
        self._visitor.leave()

    def pause_writing(self) -> None:
        """The client does not keep up."""
        if self._drained is None:
            self._drained = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """The client has caught up."""
        if self._drained is not None:
            if not self._drained.done():
                self._drained.set_result(None)
            self._drained = None

    async def send(self, frame: bytes) -> None:
        """Send a frame and wait until the client keeps up.

        Raises:
            Malformed: it is too slow.
            ConnectionError: it has gone.
        """
        if self.transport.is_closing():
            raise ConnectionResetError
        self.transport.write(frame)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                while self._drained is not None:
                    await asyncio.shield(self._drained)
        except TimeoutError:
            raise Malformed("reader_too_slow") from None

    def give(self, frame: bytes) -> None:
        """Put a whole frame on the cable, or cut off a client that does not keep up. Never blocks, never fails."""
        transport = self.transport
        if transport.get_write_buffer_size() > MOST_WAITING:
            transport.abort()
        elif not (self.closing or transport.is_closing()):
            transport.write(frame)

    def ping(self) -> None:
        """Ask whether the client is there; one that has been silent since the last time is cut off."""
        if not self.alive:
            self.transport.abort()
            return
        self.alive = False
        self.give(PING)

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye, and hang up when the client has answered or does not answer."""
        if not (self.closing or self.transport.is_closing()):
            self.give(encoded(Kind.CLOSE, code.to_bytes(2, "big") + reason.encode()))
            self.closing = True
            asyncio.get_running_loop().call_later(GOODBYE_SECONDS, self.transport.abort)

    def _take(self, frame: Frame) -> None:
        match frame.kind:
            case Kind.CLOSE:
                code = close_code(frame.payload)
                self.give(encoded(Kind.CLOSE, code.to_bytes(2, "big")))
                self.closing = True
                self.transport.close()
            case Kind.PONG:
                pass
            case _ if self.closing:
                pass
            case _:
                if frame.kind is Kind.PING:
                    self.give(encoded(Kind.PONG, frame.payload))
                self._visitor.hear(frame)


class Handed(web.StreamResponse):
    """The answer to a request whose connection is no longer aiohttp's: nothing is left to be written."""

    @property
    def prepared(self) -> bool:
        """All that is to be said has been."""
        return True

    async def prepare(self, _request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Write nothing."""
        return None

    async def write_eof(self, _data: bytes = b"") -> None:
        """Write nothing."""


def accept_of(request: web.Request) -> str:
    """What answers a request for a socket (RFC 6455 §4.2). Raises: Malformed where it asks for none, or wrongly."""
    headers = request.headers
    tokens = {token.strip().lower() for token in headers.get("Connection", "").split(",")}
    asked = headers.get("Upgrade", "").strip().lower() == "websocket" and "upgrade" in tokens
    key = headers.get("Sec-WebSocket-Key", "")
    try:
        proper = len(b64decode(key, validate=True)) == KEY_BYTES
    except (Error, ValueError):
        proper = False
    if not (asked and proper and headers.get("Sec-WebSocket-Version") == VERSION and request.version >= HttpVersion11):
        raise Malformed("not_a_socket", status=426)
    return b64encode(sha1(key.encode() + MAGIC, usedforsecurity=False).digest()).decode()


def hand_over(request: web.Request, accept: str) -> asyncio.Transport:
    """Answer with the upgrade and take the connection away from aiohttp, for which it has ended.

    The caller sets the transport's protocol before anything else runs.

    Raises:
        ConnectionError: the client has gone.
    """
    transport = request.transport
    if transport is None or transport.is_closing():
        raise ConnectionResetError
    handler = request.protocol
    handler.transport = None  # So that its end does not end the connection.
    handler.connection_lost(None)
    transport.write(ACCEPTED.format(accept).encode())
    return transport
