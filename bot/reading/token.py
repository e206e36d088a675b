"""The token in the address of a reading page: it names one answer, and nobody can make one without the secret key."""

import base64
import binascii
import hashlib
import hmac
import re
import struct

from msgspec import Struct

NUMBERS = struct.Struct(">QQ")
SIGNED = 16
"""Bytes of the signature."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class Place(Struct, frozen=True):
    """Where an answer stands: its contact and its number in the thread."""

    contact_id: int
    seq: int


def token_for(secret_key: bytes, place: Place) -> str:
    """The token that opens the page of this answer."""
    numbers = NUMBERS.pack(place.contact_id, place.seq)
    return base64.urlsafe_b64encode(numbers + _sign(secret_key, numbers)).decode().rstrip("=")


def place_of(secret_key: bytes, token: str) -> Place | None:
    """The answer that a token opens; None for one that is not ours."""
    if _TOKEN.fullmatch(token) is None:
        return None
    try:
        held = base64.urlsafe_b64decode(f"{token}=")
    except binascii.Error:
        return None
    numbers, signature = held[: NUMBERS.size], held[NUMBERS.size :]
    if not hmac.compare_digest(signature, _sign(secret_key, numbers)):
        return None
    return Place(*NUMBERS.unpack(numbers))


def _sign(secret_key: bytes, numbers: bytes) -> bytes:
    return hmac.digest(secret_key, b"reading:" + numbers, hashlib.sha256)[:SIGNED]
