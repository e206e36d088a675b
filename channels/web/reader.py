"""A reader is one open socket, seen from our side: what it has been sent, what it wishes to hear of, and its wire."""

import asyncio
from enum import Flag, auto

from aiohttp import web

from channels.door import Malformed
from channels.web.house import Standing

SEND_SECONDS = 10.0
"""How long a reader may take for one frame of its backlog."""
MOST_WAITING = 256 * 1024
"""Bytes that may wait for a reader; one that is further behind is cut off, and catches up when it comes back."""
_TEXT = 0x81
"""First byte of an unfragmented text frame (RFC 6455 §5.2)."""


class Wish(Flag):
    """What a client asked in its hello to hear of besides messages."""

    NOTHING = 0
    STANDING = auto()
    TYPING = auto()
    RECEIPTS = auto()


class Reader:
    """One socket.

    Args:
        socket: prepared.
        transport: its connection.
        token: of its session.
        seen: the ``seq`` of the newest message that the client has.
        wishes: what else it wants to hear of.
    """

    __slots__ = ("heard", "seen", "socket", "standing", "token", "transport", "wishes")

    def __init__(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport, *, token: str, seen: int, wishes: Wish
    ) -> None:
        self.socket = socket
        self.transport = transport
        self.token = token
        self.seen = seen
        self.wishes = wishes
        self.standing: Standing | None = None
        """What it has been told of who has the word."""
        self.heard = 0
        """Up to which of its messages it has been told that the desk has read."""

    async def send(self, text: str) -> None:
        """Send a frame and wait until the reader keeps up.

        Raises:
            Malformed: the reader is too slow.
            ConnectionError: it has gone.
        """
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self.socket.send_str(text)
        except TimeoutError:
            raise Malformed("reader_too_slow") from None

    def give(self, frame: bytes) -> None:
        """Put a whole frame on the wire, or cut off a reader that does not keep up. Never blocks, never fails."""
        transport = self.transport
        if transport.get_write_buffer_size() > MOST_WAITING:
            transport.abort()
        elif not transport.is_closing():
            transport.write(frame)


def encode(text: str) -> bytes:
    """A text as one frame from server to client, which is never masked: the same bytes for every reader."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        return bytes((_TEXT, size)) + payload
    if size < 65_536:
        return bytes((_TEXT, 126)) + size.to_bytes(2, "big") + payload
    return bytes((_TEXT, 127)) + size.to_bytes(8, "big") + payload
