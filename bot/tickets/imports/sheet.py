"""Tickets of another system from a CSV file: each row is one, or is named with what is wrong in it."""

from collections.abc import Iterator, Mapping
from csv import DictReader
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import TypeVar

from bot.spreadsheets import Wrong, WrongField, fields_of, lines_of
from bot.tickets.sought import OUTSIDE
from channels.telephone import spelled
from router.tickets.acts import Draft, Origin
from router.tickets.decision import Circumstances
from router.tickets.opening import lacks
from router.tickets.rules import TicketRules
from router.tickets.ticket import Grade, TicketKind

K = TypeVar("K", bound=StrEnum)
COLUMNS = (
    "number", "phone", "name", "kind", "business", "text", "cause", "grade", "department", "people", "loss", "owner",
    "created", "solved", "archived",
)  # fmt: skip
NEEDED = ("number", "phone", "business", "text", "created")
MOST = 2_000
"""Characters of a field."""
MOST_COUNTED = 1_000_000_000
LACKS = {
    "text": "text: says too little",
    "business": "business: is no business type of which tickets can be",
    "department": "department: is not known",
    "cause": "cause: a complaint has one of the causes that are known",
}


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
    return list(_rows(lines_of(content, COLUMNS, NEEDED), known))


def _rows(lines: "DictReader[str]", known: Known) -> Iterator[Brought | Wrong]:
    seen: set[str] = set()
    for fields in lines:
        try:
            row = _row(lines.line_num, fields_of(fields, COLUMNS, most=MOST), known)
            if row.origin.number in seen:
                raise WrongField(f"number: {row.origin.number} stands twice")
        except WrongField as error:
            yield Wrong(lines.line_num, str(error))
            continue
        seen.add(row.origin.number)
        yield row


def _row(line: int, given: Mapping[str, str], known: Known) -> Brought:
    if OUTSIDE.fullmatch(given["number"]) is None:
        raise WrongField("number: 1 to 60 visible characters of ASCII, a digit among them")
    try:
        phone = spelled(given["phone"])
    except ValueError:
        raise WrongField("phone: is no telephone number") from None
    draft = _draft(given, known)
    if missing := lacks(draft, Circumstances(known.now, known.rules, "zh", written=False)):
        raise WrongField(LACKS[missing])
    return Brought(line, phone, given["name"], draft, _origin(given, known))


def _draft(given: Mapping[str, str], known: Known) -> Draft:
    kind = _one_of(TicketKind, "kind", given["kind"] or TicketKind.MATTER)
    complaint = kind is TicketKind.COMPLAINT
    grade = _one_of(Grade, "grade", given["grade"]) if given["grade"] else None
    if grade is not None and not complaint:
        raise WrongField("grade: only complaints have one")
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
    )


def _origin(given: Mapping[str, str], known: Known) -> Origin:
    created, solved, archived = (_moment(name, given[name], known) for name in ("created", "solved", "archived"))
    if created is None:
        raise WrongField("created: is missing")
    if solved is not None and solved < created:
        raise WrongField("solved: is before created")
    if archived is not None and archived < (solved or created):
        raise WrongField("archived: is before solved or created")
    login = given["owner"].lower()
    if login and login not in known.people:
        raise WrongField(f"owner: nobody who can follow tickets logs in as {login}")
    return Origin(given["number"], created, solved, archived, known.people.get(login))


def _moment(name: str, text: str, known: Known) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise WrongField(f"{name}: {text!r} is no moment such as 2027-01-31 09:30") from None
    found = found if found.tzinfo else found.replace(tzinfo=known.zone)
    if not found.year >= 2000 or found > known.now:
        raise WrongField(f"{name}: {text} is not in the past")
    return found


def _count(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_COUNTED):
        raise WrongField(f"{name}: {text!r} is no whole number")
    return int(text)


def _one_of(kinds: type[K], name: str, text: str) -> K:
    try:
        return kinds(text)
    except ValueError:
        raise WrongField(f"{name}: {text!r} is none of {', '.join(kinds)}") from None
