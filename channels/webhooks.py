"""Who sent a webhook: HMAC-SHA-256 over id, timestamp and body (Standard Webhooks 1.0, symmetric signatures)."""

import base64
import binascii
import hmac
from collections.abc import Iterable

from channels.door import Malformed

PREFIX = "whsec_"
VERSION = "v1,"
FRESH_SECONDS = 300
MOST_SIGNATURES = 16
"""A sender that changes its key signs with both; nobody has so many."""


def key_of(secret: str) -> bytes:
    """The key that a secret such as ``whsec_…`` stands for.

    Raises:
        ValueError: what follows the prefix is no base64, or nothing.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a secret is whsec_ and base64") from error
    if not key:
        raise ValueError("a secret is whsec_ and base64")
    return key


def sign(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature as the header carries it."""
    signed = b".".join([message_id.encode(), str(timestamp).encode(), body])
    return VERSION + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def require(given: Iterable[str], key: bytes, *, message_id: str, timestamp: int, body: bytes) -> None:
    """Let only the holder of the key pass; any one of the given signatures will do.

    Raises:
        Malformed: none of them is right.
    """
    right = sign(key, message_id, timestamp, body).encode()
    matches = [hmac.compare_digest(right, one.encode("utf-8", "replace")) for one in given]
    if not any(matches):
        raise Malformed("signature_wrong", status=403)


def require_fresh(timestamp: str, now: float) -> int:
    """The timestamp in seconds since 1970, if the request is of the last minutes.

    Raises:
        Malformed: the request is old, from the future, or not dated.
    """
    if not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > 12 or str(int(timestamp)) != timestamp:
        raise Malformed("timestamp_unreadable", status=403)
    if abs(int(timestamp) - now) > FRESH_SECONDS:
        raise Malformed("timestamp_stale", status=403)
    return int(timestamp)
