"""Values as the statements of a batch take them."""

from collections.abc import Sequence
from datetime import datetime


def seconds(at: datetime | None) -> float | None:
    """Seconds since 1970, as statements take times in rows."""
    return None if at is None else at.timestamp()


def columns(rows: Sequence[tuple[object, ...]], width: int) -> list[Sequence[object]]:
    """Turn rows into columns; no rows give ``width`` empty columns."""
    return list(zip(*rows, strict=True)) if rows else [()] * width
