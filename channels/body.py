"""Reads the body of a request within a limit of bytes and of time."""

import asyncio

from aiohttp import web

from channels.door import Malformed

MOST_BYTES = 64 * 1024


async def read_body(request: web.Request, until: float, *, most: int = MOST_BYTES) -> bytes:
    """The whole body; one that came with its head costs no wait.

    Args:
        request: its body has not been read.
        until: when to give up, in seconds of the loop's clock.
        most: bytes that are read.

    Raises:
        Malformed: too large, compressed, too slow, or broken off.
    """
    if (request.content_length or 0) > most:
        raise Malformed("body_too_large", status=413)
    if "Content-Encoding" in request.headers:
        raise Malformed("body_compressed")
    try:
        if request.content.is_eof():
            return _within_limit(request.content.read_nowait(-1), most)
        async with asyncio.timeout_at(until):
            return await _gather(request, most)
    except TimeoutError:
        raise Malformed("body_too_slow", status=408) from None
    except web.RequestPayloadError:
        raise Malformed("body_broken") from None


async def _gather(request: web.Request, most: int) -> bytes:
    body = bytearray()
    while chunk := await request.content.readany():
        body += chunk
        if len(body) > most:
            break
    return _within_limit(bytes(body), most)


def _within_limit(body: bytes, most: int) -> bytes:
    if len(body) > most:
        raise Malformed("body_too_large", status=413)
    return body
