"""Names that nobody can guess: of files, and of the places where their bytes are kept."""

import re
from secrets import token_hex, token_urlsafe

_ID = re.compile(r"[A-Za-z0-9_-]{24}")


def fresh_id() -> str:
    """The id of a new file: 144 random bits."""
    return token_urlsafe(18)


def fresh_place() -> str:
    """Where new bytes are kept: 128 random bits, and nothing of what the sender called them."""
    return token_hex(16)


def is_id(text: str) -> bool:
    """Whether a text has the form of a file's id."""
    return _ID.fullmatch(text) is not None
