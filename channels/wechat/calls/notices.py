"""Notices: messages of a fixed form that may go when no other may, and that lead to a page of ours.

Template messages reach every follower, subscription messages whoever has asked for them
(developers.weixin.qq.com: template messages; subscription notices).
"""

import re
from collections.abc import Mapping

from channels.accounts import Notice, NoticeKind, WechatAccount
from channels.door import Outbound, Undeliverable
from channels.wechat.calls.api import SUBSCRIPTION_PATH, TEMPLATE_PATH, Api
from channels.wechat.calls.verdicts import BEIJING
from channels.weixin.texts import ELLIPSIS

LONGEST = {"thing": 20, "short_thing": 5, "const": 20, "phrase": 5, "name": 10, "character_string": 32}
"""Characters that a field may hold, by the beginning of its name."""
LONGEST_FREE = 200
NUMBERED = re.compile(r"[0-9]+$")
SPACE = re.compile(r"\s+")


def notice_for(account: WechatAccount, outbound: Outbound) -> Notice | None:
    """The notice that can stand for these messages, None where there is none."""
    if not outbound.page:
        return None
    return account.survey_notice if outbound.survey else account.reply_notice


async def notify(api: Api, account: WechatAccount, notice: Notice, outbound: Outbound) -> str:
    """Send a notice that leads to the page of these messages.

    Returns:
        WeChat's id of the notice, empty where it tells none.

    Raises:
        TryAgain: not taken now; unsure where it may have been taken.
        Undeliverable: no follower, no subscription, no such template.
    """
    message: dict[str, object] = {"touser": outbound.address.contact, "template_id": notice.template_id}
    message["data"] = {name: {"value": value} for name, value in filled(notice, outbound).items()}
    if notice.kind is NoticeKind.SUBSCRIPTION:
        return await api.push(account, {**message, "page": outbound.page}, path=SUBSCRIPTION_PATH)
    return await api.push(account, {**message, "url": outbound.page}, path=TEMPLATE_PATH)


def filled(notice: Notice, outbound: Outbound) -> Mapping[str, str]:
    """The fields of a notice, each within what WeChat lets it hold.

    Raises:
        Undeliverable: there is nothing to tell of.
    """
    if not outbound.messages:
        raise Undeliverable("empty")
    said = SPACE.sub(" ", " ".join(message.text for message in outbound.messages if message.text))
    at = outbound.messages[-1].sent_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    return {
        name: _within(name, text.replace("{time}", at).replace("{text}", said)) for name, text in notice.fields.items()
    }


def _within(name: str, text: str) -> str:
    longest = LONGEST.get(NUMBERED.sub("", name), LONGEST_FREE)
    return text if len(text) <= longest else text[: longest - 1] + ELLIPSIS
