"""Clients of a measurement that do nothing but listen on a socket: a bare handshake, one frame, then counting."""

import asyncio
import base64
import json
import secrets
from collections.abc import Awaitable, Callable
from functools import partial
from time import perf_counter

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
TEXT, CLOSE, PING, PONG = 0x81, 0x88, 0x89, 0x8A
"""First bytes of unfragmented frames (RFC 6455 §5.2)."""
AT_ONCE = 50
"""Handshakes at the same time."""
PATIENCE = 60.0
"""Seconds."""


class Listener(asyncio.Protocol):
    """One socket: it upgrades, says hello, and tells of every text frame.

    Args:
        path: of the socket.
        hello: the first frame's text.
        ready: called when the first frame of the server has come.
        heard: called with each later text frame that holds ``mark`` and the moment of its arrival.
        mark: what a frame must hold to count.
    """

    __slots__ = ("_buffer", "_greeted", "_heard", "_hello", "_mark", "_path", "_ready", "_upgraded", "transport")

    def __init__(
        self, path: str, hello: str, *, ready: Callable[[], None], heard: Callable[[float], None], mark: bytes
    ) -> None:
        self._path = path
        self._hello = hello
        self._ready = ready
        self._heard = heard
        self._mark = mark
        self._buffer = b""
        self._upgraded = self._greeted = False
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        transport.write(HANDSHAKE.format(path=self._path, key=key).encode())

    def data_received(self, data: bytes) -> None:
        """Take a part of the stream."""
        self._buffer += data
        if not self._upgraded and not self._upgrade():
            return
        while (frame := self._frame()) is not None:
            self._take(*frame)

    def _upgrade(self) -> bool:
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return False
        if b" 101 " not in head.partition(b"\r\n")[0]:
            raise RuntimeError(f"no upgrade: {head[:200]!r}")
        assert self.transport is not None
        self.transport.write(masked(self._hello.encode()))
        self._upgraded, self._buffer = True, rest
        return True

    def _frame(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        start, size = 2, buffer[1]
        if size >= 126:
            start = 4 if size == 126 else 10
            size = int.from_bytes(buffer[2:start], "big")
        if len(buffer) < max(start, start + size):
            return None
        self._buffer = buffer[start + size :]
        return buffer[0], buffer[start : start + size]

    def _take(self, kind: int, payload: bytes) -> None:
        assert self.transport is not None
        if kind == PING:
            self.transport.write(masked(payload, PONG))
        elif kind == CLOSE:
            raise RuntimeError(f"closed by the server: {payload!r}")
        elif kind == TEXT and not self._greeted:
            self._greeted = True
            self._ready()
        elif kind == TEXT and self._mark in payload:
            self._heard(perf_counter())


def masked(payload: bytes, first: int = TEXT) -> bytes:
    """A short frame as a client sends it, masked with zeros."""
    size = len(payload)
    head = bytes((first, 0x80 | size)) if size < 126 else bytes((first, 0xFE)) + size.to_bytes(2, "big")
    return head + bytes(4) + payload


class Crowd:
    """Many listeners of one server.

    Args:
        port: of the server on this machine.
        path: of its socket.
        mark: what a frame must hold to count.
    """

    def __init__(self, port: int, path: str, mark: bytes) -> None:
        self._port = port
        self._path = path
        self._mark = mark
        self._listeners: list[Listener] = []
        self._greeted = 0
        self._arrivals: list[float] = []
        self._wanted = 0
        self._complete = asyncio.Event()

    async def grow(self, hellos: list[dict[str, object]]) -> None:
        """Open a socket for each of these first frames, and wait until all are answered. Raises: TimeoutError."""
        slots, wanted = asyncio.Semaphore(AT_ONCE), self._greeted + len(hellos)
        async with asyncio.timeout(PATIENCE + len(hellos) / 50):
            await asyncio.gather(*(self._open(slots, json.dumps(hello)) for hello in hellos))
            while self._greeted < wanted:  # noqa: ASYNC110 - another process works on it
                await asyncio.sleep(0.05)

    async def hear(self, tell: Callable[..., Awaitable[object]], *words: str) -> list[float]:
        """Have something told to all; seconds from then until each has heard it. Raises: TimeoutError."""
        self._arrivals, self._wanted = [], len(self._listeners)
        self._complete.clear()
        begun = perf_counter()
        await tell(*words)
        async with asyncio.timeout(PATIENCE):
            await self._complete.wait()
        return [moment - begun for moment in self._arrivals]

    def leave(self) -> None:
        """Hang up."""
        for listener in self._listeners:
            if listener.transport is not None:
                listener.transport.abort()
        self._listeners.clear()

    async def _open(self, slots: asyncio.Semaphore, hello: str) -> None:
        make = partial(Listener, self._path, hello, ready=self._greet, heard=self._hear, mark=self._mark)
        async with slots:
            _, listener = await asyncio.get_running_loop().create_connection(make, "127.0.0.1", self._port)
            self._listeners.append(listener)

    def _greet(self) -> None:
        self._greeted += 1

    def _hear(self, moment: float) -> None:
        self._arrivals.append(moment)
        if len(self._arrivals) >= self._wanted:
            self._complete.set()
