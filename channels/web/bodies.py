"""Request bodies of the web door, read within limits and parsed into frozen values."""

import asyncio
import json
from collections.abc import Mapping

from aiohttp import web

from channels.door import Address, Attachment, Inbound, Malformed
from channels.web.house import Reach
from channels.web.languages import known_language
from router.events import Media, Said

BODY_LIMIT = 64 * 1024
"""Bytes."""
TEXT_LIMIT = 4_000
"""Characters."""
ID_LIMIT = 64
"""Characters of a ``client_msg_id`` or a ``choice``."""
READ_SECONDS = 10.0


async def read_json(request: web.Request) -> Mapping[str, object]:
    """Read a body that is a JSON object; an empty body is an empty one.

    Raises:
        Malformed: encoded, too long, too slow, cut off, or not a JSON object in UTF-8.
    """
    if "Content-Encoding" in request.headers:
        raise Malformed("content_encoding", status=415)
    if (request.content_length or 0) > BODY_LIMIT:
        raise Malformed("body_too_long", status=413)
    try:
        async with asyncio.timeout(READ_SECONDS):
            body = await _read(request)
    except TimeoutError:
        raise Malformed("body_too_slow", status=408) from None
    except (ConnectionError, web.RequestPayloadError):
        raise Malformed("body_cut_off") from None
    return as_object(body) if body else {}


async def _read(request: web.Request) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise Malformed("body_too_long", status=413)
    return bytes(body)


def as_object(body: bytes | str) -> Mapping[str, object]:
    """Parse a JSON object.

    Raises:
        Malformed: it is something else, or nested too deep to parse.
    """
    try:
        parsed = json.loads(body.decode() if isinstance(body, bytes) else body)
    except (ValueError, RecursionError):
        raise Malformed("not_json") from None
    if not isinstance(parsed, dict):
        raise Malformed("not_an_object", status=422)
    return parsed


def parse(address: Address, body: Mapping[str, object], file: Attachment | None = None) -> Inbound:
    """What a customer wrote or tapped: ``{"client_msg_id", "text"}`` and, for a tap, ``"choice"``.

    A client that shows its words in one language may name it as ``"language"``, such as ``"en"``: the bot then
    speaks it too.

    Args:
        address: whose word it is.
        body: the request's.
        file: what the body names as ``attachment``; a message with one may be without text.

    Raises:
        Malformed: a field is missing, of another type, too long, or holds what no text can hold.
    """
    client_msg_id = _identifier(body, "client_msg_id")
    choice = _identifier(body, "choice") if body.get("choice") is not None else ""
    text = body.get("text")
    if file is not None and text is None:
        text = ""
    if not isinstance(text, str) or not (text.strip() or file):
        raise Malformed("text_missing", status=422)
    if len(text) > TEXT_LIMIT:
        raise Malformed("text_too_long", status=422)
    if "\0" in text or (not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)):
        raise Malformed("text_unreadable", status=422)
    return Inbound(address, source_id=f"c:{client_msg_id}", event=_said(text, choice, file), language=_language(body))


def _said(text: str, choice: str, file: Attachment | None) -> Said:
    if file is None:
        return Said(text, choice=choice)
    media = Media(file.id, file.name, file.type, file.size)
    return Said(text, file.kind, choice=choice, media=media)


def _language(body: Mapping[str, object]) -> str:
    tag = body.get("language")
    return known_language(tag) if isinstance(tag, str) else ""


def parse_receipts(body: Mapping[str, object]) -> Reach:
    """What a device has got: ``{"delivered", "read"}``, each a ``seq``, one of them may be left out.

    What has been read has been delivered too.

    Raises:
        Malformed: neither is there, or one is no number of a message.
    """
    delivered, read = _seq(body, "delivered"), _seq(body, "read")
    if delivered is None and read is None:
        raise Malformed("receipts_missing", status=422)
    return Reach(delivered=max(delivered or 0, read or 0), read=read or 0)


def _seq(body: Mapping[str, object], field: str) -> int | None:
    value = body.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise Malformed(f"{field}_invalid", status=422)
    return value


def _identifier(body: Mapping[str, object], field: str) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not value:
        raise Malformed(f"{field}_missing", status=422)
    if len(value) > ID_LIMIT or not (value.isascii() and value.isprintable()):
        raise Malformed(f"{field}_invalid", status=422)
    return value
