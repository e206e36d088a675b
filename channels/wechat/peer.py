"""WeChat's side of the wire: builds the requests that its servers post, and reads what we answer.

It rests on wechatpy's signature, encryption and reply types, so that the door is held against another's
understanding of the protocol and not against its own.
"""

from typing import NamedTuple
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import xmltodict
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.replies import deserialize_reply
from wechatpy.utils import WeChatSigner

from channels.accounts import Mode, WechatAccount

ORIGINAL = "gh_huiying"
"""The original id that the account goes by in documents."""


class Request(NamedTuple):
    """A request as WeChat sends it."""

    path: str
    """With its query."""
    body: bytes = b""


class Reply(NamedTuple):
    """A passive reply as WeChat reads it."""

    text: str
    created: int
    """Seconds since 1970."""
    to: str


class Peer:
    """A WeChat server in front of one account.

    Args:
        account: signs with its token, and encrypts unless its mode is plain.
    """

    def __init__(self, account: WechatAccount) -> None:
        self._account = account
        self._path = f"/channels/wechat/{account.name}"
        self._crypto = None
        if account.mode is not Mode.PLAIN:
            self._crypto = WeChatCrypto(account.token, account.encoding_aes_key, account.app_id)

    def url_check(self, echo: str, *, now: int, nonce: str) -> Request:
        """The GET with which WeChat checks a URL. ``now`` is in seconds since 1970."""
        return Request(self._signed(now, nonce, echostr=echo))

    def text(self, sender: str, text: str, *, msg_id: str, now: int, nonce: str, choice: str = "") -> Request:
        """A customer's text, or the label of a menu item that they tapped.

        Args:
            sender: the customer's openid.
            text: what they wrote.
            msg_id: WeChat's id; a retry carries the same one.
            now: seconds since 1970.
            nonce: digits.
            choice: the id of the tapped item.
        """
        menu = f"<bizmsgmenuid>{escape(choice)}</bizmsgmenuid>" if choice else ""
        told = f"<Content>{_cdata(text)}</Content><MsgId>{msg_id}</MsgId>{menu}"
        return self.post(_document(sender, "text", told, now), now=now, nonce=nonce)

    def event(self, sender: str, event: str, *, now: int, nonce: str, key: str = "") -> Request:
        """Something that a customer did: subscribe, SCAN, CLICK and so on."""
        told = f"<Event>{_cdata(event)}</Event><EventKey>{_cdata(key)}</EventKey>"
        return self.post(_document(sender, "event", told, now), now=now, nonce=nonce)

    def post(self, document: str, *, now: int, nonce: str) -> Request:
        """Any document, signed, and encrypted unless the mode is plain."""
        if self._crypto is None:
            return Request(self._signed(now, nonce), document.encode())
        encrypted = PrpCrypto(self._crypto.key).encrypt(document, self._account.app_id).decode()
        safe = f"<xml><ToUserName><![CDATA[{ORIGINAL}]]></ToUserName></xml>"
        shown = safe if self._account.mode is Mode.SAFE else document
        body = shown.removesuffix("</xml>") + f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        signature = _signature(self._account.token, str(now), nonce, encrypted)
        return Request(self._signed(now, nonce, encrypt_type="aes", msg_signature=signature), body.encode())

    def read(self, body: bytes) -> Reply | None:
        """What the customer would see of an answer; None for ``success``.

        Raises:
            ValueError: WeChat would show its error banner instead.
            WeChatException: wechatpy's, for a signature or an app id that is not ours.
        """
        if body in (b"success", b""):
            return None
        document = body.decode()
        if self._crypto is not None:
            sealed = xmltodict.parse(document)["xml"]
            signed = sealed["MsgSignature"], sealed["TimeStamp"], sealed["Nonce"]
            document = self._crypto.decrypt_message(sealed, *signed)
        reply = deserialize_reply(document)
        return Reply(reply.content or "", int(reply.time), reply.target)

    def _signed(self, now: int, nonce: str, **more: str) -> str:
        signature = _signature(self._account.token, str(now), nonce)
        return f"{self._path}?" + urlencode({"signature": signature, "timestamp": now, "nonce": nonce, **more})


def _signature(*parts: str) -> str:
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


def _document(sender: str, kind: str, told: str, now: int) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{ORIGINAL}]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>{now}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{told}</xml>"
    )


def _cdata(text: str) -> str:
    return f"<![CDATA[{text}]]>" if "]]>" not in text else escape(text)
