"""Frames of a client's socket, read from bytes as they come (RFC 6455): no I/O, and no bytes kept while it is silent.

A client masks each frame; a text may come in several frames, and control frames between them.
"""

from enum import IntEnum
from typing import NamedTuple


class Kind(IntEnum):
    """Opcodes (RFC 6455 §5.2)."""

    MORE = 0x0
    TEXT = 0x1
    BINARY = 0x2
    CLOSE = 0x8
    PING = 0x9
    PONG = 0xA


class Frame(NamedTuple):
    """A whole message or a control frame."""

    kind: Kind
    payload: bytes


class BadFrame(Exception):
    """Bytes that no client should send.

    Args:
        code: the close code that says why: 1002 against the protocol, 1007 no UTF-8, 1009 too long.
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"bad frame: {code}")
        self.code = code


AGAINST_PROTOCOL, NO_TEXT, TOO_LONG = 1002, 1007, 1009
FINAL, RESERVED, OPCODE, MASKED, SIZE = 0x80, 0x70, 0x0F, 0x80, 0x7F
OPCODES = frozenset(Kind)
CONTROL = Kind.CLOSE
"""This opcode and all above it."""
LONGEST_CONTROL = 125
CLOSE_CODES = frozenset({1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014})
OWN_CODES = range(3000, 5000)


class Frames:
    """Reads frames.

    Args:
        limit: bytes that a message may have.
    """

    __slots__ = ("_kind", "_limit", "_needed", "_parts", "_rest")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._rest: bytearray | None = None
        self._needed = 0
        """Bytes of the rest with which it makes sense to look again."""
        self._kind: Kind | None = None
        """Of the message whose frames are still coming."""
        self._parts: bytearray | None = None

    def feed(self, data: bytes) -> list[Frame]:
        """Take bytes; all frames that are complete with them.

        Raises:
            BadFrame: the connection is to be closed.
        """
        if self._rest is not None:
            self._rest += data
            if len(self._rest) < self._needed:
                return []
            data, self._rest = bytes(self._rest), None
        found: list[Frame] = []
        at = 0
        while (end := self._end(data, at)) <= len(data):
            if (frame := self._take(data, at, end)) is not None:
                found.append(frame)
            at = end
        if at < len(data):
            self._rest, self._needed = bytearray(data[at:]), end - at
        return found

    def _end(self, data: bytes, at: int) -> int:
        """Where the frame that begins here ends, or as far as that is known by now."""
        if len(data) - at < 2:
            return at + 2
        self._check(data[at], data[at + 1])
        size, body = data[at + 1] & SIZE, at + 6
        if size > LONGEST_CONTROL:
            length = 2 if size == LONGEST_CONTROL + 1 else 8
            body += length
            if len(data) < at + 2 + length:
                return at + 2 + length
            size = int.from_bytes(data[at + 2 : at + 2 + length], "big")
        if size + len(self._parts or b"") > self._limit:
            raise BadFrame(TOO_LONG)
        return body + size

    def _check(self, first: int, second: int) -> None:
        kind, final = first & OPCODE, first & FINAL
        if first & RESERVED or not second & MASKED or kind not in OPCODES:
            raise BadFrame(AGAINST_PROTOCOL)
        if kind >= CONTROL:
            wrong = not final or second & SIZE > LONGEST_CONTROL
        else:
            wrong = (kind == Kind.MORE) == (self._kind is None)
        if wrong:
            raise BadFrame(AGAINST_PROTOCOL)

    def _take(self, data: bytes, at: int, end: int) -> Frame | None:
        """Read a whole frame; None for a part of a message."""
        kind, final = Kind(data[at] & OPCODE), data[at] & FINAL
        size = data[at + 1] & SIZE
        body = at + 6 + (0 if size <= LONGEST_CONTROL else 2 if size == LONGEST_CONTROL + 1 else 8)
        payload = unmasked(data[body:end], data[body - 4 : body])
        if kind >= CONTROL:
            return Frame(kind, payload)
        if self._kind is None and final:
            return Frame(kind, payload)
        if self._kind is None:
            self._kind, self._parts = kind, bytearray()
        assert self._parts is not None
        self._parts += payload
        if not final:
            return None
        whole = Frame(self._kind, bytes(self._parts))
        self._kind = self._parts = None
        return whole


def unmasked(payload: bytes, mask: bytes) -> bytes:
    """A payload without its mask, or with it."""
    size = len(payload)
    stream = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(stream, "big")).to_bytes(size, "big")


def text_of(payload: bytes) -> str:
    """The text of a frame. Raises: BadFrame where it is no UTF-8."""
    try:
        return payload.decode()
    except UnicodeDecodeError:
        raise BadFrame(NO_TEXT) from None


def close_code(payload: bytes) -> int:
    """The code of a close frame, 1000 where it has none. Raises: BadFrame where it has one that nobody may send."""
    if not payload:
        return 1000
    code = int.from_bytes(payload[:2], "big")
    if len(payload) < 2 or (code not in CLOSE_CODES and code not in OWN_CODES):
        raise BadFrame(AGAINST_PROTOCOL)
    text_of(payload[2:])
    return code


def encoded(kind: Kind, payload: bytes) -> bytes:
    """A frame from server to client, which is never masked: the same bytes for every reader."""
    first, size = FINAL | kind, len(payload)
    if size <= LONGEST_CONTROL:
        return bytes((first, size)) + payload
    if size < 65_536:
        return bytes((first, LONGEST_CONTROL + 1)) + size.to_bytes(2, "big") + payload
    return bytes((first, LONGEST_CONTROL + 2)) + size.to_bytes(8, "big") + payload


def encode(text: str) -> bytes:
    """A text as one frame from server to client."""
    return encoded(Kind.TEXT, text.encode())
