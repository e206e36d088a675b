"""The sweep finds files that no job deals with: those lost with Redis or their worker, put off, or never sent."""

import asyncio

import structlog

from bot.db import UNREACHABLE, Pool
from bot.files.enqueue import FileQueue
from bot.files.storage import Storage
from bot.sql import load

SQL = load(__file__, "files.sql")
EVERY = 5.0
"""Seconds between two sweeps."""
PATIENCE = 5.0
"""Seconds after which a file that is due counts as lost by its job."""
UNSENT = 24 * 3600.0
"""Seconds for which an upload waits for its message."""
MOST = 200

log = structlog.get_logger()


async def sweep_files(pool: Pool, queue: FileQueue, storage: Storage) -> None:
    """Sweep until cancelled."""
    while True:
        await asyncio.sleep(EVERY)
        try:
            await sweep(pool, queue)
            await clear(pool, storage)
        except UNREACHABLE as error:
            log.debug("files.sweep_waits", error=type(error).__name__)


async def sweep(pool: Pool, queue: FileQueue) -> int:
    """Request again what is due and no job has dealt with; returns how many files that were.

    Raises:
        OSError: PostgreSQL is away.
    """
    rows = await pool.fetch(SQL["overdue"], PATIENCE, MOST)
    if rows:
        log.info("files.requested_again", count=len(rows))
        queue.request([row["id"] for row in rows])
    return len(rows)


async def clear(pool: Pool, storage: Storage) -> int:
    """Remove uploads that were never sent, row first: what is sent meanwhile stays; returns how many they were.

    Raises:
        OSError: PostgreSQL or the storage are away.
    """
    rows = await pool.fetch(SQL["forsaken"], UNSENT, MOST)
    for row in rows:
        if await pool.fetchval(SQL["forget"], row["id"]) is not None and row["place"] is not None:
            await storage.remove(row["place"])
    return len(rows)
