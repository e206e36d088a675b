"""The gate of one account: lets in what WeCom calls about. A call says only that there is something to fetch."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from channels.accounts import WechatKfAccount
from channels.door import Malformed, Unsupported
from channels.nonces import Nonces
from channels.wechat_kf.party import CHANNEL, NAME
from channels.weixin.envelope import Envelope
from channels.weixin.signature import require, require_fresh
from channels.weixin.xml import read, scalar

EVENT = "kf_msg_or_event"
LONGEST_ECHO = 1024
LONGEST_TOKEN = 128


class Call(NamedTuple):
    """What WeCom calls for."""

    kf: str
    """The ``open_kfid`` whose list has something new."""
    token: str
    """Lets us read it without a limit of pace for ten minutes."""


class Gate:
    """Verifies requests to one account.

    Args:
        account: with its token and key.
        nonces: remembers what has passed.
        clock: the time (aware).

    Raises:
        ValueError: the key is none.
    """

    def __init__(self, account: WechatKfAccount, nonces: Nonces, clock: Callable[[], datetime]) -> None:
        self._name = f"{CHANNEL}:{account.name}"
        self._token = account.token
        self._nonces = nonces
        self._clock = clock
        self._envelope = Envelope(account.corp_id, account.token, account.encoding_aes_key)

    def echo(self, query: Mapping[str, str]) -> bytes:
        """What proves to WeCom that we hold token and key of this URL. Raises: Malformed."""
        echo = query.get("echostr", "")
        if not 0 < len(echo) <= LONGEST_ECHO:
            raise Malformed("echostr_unreadable")
        return self._open(query, echo)

    def open(self, query: Mapping[str, str], body: bytes) -> Call:
        """Read a call; only what was encrypted is looked at, for the rest is not signed.

        Raises:
            Unsupported: about something else.
            Malformed: not theirs, unreadable, or a nonce that came with another call before.
        """
        fields = read(self._open(query, scalar(read(body), "Encrypt")))
        if scalar(fields, "MsgType") != "event" or scalar(fields, "Event") != EVENT:
            raise Unsupported("event_without_meaning")
        call = Call(scalar(fields, "OpenKfId"), scalar(fields, "Token"))
        if NAME.fullmatch(call.kf) is None or len(call.token) > LONGEST_TOKEN:
            raise Malformed("call_unreadable")
        event = f"{call.kf} {call.token} {scalar(fields, 'CreateTime')}"
        if not self._nonces.admit(self._name, query["timestamp"] + query["nonce"], event):
            raise Malformed("nonce_replayed", status=403)
        return call

    def _open(self, query: Mapping[str, str], encrypted: str) -> bytes:
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        require_fresh(timestamp, nonce, self._clock().timestamp())
        require(query.get("msg_signature", ""), self._token, timestamp, nonce, encrypted)
        return self._envelope.open(encrypted)
