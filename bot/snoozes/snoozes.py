"""Snoozes: an owner sets a chat aside until a time; its deadlines run on, and it is back when it calls for somebody.

It is back at its time, with the customer's next words, and when a limit is near. Lists see all of this at once, by the
rows; the sweep writes it down and rings.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo

import structlog

from bot.bus import Bus
from bot.db import UNREACHABLE, Pool
from bot.sql import load

SQL = load(__file__, "snoozes.sql")
CHOICES = (10, 30, 60, 120)
"""Minutes that the form offers."""
LONGEST = timedelta(days=7)
NEAR = timedelta(minutes=10)
"""From this long before the limit of a person's answer on, nothing is set aside."""
LONGEST_NOTE = 200
"""Characters."""
EVERY = 5.0
"""Seconds between two sweeps."""

log = structlog.get_logger()


async def snooze(pool: Pool, conversation: int, agent: int, until: datetime, note: str) -> bool:
    """Set a conversation aside instead of what stood before; false where it is theirs no more."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.fetch(SQL["end"], conversation, agent)
        return await connection.fetchval(SQL["begin"], conversation, agent, until, note) is not None


async def wake(pool: Pool, conversation: int, agent: int) -> None:
    """The owner wants it back; where nothing is set aside, it is back already."""
    await pool.fetch(SQL["end"], conversation, agent)


async def sweep_snoozes(pool: Pool, bus: Bus) -> None:
    """Sweep until cancelled."""
    while True:
        await asyncio.sleep(EVERY)
        try:
            await sweep(pool, bus)
        except UNREACHABLE as error:
            log.debug("snoozes.sweep_waits", error=type(error).__name__)


async def sweep(pool: Pool, bus: Bus) -> int:
    """End what is over; returns how many that were. Raises: OSError when PostgreSQL is away."""
    ended = [row["agent_id"] for row in await pool.fetch(SQL["over"], NEAR)]
    if ended:
        bus.announce([f"agent:{agent}" for agent in set(ended)])
    return len(ended)


def near(due: datetime | None, now: datetime) -> bool:
    """Whether a limit is too near for setting anything aside."""
    return due is not None and due - now <= NEAR


def until_of(form: Mapping[str, str], now: datetime, zone: tzinfo) -> datetime | None:
    """Until when a form sets something aside (UTC); None where it says nothing that can be.

    Args:
        form: ``for``, one of the choices or ``until``; then ``until`` as a browser's field has it.
        now: the time (aware).
        zone: the operator's, in which ``until`` is meant.
    """
    chosen = form.get("for", "")
    if chosen in map(str, CHOICES):
        return now + timedelta(minutes=int(chosen))
    try:
        found = datetime.fromisoformat(form.get("until", ""))
    except ValueError:
        return None
    if chosen != "until" or found.tzinfo is not None or not 2000 < found.year < 2200:
        return None
    meant = found.replace(tzinfo=zone).astimezone(UTC)
    return meant if now < meant <= now + LONGEST else None
