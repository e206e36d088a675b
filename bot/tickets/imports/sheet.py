"""Tickets of another system from a CSV or XLSX file: each row is one, or is named with what is wrong in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from functools import partial
from typing import TypeVar

from bot.spreadsheets import Table, Wrong, WrongField
from bot.tickets.forms import CLOCK, SHORT
from bot.tickets.sought import OUTSIDE
from bot.words import LANGUAGES, words
from channels.telephone import spelled
from router.tickets.about import About
from router.tickets.acts import Draft, Origin
from router.tickets.decision import Circumstances
from router.tickets.opening import lacks
from router.tickets.rules import TicketRules
from router.tickets.ticket import Grade, TicketKind

K = TypeVar("K", bound=StrEnum)
COLUMNS = (
    "number", "phone", "name", "kind", "business", "text", "cause", "grade", "department", "people", "loss", "owner",
    "created", "solved", "archived", "about_number", "about_place", "about_day", "about_time",
)  # fmt: skip
NEEDED = ("number", "phone", "business", "text", "created")
HEADS = "desk.imports.column."
"""Words for the columns, under which files may have them as well."""
TABLE = Table(
    COLUMNS,
    NEEDED,
    most=2_000,
    called={words(language)[f"{HEADS}{name}"]: name for language in LANGUAGES for name in COLUMNS},
)
MOST_COUNTED = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Brought:
    """A row that holds."""

    line: int
    phone: str
    name: str
    draft: Draft
    origin: Origin


@dataclass(frozen=True, slots=True)
class Known:
    """What rows may name."""

    rules: TicketRules
    people: Mapping[str, int]
    """Ids by log-in of those who can follow a ticket."""
    zone: tzinfo
    """In which moments stand that name no other."""
    now: datetime
    """Aware; no mark is later."""
    source: str
    """What the file is called; it stands as the reason for grades that it names."""


def read(content: bytes, known: Known) -> list[Brought | Wrong]:
    """Read a file with some of ``COLUMNS``, those of ``NEEDED`` among them.

    Raises:
        WrongFile: it is none.
    """
    return TABLE.read(content, partial(_row, known), once=("number", lambda row: row.origin.number))


def _row(known: Known, line: int, given: Mapping[str, str]) -> Brought:
    if OUTSIDE.fullmatch(given["number"]) is None:
        raise WrongField("number", "outside")
    try:
        phone = spelled(given["phone"])
    except ValueError:
        raise WrongField("phone", "phone") from None
    draft = _draft(given, known)
    if missing := lacks(draft, Circumstances(known.now, known.rules, "zh", written=False)):
        raise WrongField(missing, missing)
    return Brought(line, phone, given["name"], draft, _origin(given, known))


def _draft(given: Mapping[str, str], known: Known) -> Draft:
    kind = _one_of(TicketKind, "kind", given["kind"] or TicketKind.MATTER)
    complaint = kind is TicketKind.COMPLAINT
    grade = _one_of(Grade, "grade", given["grade"]) if given["grade"] else None
    if grade is not None and not complaint:
        raise WrongField("grade", "graded")
    return Draft(
        kind,
        given["text"],
        given["business"],
        cause=given["cause"] if complaint else "",
        department=given["department"],
        people=_count("people", given["people"] or "1"),
        loss=_count("loss", given["loss"] or "0"),
        grade=grade,
        grade_reason=known.source,
        about=_about(given),
    )


def _about(given: Mapping[str, str]) -> About:
    day, at = given["about_day"], given["about_time"]
    if at and CLOCK.fullmatch(at) is None:
        raise WrongField("about_time", "time", at)
    for name in ("about_number", "about_place"):
        if len(given[name]) > SHORT:
            raise WrongField(name, "long", str(SHORT))
    try:
        return About(given["about_number"], given["about_place"], date.fromisoformat(day) if day else None, at)
    except ValueError:
        raise WrongField("about_day", "day", day) from None


def _origin(given: Mapping[str, str], known: Known) -> Origin:
    created, solved, archived = (_moment(name, given[name], known) for name in ("created", "solved", "archived"))
    if created is None:
        raise WrongField("created", "empty")
    if solved is not None and solved < created:
        raise WrongField("solved", "before", "created")
    if archived is not None and archived < (solved or created):
        raise WrongField("archived", "before", "solved" if solved else "created")
    login = given["owner"].lower()
    if login and login not in known.people:
        raise WrongField("owner", "follower", login)
    return Origin(given["number"], created, solved, archived, known.people.get(login))


def _moment(name: str, text: str, known: Known) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise WrongField(name, "moment", text) from None
    found = found if found.tzinfo else found.replace(tzinfo=known.zone)
    if not found.year >= 2000 or found > known.now:
        raise WrongField(name, "future", text)
    return found


def _count(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_COUNTED):
        raise WrongField(name, "count", text)
    return int(text)


def _one_of(kinds: type[K], name: str, text: str) -> K:
    try:
        return kinds(text)
    except ValueError:
        raise WrongField(name, "choice", ", ".join(kinds)) from None
