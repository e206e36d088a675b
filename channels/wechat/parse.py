"""What WeChat pushes becomes an event of ours (developers.weixin.qq.com: receiving standard messages and events)."""

import re
from datetime import UTC, datetime
from hashlib import blake2b
from typing import NamedTuple

from channels.door import Address, Inbound, Malformed, Unsupported
from channels.wechat.keys import said
from channels.weixin.xml import Fields, legible, read, scalar
from router.events import CustomerEvent, Followed, Kind, Media, Said, Tapped, Unfollowed

CHANNEL = "wechat"
NAME = r"[^\s<>&\[\]\x00-\x1f]{1,128}+"
PARTY = re.compile(NAME)
"""An openid, or the original id of an account: nothing that could end a CDATA section."""
LONGEST_ID = 128
QR_SCENE = "qrscene_"
FORMAT = re.compile(r"[a-z0-9]{1,8}")
WORDS = re.compile(
    r"<xml>[ \t\n]*+"
    rf"<ToUserName><!\[CDATA\[({NAME})\]\]></ToUserName>[ \t\n]*+"
    rf"<FromUserName><!\[CDATA\[({NAME})\]\]></FromUserName>[ \t\n]*+"
    r"<CreateTime>([0-9]{1,11}+)</CreateTime>[ \t\n]*+"
    r"<MsgType><!\[CDATA\[text\]\]></MsgType>[ \t\n]*+"
    r"<Content><!\[CDATA\[([^\]]*+)\]\]></Content>[ \t\n]*+"
    r"<MsgId>([0-9]{1,64}+)</MsgId>[ \t\n]*+"
    r"</xml>[ \t\n]*+"
)
"""A message of words, as WeChat writes it: most of what customers send."""


class Shape(NamedTuple):
    """What a type of message is, and where its words stand."""

    kind: Kind
    words: tuple[str, ...] = ()
    """Children whose texts make up the message, a line each."""
    media: bool = False
    """Whether WeChat keeps a file for it."""


KINDS: dict[str, Shape] = {
    "text": Shape(Kind.TEXT, ("Content",)),
    "image": Shape(Kind.IMAGE, media=True),
    "voice": Shape(Kind.VOICE, ("Recognition",), media=True),
    "video": Shape(Kind.VIDEO, media=True),
    "shortvideo": Shape(Kind.VIDEO, media=True),
    "location": Shape(Kind.LOCATION, ("Label",)),
    "link": Shape(Kind.LINK, ("Title", "Url")),
    "miniprogrampage": Shape(Kind.LINK, ("Title",)),
    "file": Shape(Kind.FILE, media=True),
}
"""Message types."""

TAPS = frozenset({"scan", "scancode_push", "scancode_waitmsg"})
"""Events after which WeChat lets us push for a minute; all others of a menu lead out of the chat."""


def understand(document: bytes, *, account: str) -> tuple[Inbound, str]:
    """Read and understand one message or event, decrypted already.

    A message of words is read by one pattern, which takes a third of the time.

    Args:
        document: what was posted.
        account: the name of our account that it was posted to.

    Returns:
        What it tells, and the original id of our account.

    Raises:
        Unsupported: well-formed, but no word of a customer and nothing that we act on.
        Malformed: it is no document, or a part that must be there is missing or is no scalar.
    """
    text = legible(document)
    if text is not None and (words := WORDS.fullmatch(text)) is not None:
        own, contact, created, content, number = words.groups()
        sent_at = datetime.fromtimestamp(int(created), UTC)
        return Inbound(Address(CHANNEL, account, contact), number, Said(content), sent_at), own
    fields = read(document)
    return parse(fields, account=account), party(fields, "ToUserName")


def parse(payload: Fields, *, account: str) -> Inbound:
    """Understand the fields of one message or event.

    Args:
        payload: the children of the posted document.
        account: the name of our account that it was posted to.

    Raises:
        Unsupported: well-formed, but no word of a customer and nothing that we act on.
        Malformed: a part that must be there is missing or is no scalar.
    """
    kind = scalar(payload, "MsgType")
    if kind == "event":
        event, source_id = _happened(payload)
    else:
        event, source_id = _said(payload, kind)
    contact = party(payload, "FromUserName")
    return Inbound(Address(CHANNEL, account, contact), source_id, event, _sent_at(payload))


def party(payload: Fields, name: str) -> str:
    """The name of one of the two who talk.

    Raises:
        Malformed: it is missing, or is not a name.
    """
    found = scalar(payload, name)
    if PARTY.fullmatch(found) is None:
        raise Malformed("party_unreadable")
    return found


def _said(payload: Fields, kind: str) -> tuple[CustomerEvent, str]:
    """A message of a type that we do not know is kept all the same: a person at the desk will see it."""
    known = KINDS.get(kind)
    source_id = scalar(payload, "MsgId")
    if known is None:
        if not kind or not source_id:
            raise Unsupported("not_a_message")
        return Said("", Kind.OTHER), _short(source_id)
    text = scalar(payload, "Content") if kind == "text" else _words(payload, known)
    media = _media(payload) if known.media else None
    said = Said(text, known.kind, scalar(payload, "bizmsgmenuid"), media=media)
    return said, _short(source_id or _digest(payload))


def _words(payload: Fields, shape: Shape) -> str:
    """The words of a message that is not plain text; a place also by its coordinates, north and east in degrees."""
    lines = [scalar(payload, name) for name in shape.words]
    if shape.kind is Kind.LOCATION:
        lines.append(", ".join(filter(None, (scalar(payload, "Location_X"), scalar(payload, "Location_Y")))))
    return "\n".join(filter(None, lines))


def _media(payload: Fields) -> Media | None:
    """The file that belongs to a message; WeChat names a file's size, and of a voice the format."""
    size, form = scalar(payload, "FileTotalLen"), scalar(payload, "Format").lower()
    name, ref = scalar(payload, "Title"), scalar(payload, "MediaId")
    if not ref and not name:
        return None
    return Media(
        ref,
        name,
        f"audio/{form}" if FORMAT.fullmatch(form) else "",
        int(size) if size.isascii() and size.isdigit() and len(size) < 12 else None,
    )


def _happened(payload: Fields) -> tuple[CustomerEvent, str]:
    """Events carry no id: the moment, the event and its key stand for one (the contact is part of every id)."""
    name, key = scalar(payload, "Event"), scalar(payload, "EventKey")
    source_id = _short(f"{scalar(payload, 'CreateTime')}:{name}:{key}")
    match name.lower():
        case "subscribe":
            return Followed(key.removeprefix(QR_SCENE)), source_id
        case "unsubscribe":
            return Unfollowed(), source_id
        case "click":
            return said(key), source_id
        case tap if tap in TAPS:
            return Tapped(key), source_id
    raise Unsupported("event_without_meaning")


def _sent_at(payload: Fields) -> datetime | None:
    created = scalar(payload, "CreateTime")
    if not created:
        return None
    if len(created) > 11 or not (created.isascii() and created.isdigit()):
        raise Malformed("time_unreadable")
    return datetime.fromtimestamp(int(created), UTC)


def _short(source_id: str) -> str:
    """An id as it is, or its digest where it is too long to be a key."""
    if len(source_id) <= LONGEST_ID:
        return source_id
    return blake2b(source_id.encode(), digest_size=16).hexdigest()


def _digest(payload: Fields) -> str:
    """An id for a message that has none: a retry has the same content."""
    content = "\0".join(f"{name}\0{value}" for name, value in payload.items())
    return blake2b(content.encode(), digest_size=16).hexdigest()
