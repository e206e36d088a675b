"""The passive reply: all answers of a turn as the one text that the body of WeChat's own request may carry.

What is longer is not cut: it is pushed, in parts that end with sentences.
"""

from collections.abc import Sequence

from channels.door import Message, as_numbered_list
from channels.weixin.pieces import BETWEEN, LIMIT
from channels.weixin.texts import clean, size

BYTES_PER_CHARACTER = 4

TEXT = (
    "<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName>"
    "<CreateTime>%d</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[%s]]></Content></xml>"
)


def merged(replies: Sequence[Message]) -> str:
    """The answers below each other, choices as numbered lists; empty where that is more than one body carries."""
    text = BETWEEN.join([part for reply in replies if (part := as_numbered_list(reply.text, reply.choices))])
    return text if len(text) * BYTES_PER_CHARACTER <= LIMIT or size(text) <= LIMIT else ""


def render(to: str, sender: str, created: int, text: str) -> str:
    """The document of a text reply.

    Args:
        to: the customer's openid.
        sender: the original id of our account.
        created: seconds since 1970; stored with the reply, so that retries get the very same document.
        text: anything, within the limit.
    """
    return TEXT % (to, sender, created, clean(text))
