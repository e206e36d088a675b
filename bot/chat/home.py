"""What the chat's home tells while the page is open: announcements, whether people serve now, and how long it takes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from bot.announcements.announcement import Announcement
from bot.traditional import as_read
from router.effects import QuestionKind
from router.questions import answer_by
from router.world import World


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Home:
    """The state of the house as a customer sees it before a word is said."""

    open: bool
    """Whether people serve now."""
    changes: datetime | None
    """When they stop, or begin again (aware UTC); None where they never stop."""
    answered_by: datetime | None = None
    """When a message left now is answered at the latest (aware UTC); None while people serve."""
    minutes: int | None = None
    """How long who asks for a person now would wait, in minutes; None where nobody can say."""
    announcements: tuple[Announcement, ...] = ()

    def document(self) -> dict[str, object]:
        """The same as JSON; moments are RFC 3339 in UTC."""
        shown = [
            {"id": one.id, "level": one.level.value, "title": one.title, "text": one.text} for one in self.announcements
        ]
        return {
            "open": self.open,
            "changes": _written(self.changes),
            "answered_by": _written(self.answered_by),
            "minutes": self.minutes,
            "announcements": shown,
        }


class Shows(Protocol):
    """Knows the announcements that are up."""

    async def shown(self, language: str, now: datetime) -> tuple[Announcement, ...]:
        """What a page in this language shows at this moment, the gravest first."""
        ...


@dataclass(frozen=True, slots=True)
class Homes:
    """Tells how the house stands at a moment.

    Args:
        world: gives the present snapshot.
        announcements: what is up.
        clock: the time (aware, UTC).
    """

    world: Callable[[], World]
    announcements: Shows
    clock: Callable[[], datetime] = _now

    async def show(self, language: str) -> Home:
        """The home of a page in this language."""
        now = self.clock()
        shown = tuple(_read(one, language) for one in await self.announcements.shown(language, now))
        world = self.world()
        calendar, staff = world.standard.calendar, world.staff(world.routing.default)
        if calendar.is_open(now):
            return Home(True, calendar.next_close(now), None, staff.wait(staff.waiting + 1), shown)
        by = answer_by(QuestionKind.OVERNIGHT, world.standard, now)
        return Home(False, calendar.next_open(now), by, None, shown)


def _read(one: Announcement, language: str) -> Announcement:
    """An announcement for all languages in the characters of this one; who wrote it for one language meant it so."""
    if one.language == language:
        return one
    return replace(one, title=as_read(one.title, language), text=as_read(one.text, language))


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
