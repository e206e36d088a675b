"""The sweep finds surveys in PostgreSQL that were requested and then lost with Redis, and requests them again."""

import asyncio

import structlog

from bot.db import UNREACHABLE, Pool
from bot.sql import load
from bot.surveys.enqueue import SurveyQueue

SQL = load(__file__, "surveys.sql")
EVERY = 30.0
"""Seconds between two sweeps."""
PATIENCE = 60.0
"""Seconds after which a requested survey counts as lost."""
MOST = 1_000

log = structlog.get_logger()


async def sweep_surveys(pool: Pool, surveys: SurveyQueue) -> None:
    """Sweep until cancelled."""
    while True:
        await asyncio.sleep(EVERY)
        try:
            await sweep(pool, surveys)
        except UNREACHABLE as error:
            log.debug("surveys.sweep_waits", error=type(error).__name__)


async def sweep(pool: Pool, surveys: SurveyQueue) -> int:
    """Request again what no job has dealt with; returns how many that were.

    Raises:
        OSError: PostgreSQL is away.
    """
    rows = await pool.fetch(SQL["forgotten"], PATIENCE, MOST)
    if rows:
        log.info("surveys.requested_again", count=len(rows))
        surveys.request([row["id"] for row in rows])
    return len(rows)
