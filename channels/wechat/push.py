"""Pushes the messages of a turn as customer-service messages: texts in parts, choices as a menu to tap."""

from collections.abc import Sequence

from channels.accounts import WechatAccount
from channels.door import Choice, Outbound, TryAgain, Undeliverable
from channels.wechat.api import Api, TooLong
from channels.wechat.replies import BETWEEN, LIMIT
from channels.wechat.texts import size, split

SMALLEST_PART = 300
"""Bytes; a part of this size that is still too long is too long for another reason."""


async def push(api: Api, account: WechatAccount, outbound: Outbound) -> str:
    """Send everything as one message, or as few as the platform takes: each costs one of the contact's quota.

    Returns:
        WeChat's id of the last message, empty where it tells none.

    Raises:
        TryAgain: not taken now; unsure also where a part has arrived, because a repeat would say it again.
        Undeliverable: never to be taken, or nothing to send.
    """
    choices = [choice for message in outbound.messages for choice in message.choices]
    words = BETWEEN.join(message.text for message in outbound.messages if message.text)
    waiting = split(words, LIMIT) or ([""] if choices else [])
    if not waiting:
        raise Undeliverable("empty")
    sent, source_id = 0, ""
    while waiting:
        part = waiting.pop(0)
        try:
            body = customer_message(outbound.address.contact, part, () if waiting else choices)
            source_id = await api.push(account, body)
            sent += 1
        except TooLong:
            waiting[:0] = _smaller(part)
        except TryAgain as failure:
            raise TryAgain(failure.reason, after=failure.after, unsure=failure.unsure or sent > 0) from None
    return source_id


def customer_message(to: str, text: str, choices: Sequence[Choice]) -> dict[str, object]:
    """One message as ``message/custom/send`` takes it; a tapped choice comes back as ``bizmsgmenuid``."""
    if not choices:
        return {"touser": to, "msgtype": "text", "text": {"content": text}}
    menu = {
        "head_content": text,
        "list": [{"id": choice.id, "content": choice.label} for choice in choices],
        "tail_content": "",
    }
    return {"touser": to, "msgtype": "msgmenu", "msgmenu": menu}


def _smaller(part: str) -> list[str]:
    if size(part) <= SMALLEST_PART:
        raise Undeliverable("45002")
    return split(part, max(size(part) // 2 + 3, SMALLEST_PART))
