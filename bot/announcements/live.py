"""The announcements that are up, as this process last read them."""

import asyncio
from datetime import datetime

import structlog

from bot.announcements.announcement import SQL, Announcement, announcement
from bot.db import UNREACHABLE, Pool

FRESH = 5.0
"""Seconds for which a reading is good enough."""

log = structlog.get_logger()


class LiveAnnouncements:
    """Reads announcements when somebody asks, every few seconds at the most.

    Args:
        pool: connections to PostgreSQL.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._read: tuple[Announcement, ...] = ()
        self._until = 0.0

    async def shown(self, language: str, now: datetime) -> tuple[Announcement, ...]:
        """What a page in this language shows, the gravest first; what was last read while PostgreSQL is away."""
        clock = asyncio.get_running_loop().time()
        if clock >= self._until:
            self._until = clock + FRESH
            await self._refresh()
        return tuple(one for one in self._read if one.shows(language, now))

    async def _refresh(self) -> None:
        try:
            self._read = tuple(map(announcement, await self._pool.fetch(SQL["live"])))
        except UNREACHABLE as error:
            log.warning("announcements.unread", error=type(error).__name__)
