"""Reads an uploaded file within limits of size, time and number; the only place that takes multipart bodies."""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import BadHttpMessage

from channels.door import Busy, Malformed

SECONDS = 120.0
"""For one whole upload."""
SILENCE = 15.0
"""Seconds without a byte after which an upload has been given up."""
AT_ONCE = 16
"""Uploads that one process reads at the same time: each is held in memory."""
ENVELOPE = 16 * 1024
"""Bytes that a multipart body may have around its file."""
MOST_PARTS = 4
CHUNK = 64 * 1024
LONGEST_NAME = 255
FIELD = "file"
"""The name of the part that carries the file."""


class Upload(NamedTuple):
    """A file as it was sent; neither name nor content are to be believed."""

    content: bytes
    name: str


class Uploads:
    """Reads uploads, so many at a time.

    Args:
        limit: bytes that a file may have.
        at_once: beyond so many the next is told to come back.
    """

    def __init__(self, limit: int, at_once: int = AT_ONCE) -> None:
        self._limit = limit
        self._free = at_once

    async def read(self, request: web.Request) -> Upload:
        """Read the file of a request: its part ``file``, or its whole body with the name in the query.

        Raises:
            Malformed: encoded, too long, too slow, cut off, or without a file.
            Busy: too many are being read.
        """
        if "Content-Encoding" in request.headers:
            raise Malformed("content_encoding", status=415)
        if (request.content_length or 0) > self._limit + ENVELOPE:
            raise Malformed("file_too_large", status=413)
        if not self._free:
            raise Busy
        self._free -= 1
        try:
            async with asyncio.timeout(SECONDS):
                return await self._read(request)
        except TimeoutError:
            raise Malformed("file_too_slow", status=408) from None
        except (ConnectionError, web.RequestPayloadError):
            raise Malformed("file_cut_off") from None
        finally:
            self._free += 1

    async def _read(self, request: web.Request) -> Upload:
        if request.content_type.startswith("multipart/"):
            part = await _part(request)
            return Upload(await self._gathered(_chunks(part)), (part.filename or "")[:LONGEST_NAME])
        content = await self._gathered(request.content.iter_chunked(CHUNK))
        return Upload(content, request.query.get("name", "")[:LONGEST_NAME])

    async def _gathered(self, chunks: AsyncIterator[bytes]) -> bytes:
        content = bytearray()
        while True:
            async with asyncio.timeout(SILENCE):
                chunk = await anext(chunks, None)
            if chunk is None:
                return bytes(content)
            content += chunk
            if len(content) > self._limit:
                raise Malformed("file_too_large", status=413)


async def _part(request: web.Request) -> BodyPartReader:
    """The part that carries the file. Raises: Malformed where there is none."""
    try:
        parts = await request.multipart()
        for _ in range(MOST_PARTS):
            part = await parts.next()
            if isinstance(part, BodyPartReader) and part.name == FIELD:
                if "Content-Transfer-Encoding" in part.headers or "Content-Encoding" in part.headers:
                    raise Malformed("content_encoding", status=415)
                return part
            if part is None:
                break
    except (ValueError, AssertionError, RuntimeError, BadHttpMessage):
        raise Malformed("not_multipart") from None
    raise Malformed("file_missing", status=422)


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    try:
        while chunk := await part.read_chunk(CHUNK):
            yield chunk
    except (ValueError, AssertionError, RuntimeError, BadHttpMessage):
        raise Malformed("not_multipart") from None
