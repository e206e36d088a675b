"""The service standard as data: which deadlines a subject has follows from its marks and facts, and from nothing else.

    from ──────────── warn ── warn ── due        open while ``from`` is set and ``until`` is not set at or after it
    opened            thresholds ────────┘

Nothing here starts or cancels a deadline: whoever saves a subject asks again, and compares with what ran before.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from router.calendar import SHANGHAI, Calendar
from router.clauses import asking, declared, hours
from router.clauses.asking import AskingRules
from router.clauses.clause import Clause, read
from router.clauses.due import Due, Rule, Subject, deadline
from router.clauses.period import hours as hours_of_day
from router.clauses.subjects import SUBJECTS, SubjectKind
from router.clauses.table import Source, StandardError, table

__all__ = ["Clause", "Due", "Standard", "StandardError", "Step", "Subject", "next_step", "open_deadlines", "parse"]


CALENDARS = ("service", "working", "customers")
NEVER_QUIET = {"daily": ["00:00-24:00"]}
"""Where a standard names no hours of customers."""


class Step(NamedTuple):
    """How far a deadline has come."""

    step: int
    """How many thresholds have passed."""
    next_at: datetime | None
    """The next one, aware UTC; None after the last one."""
    breached: bool
    """Whether the due time has passed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules for one kind of subject, sorted by the value of its first fact."""

    fact: str
    by_value: Mapping[str | None, tuple[Rule, ...]]
    otherwise: tuple[Rule, ...]
    """For a value that no clause names."""


@dataclass(frozen=True, slots=True)
class Standard:
    """All clauses with the hours on which they run."""

    clauses: tuple[Clause, ...]
    calendar: Calendar
    """The service hours: calendar ``service``."""
    working: Calendar
    """Calendar ``working``."""
    customers: Calendar = field(default_factory=Calendar)
    """When we may turn to customers unasked: calendar ``customers``; out of it are their quiet hours."""
    kinds: Mapping[str, SubjectKind] = field(default_factory=lambda: SUBJECTS)
    """What its clauses can be about: the house's kinds, or those that the pack declares."""
    pack: str = ""
    """The pack's name; empty for the house's own standard."""
    title: Mapping[str, str] = field(default_factory=dict)
    """The pack's name for people, by language."""
    surveys: AskingRules = field(default_factory=AskingRules)
    """Whom surveys ask."""
    plans: Mapping[str, Plan] = field(init=False, repr=False, compare=False)
    """By kind of subject."""
    _by_id: Mapping[str, Clause] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        plans = {kind: self._plan(kind) for kind in {clause.subject for clause in self.clauses}}
        object.__setattr__(self, "plans", MappingProxyType(plans))
        object.__setattr__(self, "_by_id", MappingProxyType({clause.id: clause for clause in self.clauses}))

    def clause(self, clause_id: str) -> Clause:
        """The clause of that id.

        Raises:
            KeyError: the standard has none.
        """
        return self._by_id[clause_id]

    def find(self, clause_id: str) -> Clause | None:
        """The clause of that id; None where the standard has none."""
        return self._by_id.get(clause_id)

    def with_hours(self, *periods: str) -> "Standard":
        """The same standard with other service hours, the same on every day, such as ``00:00-24:00``.

        Raises:
            ValueError: no periods of a day.
        """
        calendar = Calendar((hours_of_day(periods),) * 7, self.calendar.zone)
        return replace(self, calendar=calendar)

    def without_quiet_hours(self) -> "Standard":
        """The same standard where customers may be turned to at any time."""
        return replace(self, customers=Calendar(zone=self.customers.zone))

    def _plan(self, kind: str) -> Plan:
        clauses = [clause for clause in self.clauses if clause.subject == kind]
        fact = next(iter(self.kinds[kind].facts), "")
        named = {value for clause in clauses for value in clause.when.get(fact, ())}
        by_value: dict[str | None, tuple[Rule, ...]] = {
            value: tuple(self._rule(clause, fact) for clause in clauses if value in clause.when.get(fact, named))
            for value in named
        }
        otherwise = tuple(self._rule(clause, fact) for clause in clauses if fact not in clause.when)
        return Plan(fact, by_value, otherwise)

    def _rule(self, clause: Clause, sorted_by: str) -> Rule:
        asks = tuple((fact, values) for fact, values in clause.when.items() if fact != sorted_by)
        calendars = {"service": self.calendar, "working": self.working, "customers": self.customers}
        calendar = calendars.get(clause.calendar) or Calendar(zone=self.calendar.zone)
        plain = clause.within is not None and calendar.never_closes
        return Rule(clause, asks, None if plain else calendar, calendars.get(clause.into))


