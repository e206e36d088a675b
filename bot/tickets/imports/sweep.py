"""The sweep hands files of tickets to their jobs, and forgets what nobody has taken in for a day."""

from bot.db import Pool
from bot.files.storage import Storage
from bot.sql import load
from bot.tickets.claim import TRIES
from bot.tickets.handing import KEPT, MOST, hand_over
from bot.tickets.imports.enqueue import ImportQueue

SQL = load(__file__, "imports.sql")


async def sweep_imports(pool: Pool, storage: Storage, redis_url: str) -> None:
    """Sweep until cancelled."""
    await hand_over(ImportQueue(redis_url), pool, storage, overdue=overdue, expire=expire)


async def overdue(pool: Pool) -> list[int]:
    """What is due and no job deals with. Raises: OSError."""
    return [row["id"] for row in await pool.fetch(SQL["overdue"], TRIES, MOST)]


async def expire(pool: Pool, storage: Storage) -> int:
    """Forget the bytes of files that are a day old; returns how many they were. Raises: OSError."""
    rows = await pool.fetch(SQL["kept"], KEPT, MOST)
    for row in rows:
        await storage.remove(row["place"])
        await pool.execute(SQL["forget"], row["id"])
    return len(rows)
