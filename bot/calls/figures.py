"""The connect rate and what stands beside it (clause ``hotline.pickup``)."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.db import Statements
from bot.sql import load

SQL = load(__file__, "figures.sql")
GOAL = 90
"""Percent of the calls of service hours that somebody picks up, at least."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Calls of a day; the first four count those that began to ring in service hours."""

    offered: int
    picked_up: int
    in_time: int
    """Picked up within ten seconds."""
    missed: int
    voicemails: int
    live: int

    @property
    def connect_rate(self) -> float | None:
        """Percent that somebody picked up, of those that were picked up or missed; None where there were none."""
        ended = self.picked_up + self.missed
        return round(100 * self.picked_up / ended, 1) if ended else None


async def today(database: Statements, now: datetime, zone: tzinfo) -> Figures:
    """The figures since midnight in the operator's zone."""
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    row = await database.fetchrow(SQL["figures"], midnight)
    assert row is not None
    return Figures(**row)
