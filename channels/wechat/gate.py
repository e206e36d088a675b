"""The gate of one account: lets in what WeChat sent, opens it, and seals what goes back."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from channels.accounts import Mode, WechatAccount
from channels.door import Inbound, Malformed
from channels.nonces import Nonces
from channels.wechat.parse import understand
from channels.wechat.replies import render
from channels.weixin.envelope import Envelope
from channels.weixin.signature import require, require_fresh
from channels.weixin.xml import read, scalar


class Letter(NamedTuple):
    """What has been let in."""

    inbound: Inbound
    own: str
    """The original id of our account, which signs the reply."""
    encrypted: bool
    """Whether it came encrypted, so that the reply must be too."""


class Gate:
    """Verifies requests to one account.

    Args:
        account: with an EncodingAESKey unless its mode is plain.
        nonces: remembers what has passed.
        clock: the time (aware).

    Raises:
        ValueError: a key is needed and missing, or is none.
    """

    def __init__(self, account: WechatAccount, nonces: Nonces, clock: Callable[[], datetime]) -> None:
        if account.mode is not Mode.PLAIN and not account.encoding_aes_key:
            raise ValueError(f"wechat.{account.name}: the mode {account.mode} needs an encoding_aes_key")
        self.name = account.name
        self._plain = account.mode is Mode.PLAIN
        self._token = account.token
        self._nonces = nonces
        self._clock = clock
        self._envelope = (
            Envelope(account.app_id, account.token, account.encoding_aes_key) if account.encoding_aes_key else None
        )

    def check(self, query: Mapping[str, str]) -> None:
        """Check all that can be checked without a body.

        Raises:
            Malformed: 403; the request is not from WeChat, or comes in a mode that the account does not use.
        """
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        require_fresh(timestamp, nonce, self._clock().timestamp())
        encrypted = query.get("encrypt_type") == "aes"
        if not encrypted and not self._plain and "echostr" not in query:
            raise Malformed("unencrypted", status=403)
        if encrypted and self._envelope is None:
            raise Malformed("key_missing", status=403)
        if not encrypted or "signature" in query:
            require(query.get("signature", ""), self._token, timestamp, nonce)

    def open(self, query: Mapping[str, str], body: bytes) -> Letter:
        """Read a request that has passed ``check``.

        In an encrypted request, only what was encrypted is looked at: the rest of the body is not signed.

        Raises:
            Unsupported: theirs, but nothing for us.
            Malformed: not theirs, unreadable, or a nonce that came with another event before.
        """
        encrypted = query.get("encrypt_type") == "aes"
        if encrypted:
            ciphertext = scalar(read(body), "Encrypt")
            require(query.get("msg_signature", ""), self._token, query["timestamp"], query["nonce"], ciphertext)
            assert self._envelope is not None
            body = self._envelope.open(ciphertext)
        inbound, own = understand(body, account=self.name)
        # The id of an event names it within its contact only; the nonce is signed together with the timestamp.
        event = f"{inbound.address.contact} {inbound.source_id}"
        if not self._nonces.admit(self.name, query["timestamp"] + query["nonce"], event):
            raise Malformed("nonce_replayed", status=403)
        return Letter(inbound, own, encrypted)

    def answer(self, letter: Letter, text: str, created: int) -> bytes:
        """The body that answers a letter.

        Args:
            letter: what was let in.
            text: within the limit of a reply.
            created: seconds since 1970, the same for every retry.
        """
        document = render(letter.inbound.address.contact, letter.own, created, text).encode("utf-8", "replace")
        if not letter.encrypted:
            return document
        assert self._envelope is not None
        return self._envelope.seal(document, str(created)).encode()
