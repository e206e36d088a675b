"""When a phone is woken: decided from how far the contact has got, with no clock and no call.

nothing new        what is to be told was seen, or answered
already told       the phone was woken before and nobody has looked since: one push for a burst
in somebody's hand a device has it and may show it: it gets longer to be looked at
wake               else
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

LOOK = timedelta(seconds=30)
"""How long a message that has arrived on a device waits to be looked at before the phone is woken."""
OLD = timedelta(hours=24)
"""After so long nobody wants to be woken any more."""
FIRST_PAUSE = 5.0
"""Seconds before the second try; each further pause is three times as long, up to the longest."""
LONGEST_PAUSE = 3_600.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits to be told of, and how far the contact has got."""

    seq: int
    told: int
    """Up to where the operator's system was told."""
    seen: int
    """Up to where the contact has read, or written."""
    delivered: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing is to be told."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Look again later."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Wake:
    """Tell it now."""


def decide(one: Waiting, now: datetime) -> Rest | Wait | Wake:
    """What is to be done about a message (times aware, UTC)."""
    if one.seen >= one.seq or one.told > one.seen or now - one.since > OLD:
        return Rest()
    if one.delivered >= one.seq and (left := one.since + LOOK - now) > timedelta():
        return Wait(left.total_seconds())
    return Wake()


def pause(attempts: int, chance: float) -> float:
    """Seconds until the try after so many failed ones: 5, 15, 45 … an hour, and up to a third more."""
    return float(min(LONGEST_PAUSE, FIRST_PAUSE * 3.0 ** min(attempts - 1, 10)) * (1 + chance / 3))
