"""An announcement tells customers something without being asked, until it ends or somebody ends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.audit.audit import By, Deed, note
from bot.db import Pool, Row
from bot.sql import load

SQL = load(__file__, "announcements.sql")
TITLE_LIMIT = 80
"""Characters."""
TEXT_LIMIT = 1_000
"""Characters."""
LANGUAGES = ("", "zh", "zh-TW", "en")
"""Languages that an announcement may be meant for; empty for all of them."""


class Level(StrEnum):
    """How grave an announcement is."""

    INFO = "info"
    """Good to know."""
    WARNING = "warning"
    """Something does not work as usual."""
    EMERGENCY = "emergency"
    """A failure that many feel."""


class Unfit(ValueError):
    """An announcement that cannot be made.

    Args:
        reason: ``title``, ``text``, ``language`` or ``ends``, whichever does not fit.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Announcement:
    """What customers read."""

    level: Level
    title: str
    text: str = ""
    language: str = ""
    """The only language in whose pages it shows; empty for all."""
    starts: datetime | None = None
    """Aware UTC; None for now."""
    ends: datetime | None = None
    """Aware UTC; None for as long as nobody ends it."""
    id: int = 0

    def shows(self, language: str, now: datetime) -> bool:
        """Whether a page in this language shows it at this moment (aware UTC)."""
        begun = self.starts is None or self.starts <= now
        meant = self.language in ("", language) or (self.language == "zh" and language == "zh-TW")
        return meant and begun and (self.ends is None or now < self.ends)


async def announce(pool: Pool, one: Announcement, by: By) -> int:
    """Store an announcement, on record, and return its id.

    Raises:
        Unfit: a field is missing, too long, unknown, or it would end before it begins.
    """
    title, text = one.title.strip(), one.text.strip()
    if not 0 < len(title) <= TITLE_LIMIT:
        raise Unfit("title")
    if len(text) > TEXT_LIMIT:
        raise Unfit("text")
    if one.language not in LANGUAGES:
        raise Unfit("language")
    if one.ends is not None and one.ends <= (one.starts or datetime.now(UTC)):
        raise Unfit("ends")
    values = one.level.value, title, text, one.language, one.starts, one.ends, by.agent
    async with pool.acquire() as connection, connection.transaction():
        added: int = await connection.fetchval(SQL["add"], *values)
        await note(connection, by, Deed.ANNOUNCED, f"announcement:{added}", detail=one.level.value)
    return added


async def end(pool: Pool, announcement_id: int, by: By) -> bool:
    """Take an announcement down, on record; False where none of that id is up."""
    async with pool.acquire() as connection, connection.transaction():
        ended = await connection.fetchval(SQL["end"], announcement_id) is not None
        if ended:
            await note(connection, by, Deed.ANNOUNCEMENT_ENDED, f"announcement:{announcement_id}")
    return ended


async def listed(pool: Pool, *, ended: bool) -> Sequence[Row]:
    """Announcements for those who make them, the latest first; with ``ended`` also those that are down."""
    return await pool.fetch(SQL["listed"], ended)


def announcement(row: Row) -> Announcement:
    """Read a row."""
    level, title, text, language = Level(row["level"]), row["title"], row["text"], row["language"]
    return Announcement(level, title, text, language, row["starts"], row["ends"], row["id"])
