"""The sweep hands lists that are to become files to their jobs, and forgets the files after a day."""

from bot.db import Pool
from bot.files.storage import Storage
from bot.sql import load
from bot.tickets.claim import TRIES
from bot.tickets.exports.enqueue import ExportQueue
from bot.tickets.handing import KEPT, MOST, hand_over

SQL = load(__file__, "exports.sql")


async def sweep_exports(pool: Pool, storage: Storage, redis_url: str) -> None:
    """Sweep until cancelled."""
    await hand_over(ExportQueue(redis_url), pool, storage, overdue=overdue, expire=expire)


async def overdue(pool: Pool) -> list[int]:
    """What is due and no job deals with. Raises: OSError."""
    return [row["id"] for row in await pool.fetch(SQL["overdue"], TRIES, MOST)]


async def expire(pool: Pool, storage: Storage) -> int:
    """Forget files that are a day old; returns how many they were. Raises: OSError."""
    rows = await pool.fetch(SQL["expire"], KEPT, MOST)
    for row in rows:
        if row["place"] is not None:
            await storage.remove(row["place"])
    return len(rows)
