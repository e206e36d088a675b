"""Codes of a telephone that follow from a shared secret and the time (RFC 6238): six digits, new every 30 seconds."""

import hmac
from base64 import b32encode
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

STEP = 30
"""Seconds for which a code counts."""
DRIFT = 1
"""Steps by which a telephone's clock may be off, either way."""
DIGITS = 6
SECRET_BYTES = 20
"""Of a secret, as RFC 4226 recommends."""


def step_of(now: datetime) -> int:
    """The step of a moment (aware), counted from 1970."""
    return int(now.timestamp()) // STEP


def code_at(secret: bytes, step: int) -> str:
    """The code of a step."""
    return HOTP(secret, DIGITS, SHA1()).generate(step).decode()  # noqa: S303


def matching(secret: bytes, code: str, now: datetime) -> int | None:
    """The step whose code this is, of the present one and those beside it; None for none of them."""
    here = step_of(now)
    steps = range(max(here - DRIFT, 0), here + DRIFT + 1)
    found = [step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), code.encode())]
    return found[-1] if found else None


def shown(secret: bytes) -> str:
    """A secret as it is typed into a telephone by hand."""
    return b32encode(secret).decode()


def address(secret: bytes, login: str, issuer: str) -> str:
    """What a telephone reads from the square: the secret, whose it is, and for what."""
    about = urlencode(
        {"secret": shown(secret), "issuer": issuer}, quote_via=quote
    )  # The rest is what telephones assume.
    return f"otpauth://totp/{quote(issuer)}:{quote(login)}?{about}"
