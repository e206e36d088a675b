"""Sealing: rows of the trail get their places in a chain of hashes once a second, so that no change waits for it."""

import asyncio

import structlog

from bot.audit.audit import SQL
from bot.db import UNREACHABLE, Pool

EVERY = 1.0
"""Seconds between two looks."""
MOST = 1000
"""Rows sealed by one statement."""

log = structlog.get_logger()


async def keep_sealing(pool: Pool) -> None:
    """Seal until cancelled; any number of workers may."""
    while True:
        try:
            while await seal(pool) == MOST:
                pass
        except UNREACHABLE as error:
            log.debug("audit.waits", error=type(error).__name__)
        await asyncio.sleep(EVERY)


async def seal(pool: Pool) -> int:
    """Seal what came since; returns how many rows, none while somebody else is at it."""
    async with pool.acquire() as connection, connection.transaction():
        if not await connection.fetchval(SQL["lock"]):
            return 0
        sealed: int = await connection.fetchval(SQL["seal"])
        return sealed
