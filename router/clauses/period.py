"""A period is a stretch of open hours that begins within one day."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

MINUTES_OF_DAY = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Open hours within one day, in minutes after its local midnight; ``end`` exceeds 1440 past the next midnight.

    Raises:
        ValueError: it does not begin within the day, or lasts no time or more than 24 hours.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < MINUTES_OF_DAY and self.start < self.end <= self.start + MINUTES_OF_DAY):
            raise ValueError(f"no period of a day: minutes {self.start} to {self.end}")


Hours = tuple[Period, ...]
"""The periods of one day, in order; empty where the team rests."""

ROUND_THE_CLOCK: Hours = (Period(0, MINUTES_OF_DAY),)


def period(text: str) -> Period:
    """A period such as ``08:00-22:00``; ``20:00-02:00`` runs past midnight, ``00:00-24:00`` is the whole day.

    Raises:
        ValueError: it is none.
    """
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", text)
    if not found:
        raise ValueError(f'"{text}" is no period such as 08:00-22:00')
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if end > MINUTES_OF_DAY or start == end:
        raise ValueError(f'"{text}" is no period; the whole day is 00:00-24:00')
    return Period(start, end if end > start else end + MINUTES_OF_DAY)


def hours(texts: Iterable[str]) -> Hours:
    """The periods of a day, put in order.

    Raises:
        ValueError: one of them is no period.
    """
    return tuple(sorted(period(text) for text in texts))


def overlap(hours: Hours) -> bool:
    """Whether periods of one day overlap, or stand out of order."""
    return any(one.end > other.start for one, other in pairwise(hours))


def covered(eve: Hours, hours: Hours) -> bool:
    """Whether a day is open throughout, given its hours and those of the day before."""
    reached = eve[-1].end - MINUTES_OF_DAY if eve else 0
    for one in hours:
        if one.start > reached:
            return False
        reached = max(reached, one.end)
    return reached >= MINUTES_OF_DAY
