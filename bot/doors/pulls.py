"""The lists that platforms keep for us until we fetch them: who called about which, and how far each has been read."""

from collections.abc import Sequence
from datetime import timedelta

from bot.bus import Bus
from bot.db import UNREACHABLE, Pool
from bot.doors.cursors import advance
from bot.sql import load
from channels.door import Busy, Cursor
from channels.wechat_kf.pulls import Pending

SQL = load(__file__, "pulls.sql")
LOOK = 1.0
"""Seconds between two looks; whoever is called in another process tells by the bus, while that is live."""


class StoredPulls:
    """The lists of one channel.

    Args:
        channel: the channel's name.
        pool: connections to PostgreSQL.
        bus: tells the reader, which may run in another process.
        look: seconds between two looks at what was called about.
    """

    def __init__(self, channel: str, pool: Pool, bus: Bus, *, look: float = LOOK) -> None:
        self._channel = channel
        self._pool = pool
        self._bus = bus
        self._look = look

    async def note(self, account: str, source: str, token: str) -> None:
        """The platform has called about a list. Raises: Busy where that could not be written down."""
        try:
            await self._pool.execute(SQL["note"], self._channel, account, source, token)
        except UNREACHABLE:
            raise Busy from None
        self._bus.announce([self._topic(account)])

    async def learn(self, account: str, sources: Sequence[str]) -> None:
        """There are these lists."""
        await self._pool.execute(SQL["learn"], self._channel, account, list(sources))

    async def pending(self, account: str, every: timedelta) -> Sequence[Pending]:
        """The lists that were called about, those called about first before the others, or not read for a while."""
        rows = await self._pool.fetch(SQL["pending"], self._channel, account, every.total_seconds())
        return [
            Pending(row["source"], row["cursor"], row["created"], token=row["token"], noted=row["noted"])
            for row in rows
        ]

    async def advance(self, cursor: Cursor) -> None:
        """Move a cursor on, unless it has been moved already."""
        if cursor.after != cursor.before:
            await advance([cursor], self._pool)

    async def finished(self, account: str, read: Pending) -> None:
        """A list was read to its end, with all that had been called about then."""
        await self._pool.execute(SQL["finished"], self._channel, account, read.source, read.noted)

    async def wait(self, account: str) -> None:
        """Wait until a list may have to be read."""
        with self._bus.watch(self._topic(account)) as watch:
            await watch.wait(self._look)

    def _topic(self, account: str) -> str:
        return f"pulls:{self._channel}:{account}"
