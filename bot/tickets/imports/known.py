"""What rows of a file may name now, and how many of them are here already."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

from bot.db import Pool
from bot.tickets.imports.sheet import Brought, Known
from bot.tickets.shown import SQL
from router.tickets.rules import TicketRules


async def known_now(pool: Pool, rules: TicketRules, zone: tzinfo, source: str) -> Known:
    """What rows of a file of that name may name now."""
    people = {row["login"]: row["id"] for row in await pool.fetch(SQL["follower_logins"])}
    return Known(rules, people, zone, datetime.now(UTC), source)


async def count_known(pool: Pool, rows: Sequence[Brought]) -> int:
    """How many rows are tickets that were imported before."""
    found: int = await pool.fetchval(SQL["known_outside"], [row.origin.number for row in rows])
    return found
