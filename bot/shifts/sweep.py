"""The sweep tells leaders of those who should be at the desk by now and are not."""

import asyncio
from datetime import timedelta

import structlog

from bot.bus import Bus
from bot.db import UNREACHABLE, Pool
from bot.people.rights import RIGHTS, Permission, Scope
from bot.shifts.shifts import SQL

EVERY = 30.0
"""Seconds between two sweeps."""
PATIENCE = timedelta(minutes=10)
"""How long somebody may be late."""
LEADERS = [
    role.value
    for role, rights in RIGHTS.items()
    if Permission.LEAD in rights.permissions and rights.scope is Scope.UNIT
]

log = structlog.get_logger()


async def sweep_shifts(pool: Pool, bus: Bus) -> None:
    """Sweep until cancelled."""
    while True:
        await asyncio.sleep(EVERY)
        try:
            await sweep(pool, bus)
        except UNREACHABLE as error:
            log.debug("shifts.sweep_waits", error=type(error).__name__)


async def sweep(pool: Pool, bus: Bus) -> int:
    """Tell once for each period; returns how many alerts that were. Raises: OSError when PostgreSQL is away."""
    told = [row["agent_id"] for row in await pool.fetch(SQL["miss"], PATIENCE, LEADERS)]
    if told:
        bus.announce([f"agent:{leader}" for leader in set(told)])
    return len(told)
