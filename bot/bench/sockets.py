"""Clients of a measurement that do nothing but listen on a socket: a bare handshake, one frame, then counting.

They are read by ``epoll`` and not by asyncio, so that what is measured is the server and not its clients.
"""

import base64
import json
import secrets
import select
import socket
from collections.abc import Callable, Iterator, Sequence
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
"""Seconds that all sockets together may be silent."""
CHUNK = 65_536
EVENTS = 4_096


class Listener:
    """One socket.

    Args:
        port: of the server on this machine.
        path: of its socket.
    """

    __slots__ = ("_buffer", "greeted", "sock")

    def __init__(self, port: int, path: str) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port))
        self.greeted = False
        """Whether the server has answered the hello."""
        self._buffer = b""
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        self.sock.sendall(HANDSHAKE.format(path=path, key=key).encode())

    def enter(self, hello: str) -> None:
        """Wait for the upgrade, and say hello."""
        while b"\r\n\r\n" not in self._buffer:
            self._buffer += self.sock.recv(CHUNK) or b"\r\n\r\n"
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        if b" 101 " not in head.partition(b"\r\n")[0]:
            raise RuntimeError(f"no upgrade: {head[:200]!r}")
        self.sock.sendall(masked(hello.encode()))
        self.sock.setblocking(False)

    def texts(self) -> Iterator[bytes]:
        """Read what has come: the texts in it. Pings are answered. Raises: RuntimeError when the server hangs up."""
        data = self.sock.recv(CHUNK)
        if not data:
            raise RuntimeError("the server has hung up")
        self._buffer += data
        while (frame := self._frame()) is not None:
            kind, payload = frame
            if kind == PING:
                self.sock.send(masked(payload, PONG))
            elif kind == CLOSE:
                raise RuntimeError(f"closed by the server: {payload!r}")
            elif kind == TEXT:
                yield payload

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


def masked(payload: bytes, first: int = TEXT) -> bytes:
    """A short frame as a client sends it, masked with zeros."""
    size = len(payload)
    head = bytes((first, 0x80 | size)) if size < 126 else bytes((first, 0xFE)) + size.to_bytes(2, "big")
    return head + bytes(4) + payload


class Crowd:
    """Listeners of one server or of several, all read in one loop.

    Args:
        mark: what a text must hold to count as heard.
    """

    def __init__(self, mark: bytes) -> None:
        self._mark = mark
        self._poll = select.epoll()
        self._listeners: dict[int, Listener] = {}
        self._silent = 0
        """Listeners whose hello has not been answered yet."""
        self._arrivals: list[float] = []

    def grow(self, port: int, path: str, hellos: Sequence[dict[str, object]]) -> None:
        """Open a socket for each of these first frames, and wait until all are answered. Raises: TimeoutError."""
        for at in range(0, len(hellos), AT_ONCE):
            some = [(Listener(port, path), json.dumps(hello)) for hello in hellos[at : at + AT_ONCE]]
            for listener, hello in some:
                listener.enter(hello)
                self._listeners[listener.sock.fileno()] = listener
                self._poll.register(listener.sock, select.EPOLLIN)
                self._silent += 1
            self._turn(0)
        while self._silent:
            self._turn(PATIENCE)

    def hear(self, tell: Callable[[], object], listeners: int) -> list[float]:
        """Have something told to so many; seconds from then until each has heard it. Raises: TimeoutError."""
        self._arrivals = []
        begun = perf_counter()
        tell()
        while len(self._arrivals) < listeners:
            self._turn(PATIENCE)
        return [moment - begun for moment in self._arrivals]

    def stay(self, seconds: float) -> None:
        """Only answer pings for a while."""
        end = perf_counter() + seconds
        while (left := end - perf_counter()) > 0:
            for number, _ in self._poll.poll(left, EVENTS):
                self._read(self._listeners[number])

    def leave(self) -> None:
        """Hang up."""
        self._poll.close()
        for listener in self._listeners.values():
            listener.sock.close()
        self._listeners.clear()

    def _turn(self, patience: float) -> None:
        found = self._poll.poll(patience, EVENTS)
        if patience and not found:
            raise TimeoutError
        for number, _ in found:
            self._read(self._listeners[number])

    def _read(self, listener: Listener) -> None:
        for text in listener.texts():
            if not listener.greeted:
                listener.greeted = True
                self._silent -= 1
            elif self._mark in text:
                self._arrivals.append(perf_counter())
