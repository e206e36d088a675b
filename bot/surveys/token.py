"""The token in the address of a survey's page: it follows from the secret key, and only its hash is stored."""

import base64
import hashlib
import hmac
import re

BYTES = 16
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def token_for(secret_key: bytes, survey_id: int) -> str:
    """The token of a survey's page: 128 bits that nobody can guess without the key."""
    digest = hmac.digest(secret_key, f"survey:{survey_id}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:BYTES]).decode().rstrip("=")


def hash_of(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


def is_token(text: str) -> bool:
    """Whether a text has the form of a token."""
    return _TOKEN.fullmatch(text) is not None
