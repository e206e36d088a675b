"""What the form of a survey's page sends, read within limits."""

import asyncio
from collections.abc import Mapping, Sequence
from unicodedata import category
from urllib.parse import parse_qs

from aiohttp import web
from msgspec import Struct

from channels.door import Malformed
from router.questionnaire.questionnaire import NPS, STARS, Answers

BODY_LIMIT = 16 * 1024
"""Bytes."""
COMMENT_LIMIT = 500
"""Characters of a comment; the rest is cut off."""
MOST_FIELDS = 24
"""A form has one for each question, and one for each reason that was chosen."""
READ_SECONDS = 10.0
TYPE = "application/x-www-form-urlencoded"
SOLVED = {"yes": True, "no": False}


class Sheet(Struct, frozen=True):
    """A form as it was sent in."""

    stars: int | None
    """1 to 5; None where no face was tapped."""
    comment: str
    answers: Answers = Answers()


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
    """Parse a form; what is no star, no letter and no answer is left out.

    Raises:
        Malformed: no form.
    """
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Malformed("not_a_form") from None
    answers = Answers(
        SOLVED.get(fields.get("solved", [""])[0]), tuple(fields.get("reason", ())), _number(fields, "nps", NPS)
    )
    return Sheet(_number(fields, "stars", STARS), _clean(fields.get("comment", [""])[0]), answers)


def _number(fields: Mapping[str, Sequence[str]], name: str, allowed: range) -> int | None:
    """The number of a field as the page writes it; None where it is none of those."""
    return {str(number): number for number in allowed}.get(fields.get(name, [""])[0])


def _clean(text: str) -> str:
    """A comment without control characters, as long as it may be."""
    kept = (letter for letter in text.replace("\r\n", "\n") if letter == "\n" or category(letter) != "Cc")
    return "".join(kept).strip()[:COMMENT_LIMIT]
