"""What the form of a survey's page sends, read within limits."""

import asyncio
from unicodedata import category
from urllib.parse import parse_qs

from aiohttp import web
from msgspec import Struct

from channels.door import Malformed

BODY_LIMIT = 16 * 1024
"""Bytes."""
COMMENT_LIMIT = 500
"""Characters of a comment; the rest is cut off."""
READ_SECONDS = 10.0
TYPE = "application/x-www-form-urlencoded"


class Sheet(Struct, frozen=True):
    """A form as it was sent in."""

    stars: int | None
    """1 to 5; None where no face was tapped."""
    comment: str


async def read_sheet(request: web.Request) -> Sheet:
    """Read the form of a request.

    Raises:
        Malformed: of another type, encoded, too long, too slow, cut off, or no form.
    """
    if request.content_type != TYPE or "Content-Encoding" in request.headers:
        raise Malformed("not_a_form", status=415)
    if (request.content_length or 0) > BODY_LIMIT:
        raise Malformed("body_too_long", status=413)
    body = bytearray()
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > BODY_LIMIT:
                    raise Malformed("body_too_long", status=413)
    except TimeoutError:
        raise Malformed("body_too_slow", status=408) from None
    except (ConnectionError, web.RequestPayloadError):
        raise Malformed("body_cut_off") from None
    return sheet(bytes(body))


def sheet(body: bytes) -> Sheet:
    """Parse a form; what is no star or no letter is left out.

    Raises:
        Malformed: no form.
    """
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=10)
    except ValueError:
        raise Malformed("not_a_form") from None
    stars = fields.get("stars", [""])[0]
    return Sheet(int(stars) if stars in ("1", "2", "3", "4", "5") else None, _clean(fields.get("comment", [""])[0]))


def _clean(text: str) -> str:
    """A comment without control characters, as long as it may be."""
    kept = (letter for letter in text.replace("\r\n", "\n") if letter == "\n" or category(letter) != "Cc")
    return "".join(kept).strip()[:COMMENT_LIMIT]
