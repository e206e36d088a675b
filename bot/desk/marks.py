"""Marks name the last line of a page of a list: a moment and an id, so that the next page goes on exactly there."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FAR = 10**16
"""Microseconds since 1970 beyond which nothing of ours lies."""


def mark(at: datetime, number: int) -> str:
    """The mark of a line at a moment (aware)."""
    return f"{(at - EPOCH) // timedelta(microseconds=1)}.{number}"


def place(text: str) -> tuple[datetime, int] | tuple[None, None]:
    """The moment (aware, UTC) and the id of a mark; nothing where it is none of ours."""
    at, _, which = text.partition(".")
    microseconds, number = natural(at), natural(which)
    if microseconds is None or number is None or microseconds > FAR:
        return None, None
    return EPOCH + timedelta(microseconds=microseconds), number


def natural(text: str) -> int | None:
    """A number out of an address; None where it is none that an id could be."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
