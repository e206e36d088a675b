"""Hands rows that are due to their jobs, and forgets files whose day has passed, round after round."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.db import UNREACHABLE, Pool
from bot.files.storage import Storage
from bot.job_queue import JobQueue

EVERY = 2.0
"""Seconds between two rounds."""
KEPT = 24 * 3600.0
"""Seconds that a file is kept."""
MOST = 100
"""Rows of a round."""

log = structlog.get_logger()


async def hand_over(
    queue: JobQueue[int],
    pool: Pool,
    storage: Storage,
    *,
    overdue: Callable[[Pool], Awaitable[list[int]]],
    expire: Callable[[Pool, Storage], Awaitable[int]],
) -> None:
    """Hand rows over until cancelled, then close the queue; an outage of PostgreSQL is waited out.

    Args:
        queue: takes the numbers.
        pool: where the rows are.
        storage: where their files are.
        overdue: finds what is due and no job deals with.
        expire: forgets files.
    """
    try:
        while True:
            await asyncio.sleep(EVERY)
            try:
                queue.request(await overdue(pool))
                await expire(pool, storage)
            except UNREACHABLE as error:
                log.debug("tickets.sweep_waits", error=type(error).__name__)
    finally:
        await asyncio.to_thread(queue.close)
