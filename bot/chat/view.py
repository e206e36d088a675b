"""What the chat page shows before a word is said: the operator, its hours, and what most customers ask."""

from dataclasses import dataclass

import structlog

from bot.chat.home import Home
from bot.db import UNREACHABLE, Pool
from bot.sql import load
from bot.traditional import as_read
from channels.door import Choice
from router.calendar import Calendar
from router.forms.talk import START
from router.world import World

SQL = load(__file__, "hot.sql")
MOST_HOT = 6
OPEN = Home(open=True, changes=None)
ALWAYS = Calendar()

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Page:
    """The part of the page that the operator decides."""

    operator: str
    hot: tuple[Choice, ...] = ()
    """Questions to tap; their ids are those of the bot's own choices, ``faq:<entry>``."""
    home: Home = OPEN
    calendar: Calendar = ALWAYS
    """When people serve."""
    forms: tuple[Choice, ...] = ()
    """Business to be guided through; their ids are ``form:start:<form>``."""


def business(world: World, language: str) -> tuple[Choice, ...]:
    """The guided business, as a language reads it."""
    return tuple(
        Choice(f"{START}{form.id}", as_read(form.title.read(language), language)) for form in world.forms.values()
    )


async def hot_questions(pool: Pool, language: str) -> tuple[Choice, ...]:
    """The hot questions as a language reads them; none while PostgreSQL is away, for the page works without."""
    try:
        rows = await pool.fetch(SQL["hot"], MOST_HOT)
    except UNREACHABLE as error:
        log.warning("chat.no_hot_questions", error=type(error).__name__)
        return ()
    return tuple(Choice(f"faq:{row['id']}", as_read(row["question"], language)) for row in rows)
