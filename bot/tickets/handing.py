"""Hands rows that are due to their jobs, and forgets files whose day has passed, round after round."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from rq import Queue
from rq.queue import EnqueueData

from bot.db import UNREACHABLE, Pool
from bot.files import enqueue
from bot.files.storage import Storage
from bot.job_queue import JobQueue

EVERY = 2.0
"""Seconds between two rounds."""
KEPT = 24 * 3600.0
"""Seconds that a file is kept."""
MOST = 100
"""Rows of a round."""

log = structlog.get_logger()


class HandedQueue(JobQueue[int]):
    """Long work on rows, on RQ beside the files to be fetched, for neither may hold surveys up.

    Args:
        redis_url: a Redis URL; the server may be away at any time.
        job: what RQ calls, as a dotted name.
        kind: stands before the row's number in the job's id.
        seconds: the longest that one try may last.
    """

    def __init__(self, redis_url: str, *, job: str, kind: str, seconds: int) -> None:
        def make(number: int) -> EnqueueData:
            """A broken job is requested again by the sweep, once its try has had its time."""
            return Queue.prepare_data(
                job, args=(number,), job_id=f"{kind}-{number}", timeout=seconds, result_ttl=0, failure_ttl=enqueue.KEPT
            )

        super().__init__(redis_url, name=enqueue.NAME, job=make)


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
