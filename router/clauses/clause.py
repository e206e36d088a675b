"""A clause of the standard is two marks and a limit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from itertools import pairwise
from types import MappingProxyType

from router.clauses import ladder
from router.clauses.ladder import Rung
from router.clauses.subjects import ACTS_OF_THE_CLOCK, SubjectKind
from router.clauses.table import Table

CALENDARS = ("always", "service", "working")
CLOSING = "closing"
NEXT_DAY = " next day"
KEYS = (
    "title", "section", "subject", "when", "from", "until", "within", "by", "calendar", "into", "every", "round",
    "warn", "alert", "on_breach",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clause:
    """From the latest of some marks until another, within a limit.

    Exactly one of ``within``, ``days``, ``clock`` and ``closing`` is the limit.
    """

    id: str
    """Such as ``ticket.transfer``."""
    section: str
    """Where the standard says so; ``ours`` where it does not."""
    subject: str
    """A kind of ``SUBJECTS``."""
    since: tuple[str, ...]
    """``from``: the latest of these marks that is set."""
    until: str
    when: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    """Facts with the values for which the clause holds; all of them must."""
    calendar: str = "always"
    within: timedelta | None = None
    """Open time of the calendar."""
    days: int = 0
    """Whole days of the service or working calendar; the day of the mark does not count."""
    clock: time | None = None
    """``by``: the first such local time after the mark on a day with hours."""
    next_day: bool = False
    """Whether ``clock`` is that of a later day: ``by = "08:00 next day"``."""
    closing: bool = False
    """``by = "closing"``: the end of the service day."""
    into: str = ""
    """A calendar: the due time is moved to the first moment at which that is open. Empty: it is not moved."""
    every: timedelta | None = None
    """The limit of each further round, counted from the last mark of ``since``, such as each further report."""
    round: timedelta | None = None
    """Due times are moved up to the next multiple, so that a stream of messages does not move them each time."""
    warn: tuple[timedelta, ...] = ()
    """How long before the due time, longest first: open time of the calendar where the limit is ``within``."""
    alert: tuple[Rung, ...] = ()
    """The ladder: the first threshold that passes alerts the first, and so on; the last one hears of all others."""
    after: tuple[timedelta, ...] = ()
    """How long after the due time the ladder calls somebody as well, shortest first; by the clock."""
    on_breach: str = ""
    """What is done when the limit runs out; empty: it is recorded, and the last of the ladder alerted."""
    title: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What people call it, by language; empty where ``templates/words`` says it."""

    @property
    def is_promise(self) -> bool:
        """Whether running out is a failure; a clause such as ``survey.online`` only says when to act."""
        return self.on_breach not in ACTS_OF_THE_CLOCK


def read(table: Table, kinds: Mapping[str, SubjectKind]) -> Clause:
    """Read a clause from its table.

    Args:
        table: the clause.
        kinds: what it can be about.

    Raises:
        StandardError: it does not hold; the error names the line.
    """
    table.only(KEYS)
    kind_name = table.known(table.required("subject"), tuple(kinds), "subject")
    kind = kinds[kind_name]
    since = _marks(table, kind, "from")
    rungs = ladder.read(table, kind.audiences)
    clause = Clause(
        id=_id(table),
        section=table.required("section"),
        subject=kind_name,
        since=since,
        until=table.known(table.required("until"), kind.marks, "until"),
        when=_when(table.table("when"), table, kind),
        calendar=table.known(table.text("calendar") or "always", CALENDARS, "calendar"),
        within=None if _counts_days(table) else table.duration("within"),
        days=_days(table),
        clock=_clock(table),
        next_day=table.text("by").endswith(NEXT_DAY),
        closing=table.text("by") == CLOSING,
        into=table.known(table.text("into"), ("", "service", "working", "customers"), "into"),
        every=table.duration("every"),
        round=table.duration("round"),
        warn=table.durations("warn"),
        alert=rungs,
        after=ladder.after(rungs),
        on_breach=table.known(table.text("on_breach"), ("", *kind.acts), "on_breach"),
        title=table.titles("title"),
    )
    _check_limit(table, clause)
    _check_times(table, clause)
    return clause


def _id(table: Table) -> str:
    if not re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", table.name):
        raise table.error("an id is lower-case words with dots, such as ticket.transfer")
    return table.name


def _marks(table: Table, kind: SubjectKind, key: str) -> tuple[str, ...]:
    marks = table.texts(key)
    if not marks:
        raise table.error(f'"{key}" is missing')
    return tuple(table.known(mark, kind.marks, key) for mark in marks)


def _when(when: Table, clause: Table, kind: SubjectKind) -> Mapping[str, frozenset[str]]:
    found = {}
    for fact in when.values:
        values = kind.facts[clause.known(fact, tuple(kind.facts), "when")]
        asked = when.texts(fact)
        if not asked:
            raise clause.error(f"when: {fact} has no values", "when")
        found[fact] = frozenset(clause.known(value, values, "when") if values else value for value in asked)
    return MappingProxyType(found)


def _counts_days(table: Table) -> bool:
    """Days around the clock are 24 hours each; days of a calendar with hours are counted whole."""
    return table.text("within").endswith("d") and table.text("calendar") not in ("", "always")


def _days(table: Table) -> int:
    within = table.duration("within")
    return within.days if within and _counts_days(table) else 0


def _clock(table: Table) -> time | None:
    by = table.text("by").removesuffix(NEXT_DAY)
    if by in ("", CLOSING):
        return None
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", by):
        raise table.error(f'by: "{by}" is neither a time such as 08:00 nor "{CLOSING}"', "by")
    return time.fromisoformat(by)


def _check_limit(table: Table, clause: Clause) -> None:
    if ("within" in table.values) == ("by" in table.values):
        raise table.error('exactly one of "within" and "by" is the limit')
    if clause.closing and clause.calendar == "always":
        raise table.error('by: closing time is that of calendar = "service" or "working"', "by")
    if clause.until in clause.since:
        raise table.error(f'until: "{clause.until}" is a mark of "from" as well', "until")
    if clause.every and (len(clause.since) < 2 or not clause.within):
        raise table.error('every: needs "within", and a second mark in "from" that each round sets anew', "every")


def _check_times(table: Table, clause: Clause) -> None:
    shortest = min(clause.within, clause.every or clause.within) if clause.within else timedelta(days=clause.days or 1)
    if clause.warn and clause.warn[0] >= shortest:
        raise table.error("warn: a warning must be shorter than the limit", "warn")
    if clause.warn and clause.closing:
        raise table.error("warn: closing time has no warnings", "warn")
    steps = (shortest, *clause.warn, timedelta())
    if clause.round and (clause.round == shortest or clause.round > min(a - b for a, b in pairwise(steps))):
        raise table.error(
            "round: must be shorter than the limit, and no longer than the time between warnings", "round"
        )
