"""Pushes the messages of a turn as customer-service messages: texts in parts, files, and choices as a menu to tap.

Each costs one of the contact's quota, so texts that follow one another go as one.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from channels.accounts import WechatAccount
from channels.door import Attachment, Choice, Message, Outbound, TryAgain, Undeliverable
from channels.wechat.calls.api import Api, Refused, TooLong
from channels.wechat.calls.media import Uploads, form_of
from channels.wechat.calls.verdicts import MEDIA_GONE
from channels.wechat.replies import BETWEEN, LIMIT
from channels.wechat.texts import size, split
from router.events import Kind

SMALLEST_PART = 300
"""Bytes; a part of this size that is still too long is too long for another reason."""


class Piece(Struct, frozen=True):
    """One message as WeChat will carry it: a text with or without a menu, a link, or a file."""

    text: str = ""
    choices: tuple[Choice, ...] = ()
    link: str = ""
    """Address of the page that the text names."""
    file: Attachment | None = None


async def push(api: Api, uploads: Uploads, account: WechatAccount, outbound: Outbound) -> str:
    """Send everything in as few messages as the platform takes.

    Returns:
        WeChat's id of the last message, empty where it tells none.

    Raises:
        TryAgain: not taken now; unsure also where a part has arrived, because a repeat would say it again.
        Undeliverable: never to be taken, or nothing to send.
    """
    waiting = pieces(outbound.messages)
    if not waiting:
        raise Undeliverable("empty")
    to, sent, source_id = outbound.address.contact, 0, ""
    while waiting:
        piece = waiting.pop(0)
        try:
            source_id = await _send(api, uploads, account, to, piece)
            sent += 1
        except TooLong:
            waiting[:0] = _smaller(piece)
        except TryAgain as error:
            unsure = error.unsure or sent > 0
            raise TryAgain(
                error.reason, after=error.after, unsure=unsure, trouble=error.trouble, all_wait=error.all_wait
            ) from None
    return source_id


def pieces(messages: Sequence[Message]) -> list[Piece]:
    """Messages as WeChat will carry them, in order; the choices of all stand with the last text.

    Raises:
        Undeliverable: a file is of a type that has no way to the customer; nothing has been sent yet.
    """
    choices = tuple(choice for message in messages for choice in message.choices)
    found: list[Piece] = []
    texts: list[str] = []

    def flush() -> None:
        found.extend(Piece(part) for part in split(BETWEEN.join(texts), LIMIT))
        texts.clear()

    for message in messages:
        if message.attachment is not None:
            form_of(message.attachment)
            flush()
            found.append(Piece(file=message.attachment))
        elif link := _link(message):
            flush()
            found.append(link)
            continue
        if message.text:
            texts.append(message.text)
    flush()
    return _with_menu(found, choices)


def _with_menu(found: list[Piece], choices: tuple[Choice, ...]) -> list[Piece]:
    if not choices:
        return found
    last = found[-1] if found else None
    if last is None or last.file is not None or last.link:
        return [*found, Piece(choices=choices)]
    return [*found[:-1], Piece(last.text, choices)]


def _link(message: Message) -> Piece | None:
    """A message that is a title and the address below it."""
    title, _, address = message.text.partition("\n")
    if message.kind is not Kind.LINK or not address.startswith(("https://", "http://")):
        return None
    return Piece(title, link=address.strip())


async def _send(api: Api, uploads: Uploads, account: WechatAccount, to: str, piece: Piece) -> str:
    if piece.file is None:
        return await api.push(account, customer_message(to, piece))
    form = form_of(piece.file).name
    media_id = await uploads.media_id(account, piece.file)
    try:
        body = {"touser": to, "msgtype": form, form: {"media_id": media_id}}
        return await api.push(account, body, useful=frozenset({MEDIA_GONE}))
    except Refused:
        # It has expired earlier than told: what has just been uploaded anew is refused for another reason.
        uploads.forget(account, piece.file)
        media_id = await uploads.media_id(account, piece.file)
        return await api.push(account, {"touser": to, "msgtype": form, form: {"media_id": media_id}})


def customer_message(to: str, piece: Piece) -> Mapping[str, object]:
    """One message without a file, as WeChat takes it; a tapped choice comes back as ``bizmsgmenuid``."""
    if piece.link:
        article = {"title": piece.text, "description": "", "url": piece.link, "picurl": ""}
        return {"touser": to, "msgtype": "news", "news": {"articles": [article]}}
    if not piece.choices:
        return {"touser": to, "msgtype": "text", "text": {"content": piece.text}}
    menu = {
        "head_content": piece.text,
        "list": [{"id": choice.id, "content": choice.label} for choice in piece.choices],
        "tail_content": "",
    }
    return {"touser": to, "msgtype": "msgmenu", "msgmenu": menu}


def _smaller(piece: Piece) -> list[Piece]:
    if piece.file is not None or size(piece.text) <= SMALLEST_PART:
        raise Undeliverable("45002")
    parts = split(piece.text, max(size(piece.text) // 2 + 3, SMALLEST_PART))
    return [*(Piece(part) for part in parts[:-1]), Piece(parts[-1], piece.choices)]
