"""Pushes the messages of a turn as customer-service messages: texts in parts, files, and choices as a menu to tap."""

from collections.abc import Mapping
from functools import partial

from channels.accounts import WechatAccount
from channels.door import Outbound, TryAgain, Undeliverable
from channels.wechat.calls.api import Api, Refused, TooLong
from channels.wechat.calls.media import upload
from channels.wechat.calls.verdicts import MEDIA_GONE
from channels.weixin.files import Uploads
from channels.weixin.pieces import Piece, pieces
from channels.weixin.texts import size, split

SMALLEST_PART = 300
"""Bytes; a part of this size that is still too long is too long for another reason."""


async def push(api: Api, uploads: Uploads, account: WechatAccount, outbound: Outbound) -> str:
    """Send everything in as few messages as the platform takes.

    Returns:
        WeChat's id of the last message, empty where it tells none.

    Raises:
        TryAgain: not taken now; unsure also where a part has arrived, because a repeat would say it again.
        Undeliverable: never to be taken, or nothing to send.
    """
    waiting = pieces(outbound.messages, uploads.forms)
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


async def _send(api: Api, uploads: Uploads, account: WechatAccount, to: str, piece: Piece) -> str:
    if piece.file is None:
        return await api.push(account, customer_message(to, piece))
    form = uploads.forms.of(piece.file).name
    uploaded = partial(uploads.media_id, account.app_id, piece.file, partial(upload, api, account))
    media_id = await uploaded()
    try:
        body = {"touser": to, "msgtype": form, form: {"media_id": media_id}}
        return await api.push(account, body, useful=frozenset({MEDIA_GONE}))
    except Refused:
        # It has expired earlier than told: what has just been uploaded anew is refused for another reason.
        uploads.forget(account.app_id, piece.file)
        media_id = await uploaded()
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
