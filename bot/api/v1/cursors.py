"""Where a page of the API goes on: the last row's place, spelled so that nobody takes it for an offset."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.api.v1.problems import Refused
from bot.db import Row

LARGEST = 2**63 - 1


def number_cursor(number: int) -> str:
    """After the row with this number."""
    return _spelled(str(number))


def number_of(cursor: str) -> int | None:
    """The number after which a page begins; None for the first page. Raises: Refused where it is no cursor of ours."""
    if not cursor:
        return None
    text = _read(cursor)
    if not (text.isascii() and text.isdigit()) or int(text) > LARGEST:
        raise _wrong()
    return int(text)


def place_cursor(at: datetime, contact: int, seq: int) -> str:
    """After a message."""
    return _spelled(f"{at.isoformat()} {contact} {seq}")


def place_of(cursor: str) -> tuple[datetime | None, int, int]:
    """The message after which a page begins. Raises: Refused where it is no cursor of ours."""
    if not cursor:
        return None, 0, 0
    try:
        at, contact, seq = _read(cursor).split(" ")
        found = datetime.fromisoformat(at), int(contact), int(seq)
    except ValueError as error:
        raise _wrong() from error
    if found[0].tzinfo is None or not 2000 < found[0].year < 2200 or not all(0 <= one <= LARGEST for one in found[1:]):
        raise _wrong()
    return found


def page(
    rows: Sequence[Row], most: int, shape: Callable[[Row], object], place: Callable[[Row], str]
) -> Mapping[str, object]:
    """A page of rows that were read with one more than it has."""
    shown = rows[:most]
    return {"data": [shape(row) for row in shown], "next": place(shown[-1]) if len(rows) > most else None}


def _spelled(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> str:
    try:
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise _wrong() from error


def _wrong() -> Refused:
    return Refused(400, "cursor_wrong")
