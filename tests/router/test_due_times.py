"""Due times and warnings of random clauses on random calendars agree with a model that walks through the minutes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.calendar import Calendar
from router.standard import Due, Standard, open_deadlines, parse
from tests.router.slow_calendar import SlowCalendar
from tests.router.test_calendar import FEW, NIGHT_SHIFT, WORKING, calendars, local, moments
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


# By hand -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calendar", "limit", "created", "warned", "due"),
    [
        pytest.param(
            WORKING, 'within = "2h"', "2026-11-20 17:30", "2026-11-23 09:30", "2026-11-23 10:30",
            id="Friday evening: half an hour is left, and the warning comes on Monday",
        ),
        pytest.param(
            WORKING, 'within = "2h"', "2026-10-09 17:30", "2026-10-10 09:30", "2026-10-10 10:30",
            id="the eve of a swapped workday runs on into that Saturday",
        ),
        pytest.param(
            WORKING, 'within = "2h"', "2026-09-30 17:30", "2026-10-08 09:30", "2026-10-08 10:30",
            id="the eve of the National Day runs on when the days off are over",
        ),
        pytest.param(
            WORKING, 'within = "2h"', "2026-11-20 10:00", "2026-11-20 11:00", "2026-11-20 12:00",
            id="a limit that is used up as the lunch break begins ends there",
        ),
        pytest.param(
            WORKING, 'within = "2h"', "2026-11-20 10:20", "2026-11-20 11:20", "2026-11-20 13:20",
            id="a limit that would end in the lunch break ends after it",
        ),
        pytest.param(
            WORKING, 'within = "2h"', "2026-11-20 12:30", "2026-11-20 14:00", "2026-11-20 15:00",
            id="a limit that begins in the lunch break begins after it",
        ),
        pytest.param(
            NIGHT_SHIFT, 'within = "2h"', "2026-11-20 23:30", "2026-11-21 00:30", "2026-11-21 01:30",
            id="an overnight shift goes on past midnight",
        ),
        pytest.param(
            NIGHT_SHIFT, 'within = "2h"', "2026-11-21 01:30", "2026-11-21 08:30", "2026-11-21 09:30",
            id="and what its end leaves is for the morning shift",
        ),
        pytest.param(
            WORKING, 'within = "1d"', "2026-11-20 17:59", "2026-11-23 17:00", "2026-11-23 18:00",
            id="one working day from a Friday evening is the whole of Monday",
        ),
        pytest.param(
            WORKING, 'within = "1d"', "2026-10-09 08:00", "2026-10-10 17:00", "2026-10-10 18:00",
            id="one working day from the eve of a swapped workday is that Saturday",
        ),
        pytest.param(
            WORKING, 'by = "08:00"', "2026-11-20 07:30", None, "2026-11-20 08:00", id="by eight, before eight",
        ),
        pytest.param(
            WORKING, 'by = "08:00 next day"', "2026-11-19 07:30", "2026-11-20 07:00", "2026-11-20 08:00",
            id="by eight of the next day, before eight",
        ),
        pytest.param(
            WORKING, 'by = "08:00 next day"', "2026-11-20 00:00", "2026-11-23 07:00", "2026-11-23 08:00",
            id="by eight of the next day from a Friday on is Monday's",
        ),
        pytest.param(
            WORKING, 'by = "08:00 next day"', "2026-10-09 22:10", "2026-10-10 07:00", "2026-10-10 08:00",
            id="by eight of the next day on the eve of a swapped workday",
        ),
        pytest.param(
            NIGHT_SHIFT, 'by = "08:00 next day"', "2026-11-21 01:00", "2026-11-22 07:00", "2026-11-22 08:00",
            id="after midnight the next day is tomorrow, though the shift is yesterday's",
        ),
    ],
)  # fmt: skip
def test_limits_at_the_edges_are_what_people_expect(
    calendar: Calendar, limit: str, created: str, warned: str | None, due: str
) -> None:
    found = only(Record("ticket", {"created": local(created)}), clause(limit, "service", ("1h",), calendar))
    assert found.thresholds == ((local(warned), local(due)) if warned else (local(due),))


def clause(limit: str, name: str, warnings: tuple[str, ...], calendar: Calendar) -> Standard:
    """A standard of one clause, on this calendar."""
    warn = f"warn = {list(warnings)}\n".replace("'", '"') if warnings else ""
    return replace(parse(f'{HOURS}{CLAUSE}{limit}\ncalendar = "{name}"\n{warn}'), calendar=calendar)


def only(record: Record, standard: Standard) -> Due:
    """The one deadline of a record."""
    (due,) = open_deadlines(record, standard)
    return due
