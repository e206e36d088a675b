"""Due times and warnings of random clauses on random calendars agree with a model that walks through the minutes.

``HUIYING_TEST_CASES=100000 pytest tests/router/test_due_times.py`` is the long form.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.calendar import Calendar
from router.standard import Due, Standard, open_deadlines, parse
from tests.router.slow_calendar import SlowCalendar
from tests.router.test_calendar import FEW, calendars, moments
from tests.router.test_standard import HOURS, Record

pytestmark = pytest.mark.pure

CLAUSE = """
["ticket.close"]
section = "ours"
subject = "ticket"
from = ["created", "reported"]
until = "solved"
"""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECONDS = {"90s": 90, "10m": 600, "30m": 1800, "1h": 3600, "2h": 7200, "25h": 90000}
LIMITS = ("30m", "2h", "25h", "1d", "3d")
CLOCKS = {"08:00": 480, "00:00": 0, "23:59": 1439}
BREAK = timedelta(minutes=7)


@settings(max_examples=FEW, deadline=None)
@given(calendars(), moments, st.sampled_from(LIMITS), st.sampled_from(["always", "service"]), st.booleans())
def test_a_limit_of_time_ends_where_the_walk_ends(
    calendar: Calendar, at: datetime, limit: str, name: str, warned: bool
) -> None:
    whole_days = limit.endswith("d")
    warnings = () if not warned else ("10m", "90s") if limit == "30m" else ("1h", "30m")
    due = only(Record("ticket", {"created": at}), clause(f'within = "{limit}"', name, warnings, calendar))
    slow = SlowCalendar(calendar if name == "service" else Calendar())
    if whole_days and name == "service":
        end = slow.add_days(at, int(limit[0]))
        expected = [end - timedelta(seconds=SECONDS[one]) for one in warnings] + [end]
    else:
        length = timedelta(days=int(limit[0])) if whole_days else timedelta(seconds=SECONDS[limit])
        before = [timedelta(seconds=SECONDS[one]) for one in warnings]
        expected = [slow.add(at, length - one) for one in before] + [slow.add(at, length)]
    assert due.due == expected[-1]
    assert list(due.thresholds) == [one for one in expected[:-1] if at < one < due.due] + [due.due]


@settings(max_examples=FEW, deadline=None)
@given(calendars(), moments, st.sampled_from(sorted(CLOCKS)), st.sampled_from(["", " next day"]))
def test_a_clock_time_is_found_by_looking_at_the_clock_each_minute(
    calendar: Calendar, at: datetime, shown: str, day: str
) -> None:
    due = only(Record("ticket", {"created": at}), clause(f'by = "{shown}{day}"', "service", ("1h",), calendar))
    slow, minutes = SlowCalendar(calendar), CLOCKS[shown]
    expected = slow.clock_of_next_day(at, minutes) if day else slow.next_clock(at, minutes)
    assert due.due == expected
    warning = expected - timedelta(hours=1)
    assert due.thresholds == ((warning, expected) if warning > at else (expected,))


@settings(max_examples=FEW, deadline=None)
@given(calendars(), moments)
def test_closing_time_is_that_of_the_walk_and_a_team_that_never_closes_has_none(
    calendar: Calendar, at: datetime
) -> None:
    standard = clause('by = "closing"', "service", (), calendar)
    found = open_deadlines(Record("ticket", {"created": at}), standard)
    expected = SlowCalendar(calendar).closing(at)
    assert [one.due for one in found] == ([] if expected is None else [expected])


@settings(max_examples=FEW, deadline=None)
@given(calendars(), moments, st.lists(st.timedeltas(timedelta(minutes=1), timedelta(hours=40)), max_size=4))
def test_each_report_begins_a_round_that_counts_from_it_alone(
    calendar: Calendar, created: datetime, pauses: list[timedelta]
) -> None:
    standard = clause('within = "1h"\nevery = "2h"\nround = "7m"', "service", (), calendar)
    slow, at = SlowCalendar(calendar), created
    record = Record("ticket", {"created": created})
    for pause in [timedelta(), *pauses]:
        at += pause
        if pause:
            record.marks["reported"] = at
        exact = slow.add(at, timedelta(hours=2 if pause else 1))
        due = only(record, standard).due
        assert timedelta() <= due - exact < BREAK
        assert (due - EPOCH) % BREAK == timedelta()


@given(moments, moments, moments)
def test_a_deadline_is_open_until_its_mark_is_reached_at_or_after_the_latest_of_its_beginnings(
    created: datetime, reported: datetime, solved: datetime
) -> None:
    standard = clause('within = "2h"', "always", (), Calendar())
    record = Record("ticket", {"created": created, "reported": reported, "solved": solved})
    assert bool(open_deadlines(record, standard)) == (solved < max(created, reported))


def clause(limit: str, name: str, warnings: tuple[str, ...], calendar: Calendar) -> Standard:
    """A standard of one clause, on this calendar."""
    warn = f"warn = {list(warnings)}\n".replace("'", '"') if warnings else ""
    return replace(parse(f'{HOURS}{CLAUSE}{limit}\ncalendar = "{name}"\n{warn}'), calendar=calendar)


def only(record: Record, standard: Standard) -> Due:
    """The one deadline of a record."""
    (due,) = open_deadlines(record, standard)
    return due