def parse(text: str, zone: ZoneInfo = SHANGHAI, house: Standard | None = None) -> Standard:
    """Read a standard from its TOML: the house's own, or a pack, which names itself and what its clauses are about.

    Args:
        text: the whole of it.
        zone: the operator's, in which hours are meant where the text names no other.
        house: the house's standard, whose hours a pack keeps that names none.

    Raises:
        StandardError: it does not hold; the error names the line and the clause.
    """
    source = Source(text)
    tables = source.tables()
    head = declared.read(source, tables)
    if house is not None and head.pack and not {"calendar", "hours"} & tables.keys():
        calendars = house.calendar, house.working, house.customers
        return Standard(_clauses(source, tables, head), *calendars, head.kinds, head.pack, head.title)
    days = table(source, "calendar", tables.pop("calendar", {}))
    days.only(("zone", "holidays", "workdays"))
    opening = table(source, "hours", tables.pop("hours", {}))
    opening.only(CALENDARS)
    service, working, customers = (
        hours.read(
            table(source, f"hours.{name}", opening.values.get(name, NEVER_QUIET if name == "customers" else {})),
            days,
            rests=name == "working",
            otherwise=zone,
        )
        for name in CALENDARS
    )
    surveys = asking.read(source, tables.pop("surveys", {}))
    clauses = _clauses(source, tables, head)
    return Standard(clauses, service, working, customers, head.kinds, head.pack, head.title, surveys)


def open_deadlines(subject: Subject, standard: Standard) -> tuple[Due, ...]:
    """The deadlines that a subject has by its marks and facts as they stand, in the order of the standard.

    Where a limit was extended, the new due time counts if it is the later one, with the same warnings before it. A
    clause with ``every`` has one round open at a time: the first one lasts ``within``; a report moves the last mark
    of ``from``, and with it this deadline gives way to that of the next round, which lasts ``every``.
    """
    return tuple([due for rule in rules(subject, standard) if (due := deadline(subject, rule)) is not None])


def rules(subject: Subject, standard: Standard) -> tuple[Rule, ...]:
    """The rules that may apply to a subject as it stands, in the order of the standard."""
    plan = standard.plans.get(subject.kind)
    if plan is None:
        return ()
    return plan.by_value.get(subject.fact(plan.fact), plan.otherwise) if plan.fact else plan.otherwise


def next_step(due: Due, now: datetime) -> Step:
    """How far a deadline has come at ``now`` (aware UTC).

    Several thresholds that were missed count as the latest only. After the last one there is no next one, for repeating
    clauses neither: their next round begins when a report moves the mark that it counts from.
    """
    step = bisect_right(due.thresholds, now)
    return Step(step, due.thresholds[step] if step < len(due.thresholds) else None, due.due <= now)


def _clauses(source: Source, tables: Mapping[str, object], head: declared.Head) -> tuple[Clause, ...]:
    return tuple(read(table(source, name, value), head.kinds) for name, value in _clause_tables(source, tables))


def _clause_tables(source: Source, tables: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in tables.items():
        for inner, found in value.items() if isinstance(value, dict) else ():
            if isinstance(found, dict) and "subject" in found:
                raise source.error(f"{name}.{inner}", f'a clause\'s id stands in quotes: ["{name}.{inner}"]')
        yield name, value
