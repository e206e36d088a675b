"""Hands a stored file to a browser so that it can do no harm there: no guess at its type, no scripts, no copy kept."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from types import MappingProxyType
from urllib.parse import quote

from aiohttp import web
from msgspec import Struct

INLINE = ("image/", "audio/", "video/")
"""Types that a browser shows by itself; everything else is offered for saving, except PDF."""
PDF = "application/pdf"
HEADERS = MappingProxyType({
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Accept-Ranges": "bytes",
})  # fmt: skip
SANDBOX = "default-src 'none'; sandbox"
"""What the file may do if it is opened by itself: nothing."""
PDF_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""The same for PDF, whose viewers do not open in a sandbox; they run no scripts on our origin."""
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


class OpenFile(Struct, frozen=True):
    """A file that may be handed out."""

    name: str
    type: str
    """MIME type, found by a look at the bytes."""
    size: int
    """Bytes."""
    read: Callable[[int, int], AsyncIterator[bytes]]
    """The bytes from the first number up to the second. Raises: OSError where they are not."""


async def serve(request: web.Request, file: OpenFile, more: Mapping[str, str] = MappingProxyType({})) -> web.Response:
    """Answer a request with a file, or with the part that it asks for (RFC 9110, one range).

    Args:
        request: GET.
        file: what its asker may read.
        more: headers of the door.

    Raises:
        OSError: the bytes are not where they should be.
    """
    asked = wanted(request.headers.get("Range", ""), file.size)
    if asked is None:
        return web.Response(status=416, headers={**HEADERS, **more, "Content-Range": f"bytes */{file.size}"})
    start, stop = asked
    headers = {**HEADERS, **more, **_described(file), "Content-Length": str(stop - start)}
    whole = (start, stop) == (0, file.size)
    if not whole:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{file.size}"
    pieces = file.read(start, stop)
    first = await anext(pieces, b"")
    return web.Response(status=200 if whole else 206, headers=headers, body=_rest(first, pieces))


def wanted(header: str, size: int) -> tuple[int, int] | None:
    """The part of a file that a Range header asks for, as start and stop; None for one that is outside it.

    A header that asks for several parts, or that nobody can read, asks for the whole.
    """
    asked = _RANGE.fullmatch(header.strip())
    if asked is None or not (asked[1] or asked[2]):
        return 0, size
    if not asked[1]:
        last = int(asked[2])
        return (max(0, size - last), size) if last else None
    start, stop = int(asked[1]), min(size, int(asked[2]) + 1) if asked[2] else size
    return (start, stop) if start < stop else None


async def _rest(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """All pieces, of which the first has been read already, while the answer could still be another."""
    yield first
    async for piece in pieces:
        yield piece


def _described(file: OpenFile) -> dict[str, str]:
    shown = file.type.startswith(INLINE) or file.type == PDF
    plain = _PLAIN.sub("_", file.name)
    disposition = f"{'inline' if shown else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name)}"
    return {
        "Content-Type": file.type,
        "Content-Disposition": disposition,
        "Content-Security-Policy": PDF_POLICY if file.type == PDF else SANDBOX,
    }
