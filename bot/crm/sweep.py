"""The sweep asks an operator's CRM about customers who have just come, so that routing knows them before they wait."""

import asyncio

import structlog

from bot.crm.built_in import SQL
from bot.crm.remote import Remote
from bot.db import UNREACHABLE, Pool

EVERY = 5.0
"""Seconds between two sweeps."""
MOST = 20

log = structlog.get_logger()


async def sweep_crm(pool: Pool, crm: Remote | None) -> None:
    """Sweep until cancelled; without a CRM of the operator's there is nothing to ask."""
    while True:
        await asyncio.sleep(EVERY)
        if crm is None:
            continue
        try:
            await sweep(pool, crm)
        except UNREACHABLE as error:
            log.debug("crm.sweep_waits", error=type(error).__name__)


async def sweep(pool: Pool, crm: Remote) -> int:
    """Ask about some; returns how many that were. Raises: OSError when PostgreSQL is away."""
    rows = await pool.fetch(SQL["forgotten"], MOST)
    for row in rows:
        await crm.find(row["id"])
    return len(rows)
