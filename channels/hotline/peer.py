"""The telephone system's side of the wire: builds the signed requests that it posts.

``python -m bot call`` plays a call with it, and the tests call with it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from channels.accounts import HotlineAccount
from channels.hotline.reports import CHANNEL
from channels.webhooks import key_of, sign


@dataclass(frozen=True, slots=True)
class Request:
    """A request to post."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Peer:
    """Signs as the telephone system of one account."""

    account: HotlineAccount

    def report(self, message_id: str, kind: str, at: datetime, **data: object) -> Request:
        """A report of what happened at a time (aware), sent at that time."""
        timestamp = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        body = json.dumps({"type": kind, "timestamp": timestamp, "data": data}, ensure_ascii=False).encode()
        return self.signed(message_id, body, sent=int(at.timestamp()))

    def signed(self, message_id: str, body: bytes, *, sent: int) -> Request:
        """Any body, signed as sent at some seconds since 1970."""
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(sent),
            "webhook-signature": sign(key_of(self.account.secret), message_id, sent, body),
        }
        return Request(f"/channels/{CHANNEL}/{self.account.name}/events", headers, body)
