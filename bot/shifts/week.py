"""A week of the roster: who has which shift on which day, unit by unit, and what a form changes in it."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from itertools import groupby

from bot.db import Row, Statements
from bot.people.rights import RIGHTS, Permission
from bot.shifts.shifts import SQL, Plan, Shift

DAYS = 7
SERVING = [role.value for role, rights in RIGHTS.items() if Permission.SERVE in rights.permissions]
"""Roles of those who can be planned."""


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday on."""

    first: date

    @classmethod
    def of(cls, day: date) -> "Week":
        """The week of a day."""
        return cls(day - timedelta(days=day.weekday()))

    @property
    def days(self) -> list[date]:
        """Monday to Sunday."""
        return [self.first + timedelta(days=number) for number in range(DAYS)]

    def moved(self, weeks: int) -> "Week":
        """So many weeks later."""
        return Week(self.first + timedelta(weeks=weeks))


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody's week."""

    id: int
    name: str
    login: str
    days: tuple[str, ...]
    """Codes of the shifts from Monday to Sunday; empty for a day off."""


@dataclass(frozen=True, slots=True)
class Crew:
    """The people of a unit in a week."""

    unit: int
    name: str
    lines: tuple[Line, ...]

    @property
    def counts(self) -> list[int]:
        """How many are on duty on each day."""
        return [sum(1 for line in self.lines if line.days[day]) for day in range(DAYS)]

    @property
    def seal(self) -> str:
        """Names what stands here; another plan has another one."""
        told = [(line.id, line.days) for line in sorted(self.lines, key=lambda one: one.id)]
        return sha256(repr(told).encode()).hexdigest()[:16]


async def crews(database: Statements, week: Week, below: str) -> list[Crew]:
    """The weeks of everybody who serves below a path of the organisation, unit by unit."""
    duties: Mapping[int, dict[date, str]] = defaultdict(dict)
    for row in await database.fetch(SQL["week"], week.days[0], week.days[-1], below):
        duties[row["agent_id"]][row["day"]] = row["shift"]
    people = await database.fetch(SQL["crew"], below, SERVING)
    return [_crew(unit, list(rows), duties, week) for unit, rows in groupby(people, lambda row: row["unit_id"])]


def _crew(unit: int, rows: Sequence[Row], duties: Mapping[int, dict[date, str]], week: Week) -> Crew:
    lines = tuple(
        Line(row["id"], row["name"], row["login"], tuple(duties[row["id"]].get(day, "") for day in week.days))
        for row in rows
    )
    return Crew(unit, rows[0]["unit"], lines)


def typed(crew: Crew, form: Mapping[str, str]) -> Crew:
    """The week as a form has it: a field ``ID.DAY`` for each day, counted from Monday; what it lacks stays."""
    lines = tuple(
        Line(one.id, one.name, one.login, tuple(form.get(f"{one.id}.{n}", day) for n, day in enumerate(one.days)))
        for one in crew.lines
    )
    return Crew(crew.unit, crew.name, lines)


def copied(crew: Crew, other: Crew, week: Week, today: date) -> Crew:
    """The week with the days of another one, person by person; days that have passed stay as they were."""
    theirs = {line.id: line.days for line in other.lines}
    passed = sum(1 for day in week.days if day < today)
    lines = tuple(
        Line(one.id, one.name, one.login, one.days[:passed] + theirs.get(one.id, one.days)[passed:])
        for one in crew.lines
    )
    return Crew(crew.unit, crew.name, lines)


@dataclass(frozen=True, slots=True)
class Gap:
    """The days that are wanted by a kind of shift for which nobody is planned any more."""

    code: str
    days: tuple[tuple[Line, tuple[date, ...]], ...]
    """Person by person."""

    @property
    def count(self) -> int:
        """Days of people."""
        return sum(len(days) for _, days in self.days)


def fitting(crew: Crew, wanted: Crew, week: Week, shifts: Container[str]) -> tuple[Crew, list[Gap]]:
    """What of a week can be planned, and what cannot: such days stay as they are planned now.

    Args:
        crew: as it is planned now.
        wanted: as it is to be.
        week: whose days they are.
        shifts: codes that are in use.
    """
    lines, gaps = [], defaultdict[str, list[tuple[Line, tuple[date, ...]]]](list)
    for before, after in zip(crew.lines, wanted.lines, strict=True):
        misfits = {n for n, code in enumerate(after.days) if code not in ("", before.days[n]) and code not in shifts}
        for code in sorted({after.days[n] for n in misfits}):
            gaps[code].append((before, tuple(week.days[n] for n in sorted(misfits) if after.days[n] == code)))
        days = tuple(before.days[n] if n in misfits else code for n, code in enumerate(after.days))
        lines.append(replace(after, days=days))
    return replace(wanted, lines=tuple(lines)), [Gap(code, tuple(gaps[code])) for code in sorted(gaps)]


def instead(crew: Crew, others: Mapping[str, str]) -> Crew:
    """The week with other kinds of shifts in the stead of some: theirs by code."""
    lines = tuple(replace(line, days=tuple(others.get(code, code) for code in line.days)) for line in crew.lines)
    return replace(crew, lines=lines)


def changes(crew: Crew, wanted: Crew, week: Week, today: date, shifts: Mapping[str, Shift]) -> list[Plan] | None:
    """What is to be planned anew; None where a shift is unknown, or a day has passed."""
    found = list(_differing(crew, wanted, week))
    if any(day < today or (code and code not in shifts) for _, day, code in found):
        return None
    return [Plan(agent, day, shifts.get(code)) for agent, day, code in found]


def _differing(crew: Crew, wanted: Crew, week: Week) -> Iterable[tuple[int, date, str]]:
    for before, after in zip(crew.lines, wanted.lines, strict=True):
        for day, was, is_ in zip(week.days, before.days, after.days, strict=True):
            if was != is_:
                yield before.id, day, is_
