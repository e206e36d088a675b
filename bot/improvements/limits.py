"""The limits of improvements (clause ``complaint.warning``): the writer brings the ledger in line with their marks."""

from bot.db import Pool
from bot.desk.acts import Acts
from bot.sql import load
from bot.words import words
from router.events import Rebased

SQL = load(__file__, "improvements.sql")


async def settle(pool: Pool, writer: Acts) -> int:
    """Have every task measured whose marks the ledger does not know yet; returns how many they were.

    The house itself waits for an improvement, so its deadlines lie with a contact of the house's own.

    Raises:
        Busy: the writer cannot take one now.
        OSError: PostgreSQL is away.
    """
    rows = await pool.fetch(SQL["unsettled"])
    if rows:
        house = await pool.fetchval(SQL["house"], words("zh")["desk.improvements.title"])
        for row in rows:
            await writer.measure(house, Rebased("improvement", row["id"]), row["change"])
    return len(rows)
