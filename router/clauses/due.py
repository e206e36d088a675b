"""When one clause is due for one subject."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from router.calendar import Calendar
from router.clauses.clause import Clause

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Subject(Protocol):
    """A record that somebody waits for."""

    @property
    def kind(self) -> str:
        """Its kind, one of ``SUBJECTS``."""

    def fact(self, name: str) -> str | None:
        """The value of a fact that ``when`` can ask for; None where it has none."""

    def mark(self, name: str) -> datetime | None:
        """A mark, aware UTC; None while it has not been reached."""

    def extended(self, clause_id: str) -> datetime | None:
        """The new due time (aware UTC) where this limit was extended; None where it was not."""


class Due(NamedTuple):
    """A deadline that is open. All times are aware UTC. (A tuple, for one is made with every message.)"""

    clause_id: str
    opened: datetime
    due: datetime
    thresholds: tuple[datetime, ...]
    """The warnings that lie after ``opened``, then ``due``, then what the ladder names after it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A clause made ready: what is left to ask of ``when``, and its calendar."""

    clause: Clause
    asks: tuple[tuple[str, frozenset[str]], ...]
    calendar: Calendar | None
    """None where the limit is a duration and the calendar never closes."""
    into: Calendar | None = None
    """Due times are moved to its first open moment."""
    plain: bool = field(init=False)
    """Whether nothing but marks and a duration makes the limit: no hours, no rounds, no conditions."""

    def __post_init__(self) -> None:
        clause = self.clause
        hours = self.calendar is not None or self.into is not None
        object.__setattr__(self, "plain", not (hours or self.asks or clause.every or clause.within is None))


def deadline(subject: Subject, rule: Rule) -> Due | None:
    """The deadline of one clause; None where it is not open."""
    for fact, values in rule.asks:
        if subject.fact(fact) not in values:
            return None
    clause = rule.clause
    opened = _latest(subject, clause.since)
    if opened is None:
        return None
    ended = subject.mark(clause.until)
    if ended is not None and ended >= opened:
        return None
    limit = _limit(subject, clause, opened)
    due = _end(rule, opened, limit)
    if due is None:
        return None
    due = _rounded(due, clause.round)
    if rule.into is not None:
        due = rule.into.next_open(due)
    extended = subject.extended(clause.id)
    if extended is not None and extended > due:
        return _with_warnings(clause, opened, extended, (extended - before for before in clause.warn))
    if not clause.warn and not clause.after:
        return Due(clause.id, opened, due, (due,))
    return _with_warnings(clause, opened, due, _warnings(rule, opened, due, limit))


def stays(subject: Subject, rule: Rule, due: datetime) -> bool:
    """Whether a plain limit is open and runs out at ``due`` as before: what ``deadline`` would say, at a third of its
    cost. Nearly every message asks only this."""
    clause = rule.clause
    opened = _latest(subject, clause.since)
    if opened is None or clause.within is None or subject.mark(clause.until) is not None:
        return False
    return _rounded(opened + clause.within, clause.round) == due and subject.extended(clause.id) is None


def _latest(subject: Subject, marks: tuple[str, ...]) -> datetime | None:
    if len(marks) == 1:
        return subject.mark(marks[0])
    latest: datetime | None = None
    for mark in marks:
        at = subject.mark(mark)
        if latest is None or (at is not None and at > latest):
            latest = at
    return latest


def _limit(subject: Subject, clause: Clause, opened: datetime) -> timedelta | None:
    if clause.every is not None and subject.mark(clause.since[-1]) == opened:
        return clause.every
    return clause.within


def _end(rule: Rule, opened: datetime, limit: timedelta | None) -> datetime | None:
    """When the limit runs out; None where that is a closing time which never comes."""
    clause, calendar = rule.clause, rule.calendar
    if limit is not None:
        return opened + limit if calendar is None else calendar.add(opened, limit)
    assert calendar is not None
    if clause.clock is not None:
        return calendar.next_clock(opened, clause.clock, next_day=clause.next_day)
    return calendar.closing(opened) if clause.closing else calendar.add_days(opened, clause.days)


def _rounded(at: datetime, multiple: timedelta | None) -> datetime:
    """Moved up to the next multiple since the epoch, never down."""
    return at if multiple is None else at + (EPOCH - at) % multiple


def _warnings(rule: Rule, opened: datetime, due: datetime, limit: timedelta | None) -> Iterator[datetime]:
    """Before a duration's end in open time, so that nobody is warned at night; before a clock time by the clock."""
    clause, calendar = rule.clause, rule.calendar
    if limit is None or calendar is None:
        return (due - before for before in clause.warn)
    return (_rounded(calendar.add(opened, limit - before), clause.round) for before in clause.warn)


def _with_warnings(clause: Clause, opened: datetime, due: datetime, warnings: Iterable[datetime]) -> Due:
    later = (due + after for after in clause.after)
    return Due(clause.id, opened, due, (*(at for at in warnings if opened < at < due), due, *later))
