"""The clock: finds deadlines that are due and lets them fire through the writer. Any number of clocks may run.

A claim leases a deadline for a moment, and again for as long as it waits for the writer, so that what a dead clock had
claimed is another's soon. It fires only if the ledger still says so, so a stale or a double fire changes nothing, and
PostgreSQL's time decides, so none fires early.
"""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import structlog

from bot.db import UNREACHABLE, Pool, Row
from bot.deadlines.index import DUE, DeadlineIndex, parts
from bot.sql import load
from bot.turns.turn import FiredDeadline
from bot.turns.writer import Writer
from bot.wire import AWAY, Wire
from channels.door import Busy

SQL = load(__file__, "deadlines.sql")
LEASE = 600
"""Milliseconds that a claim is kept, unless it is renewed."""
RENEWED = 0.2
"""Seconds between two renewals."""
MOST = 250
"""Deadlines claimed at once: the fewer, the less a clock that dies holds up."""
CLAIMS = 2
"""Claims under way at once: while the writer has one, the next is on its way."""
TICK = 0.1
"""Seconds between two looks at an empty index."""
SWEEP = 2.0
"""Seconds between two looks at the ledger itself."""
OVERDUE = 2.0
"""Seconds of lateness from which the sweep fires what the index has missed."""

log = structlog.get_logger()


class Clock:
    """Fires deadlines, from the index and, whatever Redis says, from the ledger."""

    def __init__(self, pool: Pool, wire: Wire, index: DeadlineIndex, writer: Writer) -> None:
        self._pool = pool
        self._wire = wire
        self._index = index
        self._writer = writer
        self._claim = wire.redis.register_script((Path(__file__).parent / "claim_due.lua").read_text("utf-8"))

    async def run(self) -> None:
        """Run until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for number in range(CLAIMS):
                tasks.create_task(self._from_index(), name=f"clock.index.{number}")
            tasks.create_task(self._from_ledger(), name="clock.sweep")

    async def claim(self) -> int:
        """Fire what the index calls due; returns how many were claimed.

        Raises:
            redis.RedisError: Redis is away.
            Busy: the writer cannot take them now; the lease brings them back.
        """
        names = await self._claim(keys=[DUE], args=[int(time.time() * 1000), LEASE, MOST])
        if not names:
            return 0
        claimed = dict(map(parts, names))
        rows = await self._pool.fetch(SQL["claimed"], list(claimed))
        current = [row for row in rows if row["generation"] == claimed[row["id"]]]
        for number in claimed.keys() - {row["id"] for row in current}:
            self._index.drop(number, claimed[number])
        for row in current:
            if not row["due"]:
                self._index.arm(row["id"], row["generation"], row["next_at"])
        await self._fire([row for row in current if row["due"]])
        return len(names)

    async def sweep(self) -> int:
        """Fire what the ledger calls overdue; returns how many were found."""
        rows = await self._pool.fetch(SQL["overdue"], OVERDUE, MOST)
        if rows:
            log.info("clock.swept", count=len(rows))
            await self._fire(rows)
        return len(rows)

    async def _fire(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        fires = [
            self._writer.fire(row["contact_id"], FiredDeadline(row["id"], row["generation"], row["step"]))
            for row in rows
        ]
        while (await asyncio.wait(fires, timeout=RENEWED))[1]:
            waiting = [(row["id"], row["generation"]) for row, fire in zip(rows, fires, strict=True) if not fire.done()]
            self._index.lease(waiting, int(time.time() * 1000) + LEASE)
        failed = [error for fire in fires if (error := fire.exception()) is not None]
        if failed:
            log.warning("clock.not_fired", count=len(failed), error=type(failed[0]).__name__)

    async def _from_index(self) -> None:
        while True:
            pause = TICK
            try:
                claimed = await self.claim()
                pause = 0.0 if claimed == MOST else TICK
            except (*AWAY, *UNREACHABLE, Busy) as error:
                log.debug("clock.waits", error=type(error).__name__)
                pause = 1.0
            await asyncio.sleep(pause)

    async def _from_ledger(self) -> None:
        while True:
            try:
                found = await self.sweep()
            except (*UNREACHABLE, Busy) as error:
                log.warning("clock.sweep_failed", error=type(error).__name__)
                found = 0
            await asyncio.sleep(0.0 if found == MOST else SWEEP)
