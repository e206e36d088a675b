"""Asks a virus scanner about a file: clamd, by its own protocol on a socket (docs.clamav.net: clamd, INSTREAM)."""

import asyncio
import struct
from typing import Protocol
from urllib.parse import urlsplit

SECONDS = 30.0
"""For one file."""
CHUNK = 64 * 1024
LONGEST_REPLY = 4096


class ScannerAway(Exception):
    """The scanner does not answer, or not in words that we know: nothing is stored until it does."""


class Scanner(Protocol):
    """Knows viruses."""

    async def finds(self, content: bytes) -> str:
        """The name of the virus in these bytes, empty for none. Raises: ScannerAway."""
        ...


class Clamd:
    """A scanner behind a socket.

    Args:
        address: ``unix:///run/clamav/clamd.ctl`` or ``tcp://host:3310``.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._path = parts.path if parts.scheme == "unix" else ""
        self._host, self._port = parts.hostname or "", parts.port or 3310

    async def finds(self, content: bytes) -> str:
        """The name of the virus in these bytes, empty for none. Raises: ScannerAway."""
        try:
            async with asyncio.timeout(SECONDS):
                reply = await self._ask(content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise ScannerAway(type(error).__name__) from error
        verdict = reply.rstrip(b"\0\n").decode("ascii", "replace").removeprefix("stream: ")
        if verdict == "OK":
            return ""
        if verdict.endswith(" FOUND"):
            return verdict.removesuffix(" FOUND")
        raise ScannerAway("reply")

    async def _ask(self, content: bytes) -> bytes:
        reader, writer = await self._open()
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                part = content[start : start + CHUNK]
                writer.write(struct.pack("!I", len(part)) + part)
                await writer.drain()
            writer.write(struct.pack("!I", 0))
            await writer.drain()
            return await reader.readuntil(b"\0")
        finally:
            writer.close()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._path:
            return await asyncio.open_unix_connection(self._path, limit=LONGEST_REPLY)
        return await asyncio.open_connection(self._host, self._port, limit=LONGEST_REPLY)
