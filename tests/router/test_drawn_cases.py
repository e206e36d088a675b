"""Due times of drawn clauses on drawn calendars agree with a model that walks through the minutes, case by case.

``HUIYING_TEST_CASES=100000 pytest tests/router/test_drawn_cases.py`` is the long form. A case is drawn from its number
alone, so that one that fails can be looked at again: ``HUIYING_TEST_CASE=4711``.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from random import Random

import pytest

from router.calendar import SHANGHAI, Calendar
from router.clauses.period import MINUTES_OF_DAY, Hours, Period, hours, overlap
from router.standard import Standard, open_deadlines, parse
from tests.router.slow_calendar import SlowCalendar
from tests.router.test_calendar import BERLIN, NOON, OFFICE, TURNS
from tests.router.test_due_times import CLAUSE, CLOCKS, SECONDS
from tests.router.test_standard import HOURS, Record

pytestmark = pytest.mark.pure

CASES = int(os.environ.get("HUIYING_TEST_CASES", "2000"))
ONLY = os.environ.get("HUIYING_TEST_CASE", "")
EDGES = (0, 1, 60, 120, 180, 480, 540, 720, 1080, 1320, 1439)
USUAL: Sequence[Hours] = (
    (), hours(["00:00-24:00"]), OFFICE, hours(["08:00-20:00", "20:00-08:00"]), hours(["20:00-02:00"]),
    hours(["02:00-03:00"]),
)  # fmt: skip
LIMITS = {"30m": ("10m", "90s"), "2h": ("1h", "30m"), "25h": ("1h", "30m"), "1d": ("1h",), "3d": ()}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """A limit as a standard says it, with its warnings."""

    text: str
    warn: tuple[str, ...]
    standard: Standard


def test_every_drawn_case_is_what_the_walk_through_the_minutes_finds() -> None:
    limits = [_limit(f'within = "{text}"', warn) for text, warn in LIMITS.items()]
    limits += [_limit(f'by = "{clock}{day}"', ("1h",)) for clock in CLOCKS for day in ("", " next day")]
    for number in [int(ONLY)] if ONLY else range(CASES):
        chance = Random(number)
        calendar, at = _calendar(chance)
        try:
            _agree(calendar, at, chance)
            _is_due(calendar, at, chance.choice(limits))
        except AssertionError as error:
            raise AssertionError(f"case {number}: {at.isoformat()} on {calendar}") from error


def _agree(calendar: Calendar, at: datetime, chance: Random) -> None:
    """Whatever a calendar can be asked is what the model says."""
    slow, length = SlowCalendar(calendar), timedelta(seconds=chance.randrange(30 * 3600) + chance.random())
    clock, days = chance.choice([*EDGES, *([chance.randrange(180, 1440)] * 5)]), chance.randint(1, 5)
    assert calendar.is_open(at) == slow.is_open(at)
    assert calendar.next_open(at) == slow.next_open(at)
    assert calendar.next_close(at) == slow.next_close(at)
    assert calendar.closing(at) == slow.closing(at)
    assert calendar.add(at, length) == slow.add(at, length)
    assert calendar.add_days(at, days) == slow.add_days(at, days)
    if calendar.zone is SHANGHAI:  # Elsewhere a clock may show this time twice in a night, or never.
        shown = time(clock // 60, clock % 60)
        assert calendar.next_clock(at, shown) == slow.next_clock(at, clock)
        assert calendar.next_clock(at, shown, next_day=True) == slow.clock_of_next_day(at, clock)


def _is_due(calendar: Calendar, at: datetime, limit: Limit) -> None:
    """A record that began at a moment is due, and warned about, when the model says so."""
    standard = replace(limit.standard, calendar=calendar)
    (due,) = open_deadlines(Record("ticket", {"created": at}), standard)
    slow, clause = SlowCalendar(calendar), limit.standard.clauses[0]
    before = [timedelta(seconds=SECONDS[text]) for text in limit.warn]
    if clause.within is not None:
        expected = [slow.add(at, clause.within - one) for one in before] + [slow.add(at, clause.within)]
    else:
        end = slow.add_days(at, clause.days) if clause.days else _by(slow, at, limit.text)
        expected = [*(end - one for one in before), end]
    assert due.due == expected[-1]
    assert list(due.thresholds) == [one for one in expected[:-1] if at < one < due.due] + [due.due]


def _by(slow: SlowCalendar, at: datetime, text: str) -> datetime:
    minutes = CLOCKS[text[6:11]]
    return slow.clock_of_next_day(at, minutes) if "next day" in text else slow.next_clock(at, minutes)


def _limit(text: str, warn: tuple[str, ...]) -> Limit:
    named = f"warn = {list(warn)}\n".replace("'", '"') if warn else ""
    return Limit(text, warn, parse(f'{HOURS}{CLAUSE}{text}\ncalendar = "service"\n{named}'))


# Drawing -------------------------------------------------------------------------------------------------------------


def _calendar(chance: Random) -> tuple[Calendar, datetime]:
    """Any week with at least ten hours, with days off and swapped workdays around the moment that is asked about."""
    zone, middle = (SHANGHAI, NOON) if chance.random() < 0.7 else (BERLIN, chance.choice(TURNS))
    week = [_day(chance)] * 7 if chance.random() < 0.4 else [_day(chance) for _ in range(7)]
    if sum(period.end - period.start for day in week for period in day) < 600:
        week[0] = OFFICE
    near = [middle.date() + DAY * number for number in range(-6, 13)]
    holidays = frozenset(chance.sample(near, chance.randrange(5)))
    workdays = frozenset(chance.sample(near, chance.randrange(5))) - holidays
    special = [_day(chance) if chance.random() < 0.7 else None for _ in range(2)]
    at = middle + timedelta(seconds=chance.randrange(-4 * 86400, 6 * 86400), microseconds=chance.randrange(10**6))
    at = at.replace(second=0, microsecond=0) if chance.random() < 0.3 else at
    return Calendar(tuple(week), zone, holidays, workdays, special[0], special[1]), at.astimezone(UTC)


def _day(chance: Random) -> Hours:
    """The hours of a day; none begin or end within an hour in which clocks may be changed."""
    while chance.random() < 0.6:
        found = tuple(sorted(_period(chance) for _ in range(chance.randrange(4))))
        if not overlap(found):
            return found
    return chance.choice(USUAL)


def _period(chance: Random) -> Period:
    start, end = (chance.choice(EDGES) if chance.random() < 0.4 else chance.randrange(180, 1440) for _ in range(2))
    return Period(start, end if end > start else end + MINUTES_OF_DAY)
