"""The sweep hands lists that are to become files to their jobs, and forgets the files after a day."""

import asyncio

import structlog

from bot.db import UNREACHABLE, Pool
from bot.files.storage import Storage
from bot.sql import load
from bot.tickets.exports.enqueue import ExportQueue
from bot.tickets.exports.job import TRIES

SQL = load(__file__, "exports.sql")
EVERY = 2.0
"""Seconds between two sweeps."""
KEPT = 24 * 3600.0
"""Seconds that a file is kept."""
MOST = 100

log = structlog.get_logger()


async def sweep_exports(pool: Pool, storage: Storage, redis_url: str) -> None:
    """Sweep until cancelled."""
    queue = ExportQueue(redis_url)
    try:
        while True:
            await asyncio.sleep(EVERY)
            try:
                queue.request(await overdue(pool))
                await expire(pool, storage)
            except UNREACHABLE as error:
                log.debug("exports.sweep_waits", error=type(error).__name__)
    finally:
        await asyncio.to_thread(queue.close)


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
