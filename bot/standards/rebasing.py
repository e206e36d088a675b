"""Brings open records in line with an edition of the standard that they were told to follow."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.db import UNREACHABLE, Pool
from bot.standards.shelf import SQL
from bot.turns.writer import Writer
from channels.door import Busy
from router.editions import Edition, Editions
from router.events import Rebased

LOOK = 2.0
"""Seconds between two looks at whether an edition was told to measure what is open."""
SETTLED = timedelta(seconds=5)
"""By then every process has read the editions, so that none measures by the older ones any more."""
MOST = 250
"""Records read at once."""

log = structlog.get_logger()


class Rebasing:
    """Has records measured anew once their editions say so; any number of them may run.

    Args:
        pool: connections to PostgreSQL.
        writer: everything that changes a deadline goes through it.
        editions: all editions as they now stand.
    """

    def __init__(self, pool: Pool, writer: Writer, editions: Callable[[], Editions]) -> None:
        self._pool = pool
        self._writer = writer
        self._editions = editions
        self._done: Editions | None = None

    async def run(self) -> None:
        """Run until cancelled."""
        while True:
            try:
                await self.round()
            except (*UNREACHABLE, Busy) as error:
                log.warning("rebasing.waits", error=type(error).__name__)
            await asyncio.sleep(LOOK)

    async def round(self) -> int:
        """Look at all editions that were published since the last round; returns how many records were measured anew.

        Raises:
            Busy: the writer cannot take them now.
            OSError: PostgreSQL is away.
        """
        editions = self._editions()
        if editions is self._done:
            return 0
        now = await self._pool.fetchval("SELECT clock_timestamp()")
        asked = [one for one in editions.editions if one.rebased is not None]
        settled = [one for one in asked if max(one.rebased or now, one.effective_from) + SETTLED <= now]
        latest = {one.standard.pack: one for one in settled}
        count = sum([await self._measure(one) for one in latest.values()])
        if len(settled) == len(asked):
            self._done = editions
        return count

    async def _measure(self, edition: Edition) -> int:
        kinds, count, last = list(edition.standard.kinds), 0, ("", 0)
        while rows := await self._pool.fetch(SQL["measured_otherwise"], edition.number, kinds, *last, MOST):
            for row in rows:
                event = Rebased(row["subject"], row["subject_id"])
                await self._writer.rebase(row["contact_id"], event, edition.number)
            count, last = count + len(rows), (rows[-1]["subject"], rows[-1]["subject_id"])
        log.info("rebasing.done", edition=edition.number, records=count)
        return count
