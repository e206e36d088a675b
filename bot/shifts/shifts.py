"""Shifts: kinds of them with several periods a day, and who is on duty when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.audit.audit import By, Deed, note
from bot.db import Pool, Row, Statements
from bot.people.agent import ROOT
from bot.sql import load
from router.clauses.period import Hours, hours, overlap

SQL = load(__file__, "shifts.sql")


@dataclass(frozen=True, slots=True)
class Shift:
    """A kind of shift."""

    code: str
    name: str
    hours: Hours
    """In the operator's zone."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody does on a day."""

    agent_id: int
    day: date
    shift: Shift | None
    """None: they are off."""

    def duties(self, zone: tzinfo) -> list[tuple[datetime, datetime]]:
        """When they are on duty (UTC), from ``zone``'s times of day."""
        midnight, periods = datetime.combine(self.day, time(), zone), self.shift.hours if self.shift else ()
        return [(_at(midnight, one.start), _at(midnight, one.end)) for one in periods]


def parse_periods(texts: Sequence[str]) -> Hours:
    """Read periods such as ``08:00-12:00``.

    Raises:
        ValueError: one is none, two overlap, or there are none.
    """
    found = hours(texts)
    if not found or overlap(found):
        raise ValueError("periods overlap, or there are none")
    return found


async def put_shift(pool: Pool, code: str, name: str, periods: Sequence[str], by: By) -> None:
    """Keep a kind of shift, on record; what was planned by it stays. Raises: ValueError where periods do not hold."""
    parse_periods(periods)
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(SQL["put"], code, name, list(periods))
        await note(connection, by, Deed.SHIFT_SET, f"shift:{code}", detail=",".join(periods))


async def add_shift(pool: Pool, code: str, name: str, periods: Sequence[str], by: By) -> bool:
    """Add a kind of shift, on record; returns False where there is one of that code. Raises: ValueError as above."""
    parse_periods(periods)
    async with pool.acquire() as connection, connection.transaction():
        if await connection.fetchval(SQL["add"], code, name, list(periods)) is None:
            return False
        await note(connection, by, Deed.SHIFT_SET, f"shift:{code}", detail=",".join(periods))
    return True


async def retire_shift(pool: Pool, code: str, by: By) -> None:
    """Have nobody planned for a kind of shift any more, on record; what was planned by it stays."""
    async with pool.acquire() as connection, connection.transaction():
        if await connection.fetchval(SQL["retire"], code) is not None:
            await note(connection, by, Deed.SHIFT_RETIRED, f"shift:{code}")


async def all_shifts(database: Statements) -> dict[str, Shift]:
    """The kinds of shifts that people can be planned for, by their codes."""
    rows = await database.fetch(SQL["all"])
    return {row["code"]: Shift(row["code"], row["name"], hours(row["periods"])) for row in rows if not row["retired"]}


async def plan(
    pool: Pool, plans: Sequence[Plan], zone: tzinfo, by: By, *, source: str, deed: Deed = Deed.ROSTER_IMPORTED
) -> None:
    """Let people do this on these days instead of what was planned for them, on record as ``deed``."""
    people, days = [one.agent_id for one in plans], [one.day for one in plans]
    rows = [
        (one.agent_id, one.day, one.shift.code, begins, ends)
        for one in plans
        if one.shift is not None
        for begins, ends in one.duties(zone)
    ]
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(SQL["clear"], people, days)
        if rows:
            await connection.execute(SQL["plan"], *map(list, zip(*rows, strict=True)))
        await note(connection, by, deed, detail=f"{len(plans)} rows of {source}")


async def coming(pool: Pool, agent_id: int, now: datetime) -> Sequence[Row]:
    """When somebody is on duty from now on: ``day``, ``begins``, ``ends`` and the shift's ``name``."""
    return await pool.fetch(SQL["coming"], agent_id, now)


async def on_duty(pool: Pool, now: datetime, below: str = ROOT) -> Sequence[Row]:
    """Who should be at the desk, below a path of the organisation; who is offline comes first."""
    return await pool.fetch(SQL["on_duty"], now, below)


def _at(midnight: datetime, minutes: int) -> datetime:
    """So many minutes of the local clock after a local midnight, in UTC."""
    return (midnight + timedelta(minutes=minutes)).astimezone(UTC)
