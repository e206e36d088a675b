"""Works that one process at a time may do: who does one holds a lock of PostgreSQL, which goes with its connection.

everyone asks ── lock held by another ──→ asks again
    └── lock is mine → works, and looks after the connection ── it is gone ──→ stops working, asks again
"""

import asyncio
from collections.abc import Callable, Coroutine
from hashlib import blake2b

import structlog

from bot.db import UNREACHABLE, Session, open_session
from bot.tasks import end

LOOK = 5.0
"""Seconds between two looks: at the lock of another, or at the connection that carries ours."""

log = structlog.get_logger()

Work = Callable[[], Coroutine[None, None, None]]


class Alone:
    """Lets one process at a time do each work.

    Args:
        database_url: where the locks are.
        look: seconds between two looks.
    """

    def __init__(self, database_url: str, *, look: float = LOOK) -> None:
        self._database_url = database_url
        self._look = look

    async def run(self, name: str, work: Work) -> None:
        """Do a work whenever no other process does it, until cancelled. Work that breaks begins anew."""
        while True:
            try:
                await self._turn(name, work)
            except UNREACHABLE as error:
                log.debug("alone.waits", work=name, error=type(error).__name__)
            except Exception:
                log.exception("alone.broken", work=name)
            await asyncio.sleep(self._look)

    async def _turn(self, name: str, work: Work) -> None:
        session = await open_session(self._database_url)
        try:
            if await session.fetchval("SELECT pg_try_advisory_lock($1)", lock_of(name)):
                log.info("alone.works", work=name)
                await self._work(session, work)
        finally:
            session.terminate()

    async def _work(self, session: Session, work: Work) -> None:
        task = asyncio.create_task(work())
        try:
            while not task.done():
                await asyncio.wait([task], timeout=self._look)
                await session.fetchval("SELECT 1")
            task.result()
        finally:
            await end(task)


def lock_of(name: str) -> int:
    """The number of a work's lock: 64 bits that follow from its name."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8, person=b"huiying").digest(), "big", signed=True)
