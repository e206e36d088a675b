"""A gate before a server on a unix socket: a test shuts it, and the server is gone for whoever goes through it."""

import asyncio
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit


class Gate:
    """Passes bytes between a socket of its own and Redis.

    Args:
        redis_url: the real server.
        path: where the gate's own socket is made.
    """

    def __init__(self, redis_url: str, path: Path) -> None:
        self._behind = urlsplit(redis_url)
        self._path = path
        self._passing: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.url = f"unix://{path}?{self._behind.query}"

    async def open(self) -> None:
        """Let through."""
        self._server = await asyncio.start_unix_server(self._pass, self._path)

    async def shut(self) -> None:
        """Cut every connection and take no new one."""
        assert self._server is not None
        self._server.close()
        self._path.unlink(missing_ok=True)
        for writer in self._passing:
            writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind_reader, behind_writer = await self._connect()
        self._passing |= {writer, behind_writer}
        with suppress(ConnectionError):
            await asyncio.gather(_carry(reader, behind_writer), _carry(behind_reader, writer))
        self._passing -= {writer, behind_writer}

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._behind.scheme == "unix":
            return await asyncio.open_unix_connection(self._behind.path)
        return await asyncio.open_connection(self._behind.hostname, self._behind.port or 6379)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(65_536):
        writer.write(piece)
        await writer.drain()
    writer.close()
