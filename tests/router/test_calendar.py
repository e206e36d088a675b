"""The calendar agrees with a minute-by-minute model, and with what people expect at the edges."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.calendar import SHANGHAI, Calendar
from router.clauses.period import MINUTES_OF_DAY, Hours, Period, hours, overlap
from tests.router.slow_calendar import SlowCalendar

pytestmark = pytest.mark.pure

CASES = 120
"""``test_drawn_cases`` looks at many more; these here come down to the smallest case that fails."""
FEW = CASES // 5
"""Where each case walks through many days."""
NOON = datetime(2026, 10, 1, 4, tzinfo=UTC)
OFFICE = hours(["09:00-12:00", "13:00-18:00"])
WORKING = Calendar(
    week=(OFFICE,) * 5 + ((), ()),
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    workdays=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    holiday_hours=(),
    workday_hours=OFFICE,
)
DAILY = Calendar((hours(["08:00-22:00"]),) * 7)
EVE_SHIFT = Calendar((hours(["20:00-04:00"]),) * 7, holidays=WORKING.holidays, holiday_hours=())
NIGHT_SHIFT = Calendar((hours(["08:00-12:00", "20:00-02:00"]),) * 7)


def local(text: str) -> datetime:
    """``2026-11-20 17:30`` on a clock in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def sum_of(found: tuple[datetime, timedelta]) -> datetime:
    return found[0] + found[1]


# Against the model ---------------------------------------------------------------------------------------------------

FEW_EDGES = (0, 1, 480, 540, 720, 1080, 1320, 1439)
minutes = st.one_of(st.sampled_from(FEW_EDGES), st.integers(0, MINUTES_OF_DAY - 1))
lengths = st.one_of(st.sampled_from((1, 60, 540, 720, 840, 1440)), st.integers(1, MINUTES_OF_DAY))
periods = st.builds(lambda start, length: Period(start, start + length), minutes, lengths)
days = st.one_of(
    st.sampled_from([(), hours(["00:00-24:00"]), OFFICE, hours(["08:00-20:00", "20:00-08:00"])]),
    st.lists(periods, max_size=3).map(lambda found: tuple(sorted(found))).filter(lambda found: not overlap(found)),
)
dates = st.frozensets(st.integers(-6, 12).map(lambda n: NOON.date() + timedelta(days=n)), max_size=4)
moments = st.timedeltas(timedelta(days=-4), timedelta(days=6)).map(lambda after: NOON + after)
whole_minutes = moments.map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any week with at least some hours, with holidays and swapped workdays around the days asked about."""
    week = draw(st.one_of(days.map(lambda day: (day,) * 7), st.tuples(*[days] * 7)))
    if sum(period.end - period.start for day in week for period in day) < 600:
        week = (OFFICE, *week[1:])
    holidays = draw(dates)
    special: list[Hours | None] = [draw(st.one_of(st.none(), days)) for _ in range(2)]
    return Calendar(week, SHANGHAI, holidays, draw(dates) - holidays, special[0], special[1])


@settings(max_examples=CASES, deadline=None)
@given(calendars(), st.one_of(moments, whole_minutes), st.timedeltas(timedelta(), timedelta(hours=30)))
def test_opening_closing_and_counting_agree_with_a_walk_through_the_minutes(
    calendar: Calendar, at: datetime, duration: timedelta
) -> None:
    slow = SlowCalendar(calendar)
    assert calendar.is_open(at) == slow.is_open(at)
    assert calendar.next_open(at) == slow.next_open(at)
    assert calendar.next_close(at) == slow.next_close(at)
    assert calendar.closing(at) == slow.closing(at)
    assert calendar.add(at, duration) == slow.add(at, duration)


@settings(max_examples=CASES, deadline=None)
@given(calendars(), st.one_of(moments, whole_minutes), st.integers(1, 5), minutes)
def test_whole_days_and_clock_times_agree_with_a_walk_through_the_minutes(
    calendar: Calendar, at: datetime, number: int, clock: int
) -> None:
    slow, shown = SlowCalendar(calendar), time(clock // 60, clock % 60)
    assert calendar.add_days(at, number) == slow.add_days(at, number)
    assert calendar.next_clock(at, shown) == slow.next_clock(at, clock)
    assert calendar.next_clock(at, shown, next_day=True) == slow.clock_of_next_day(at, clock)


BERLIN = ZoneInfo("Europe/Berlin")
TURNS = (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))
"""Moments at which clocks in Berlin are changed; hours there begin and end at 02:00 or 03:00, and never between."""
edges = st.one_of(st.sampled_from((0, 60, 120, 180, 1439)), st.integers(180, MINUTES_OF_DAY - 1))
shifts = st.lists(st.tuples(edges, edges).filter(lambda two: two[0] != two[1]), min_size=1, max_size=2).map(
    lambda found: tuple(sorted(Period(a, b if b > a else b + MINUTES_OF_DAY) for a, b in found))
)


@settings(max_examples=FEW, deadline=None)
@given(
    shifts.filter(lambda found: not overlap(found)),
    st.tuples(st.sampled_from(TURNS), st.timedeltas(timedelta(days=-2), timedelta(days=2))).map(sum_of),
    st.timedeltas(timedelta(), timedelta(hours=30)),
)
def test_where_clocks_are_changed_open_time_is_what_passes_while_they_show_open_hours(
    shift: Hours, at: datetime, duration: timedelta
) -> None:
    calendar = Calendar((shift,) * 7, BERLIN)
    slow = SlowCalendar(calendar)
    assert calendar.is_open(at) == slow.is_open(at)
    assert calendar.next_open(at) == slow.next_open(at)
    assert calendar.next_close(at) == slow.next_close(at)
    assert calendar.add(at, duration) == slow.add(at, duration)
    assert calendar.add_days(at, 1) == slow.add_days(at, 1)


@settings(max_examples=CASES, deadline=None)
@given(calendars(), moments, st.timedeltas(timedelta(), timedelta(hours=9)), st.timedeltas(timedelta(), timedelta(9)))
def test_counting_in_two_parts_ends_where_counting_at_once_does(
    calendar: Calendar, at: datetime, first: timedelta, second: timedelta
) -> None:
    assert calendar.add(calendar.add(at, first), second) == calendar.add(at, first + second)


# By hand -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calendar", "start", "limit", "due"),
    [
        pytest.param(WORKING, "2026-11-20 17:30", "1:00", "2026-11-23 09:30", id="Friday evening runs on into Monday"),
        pytest.param(WORKING, "2026-11-21 11:00", "1:00", "2026-11-23 10:00", id="a Saturday counts nothing"),
        pytest.param(WORKING, "2026-10-09 17:30", "1:00", "2026-10-10 09:30", id="the eve of a swapped workday"),
        pytest.param(WORKING, "2026-09-19 12:00", "0:30", "2026-09-20 09:30", id="a Sunday that works"),
        pytest.param(WORKING, "2026-09-30 17:59", "0:02", "2026-10-08 09:01", id="over the National Day"),
        pytest.param(WORKING, "2026-11-20 11:40", "0:30", "2026-11-20 13:10", id="over the lunch break"),
        pytest.param(WORKING, "2026-11-20 11:30", "0:30", "2026-11-20 12:00", id="used up as the break begins"),
        pytest.param(WORKING, "2026-11-20 12:15", "0:30", "2026-11-20 13:30", id="begun in the break"),
        pytest.param(WORKING, "2026-11-20 12:15", "0:00", "2026-11-20 12:15", id="no time at all"),
        pytest.param(DAILY, "2026-11-20 21:00", "2:00", "2026-11-21 09:00", id="over the night"),
        pytest.param(DAILY, "2026-11-20 20:00", "2:00", "2026-11-20 22:00", id="used up at closing time"),
        pytest.param(NIGHT_SHIFT, "2026-11-20 23:30", "4:00", "2026-11-21 09:30", id="a shift over midnight"),
        pytest.param(
            EVE_SHIFT, "2026-09-30 23:00", "4:00", "2026-10-01 03:00", id="a shift of the eve runs into the day off"
        ),
        pytest.param(
            EVE_SHIFT, "2026-10-01 02:00", "3:00", "2026-10-08 21:00", id="and goes on when the days off are over"
        ),
        pytest.param(EVE_SHIFT, "2026-10-07 22:00", "1:00", "2026-10-08 21:00", id="the last evening off has no shift"),
        pytest.param(Calendar(), "2026-11-20 23:30", "24:00", "2026-11-21 23:30", id="around the clock"),
    ],
)
def test_a_limit_counts_open_time_only(calendar: Calendar, start: str, limit: str, due: str) -> None:
    hours_, minutes_ = limit.split(":")
    assert calendar.add(local(start), timedelta(hours=int(hours_), minutes=int(minutes_))) == local(due)


@pytest.mark.parametrize(
    ("start", "number", "due"),
    [
        pytest.param("2026-11-20 09:00", 1, "2026-11-23 18:00", id="from a Friday morning"),
        pytest.param("2026-11-20 23:00", 1, "2026-11-23 18:00", id="from a Friday night"),
        pytest.param("2026-11-21 10:00", 1, "2026-11-23 18:00", id="from a Saturday"),
        pytest.param("2026-10-09 10:00", 1, "2026-10-10 18:00", id="to a swapped workday"),
        pytest.param("2026-09-29 10:00", 2, "2026-10-08 18:00", id="over the National Day"),
        pytest.param("2026-11-16 08:00", 5, "2026-11-23 18:00", id="five working days"),
    ],
)
def test_working_days_are_whole_days_after_the_first(start: str, number: int, due: str) -> None:
    assert WORKING.add_days(local(start), number) == local(due)


@pytest.mark.parametrize(
    ("at", "eight"),
    [
        ("2026-11-20 22:10", "2026-11-21 08:00"),
        ("2026-11-21 07:59", "2026-11-21 08:00"),
        ("2026-11-21 08:00", "2026-11-22 08:00"),
        ("2026-12-31 23:59", "2027-01-01 08:00"),
    ],
)
def test_by_eight_is_the_first_eight_strictly_after(at: str, eight: str) -> None:
    assert Calendar().next_clock(local(at), time(8)) == local(eight)


def test_by_a_clock_time_on_working_days_skips_days_off() -> None:
    assert WORKING.next_clock(local("2026-09-30 19:00"), time(8)) == local("2026-10-08 08:00")


@pytest.mark.parametrize(
    ("calendar", "at", "closing"),
    [
        pytest.param(WORKING, "2026-11-20 10:00", "2026-11-20 18:00", id="a lunch break is not the end of the day"),
        pytest.param(WORKING, "2026-11-20 12:30", "2026-11-20 18:00", id="nor is it when it has begun"),
        pytest.param(WORKING, "2026-11-20 18:00", "2026-11-20 18:00", id="at the end it has come"),
        pytest.param(WORKING, "2026-11-20 03:00", "2026-11-20 03:00", id="at night it has come already"),
        pytest.param(NIGHT_SHIFT, "2026-11-20 21:00", "2026-11-21 02:00", id="a shift over midnight ends the day"),
        pytest.param(NIGHT_SHIFT, "2026-11-21 01:00", "2026-11-21 02:00", id="seen from after midnight too"),
        pytest.param(DAILY, "2026-11-20 10:00", "2026-11-20 22:00", id="one period a day"),
    ],
)
def test_the_service_day_has_one_end(calendar: Calendar, at: str, closing: str) -> None:
    assert calendar.closing(local(at)) == local(closing)


def test_at_the_minute_of_closing_the_team_is_closed() -> None:
    assert DAILY.is_open(local("2026-11-20 08:00"))
    assert DAILY.is_open(local("2026-11-20 22:00") - timedelta(microseconds=1))
    assert not DAILY.is_open(local("2026-11-20 22:00"))


def test_a_lunch_break_has_a_next_close_of_its_own() -> None:
    assert WORKING.next_close(local("2026-11-20 10:00")) == local("2026-11-20 12:00")
    assert WORKING.next_close(local("2026-11-20 12:30")) == local("2026-11-20 18:00")


@pytest.mark.parametrize("shifts", [["00:00-24:00"], ["00:00-12:00", "12:00-24:00"], ["08:00-20:00", "20:00-08:00"]])
def test_a_team_around_the_clock_never_closes(shifts: list[str]) -> None:
    calendar = Calendar((hours(shifts),) * 7)
    assert calendar.never_closes
    assert calendar.is_open(NOON)
    assert calendar.next_open(NOON) == NOON
    assert calendar.next_close(NOON) is None
    assert calendar.closing(NOON) is None
    assert calendar.add(NOON, timedelta(days=400)) == NOON + timedelta(days=400)


def test_a_team_whose_last_day_off_is_over_never_closes_from_then_on() -> None:
    off = Calendar(holidays=frozenset({date(2026, 10, 1)}), holiday_hours=())
    assert not off.never_closes
    assert off.next_close(local("2026-09-30 10:00")) == local("2026-10-01 00:00")
    assert off.next_close(local("2026-10-02 10:00")) is None
    assert off.closing(local("2026-10-02 10:00")) is None


def test_a_night_shift_runs_on_into_a_holiday() -> None:
    night = Calendar((hours(["20:00-04:00"]),) * 7, holidays=frozenset({date(2026, 10, 1)}), holiday_hours=())
    assert night.is_open(local("2026-10-01 03:00"))
    assert not night.is_open(local("2026-10-01 21:00"))
    assert not night.is_open(local("2026-10-02 03:00"))


def test_hours_are_those_of_the_wall_clock_where_it_is_changed() -> None:
    berlin = Calendar((hours(["08:00-18:00"]),) * 7, ZoneInfo("Europe/Berlin"))
    assert berlin.next_open(datetime(2026, 3, 28, 20, tzinfo=UTC)) == datetime(2026, 3, 29, 6, tzinfo=UTC)
    assert berlin.next_open(datetime(2026, 3, 27, 20, tzinfo=UTC)) == datetime(2026, 3, 28, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "start", "limit", "due"),
    [
        pytest.param(
            "Europe/Berlin", "2026-03-28T17:00", 2, "2026-03-29T09:00", id="over the night that loses an hour"
        ),
        pytest.param("Europe/Berlin", "2026-10-24T17:00", 2, "2026-10-25T09:00", id="over the night that gains one"),
        pytest.param("Asia/Urumqi", "2026-03-28T17:00", 2, "2026-03-29T09:00", id="where clocks are never changed"),
    ],
)
def test_a_day_shift_knows_nothing_of_the_night_in_which_clocks_are_changed(
    zone: str, start: str, limit: int, due: str
) -> None:
    calendar = Calendar((hours(["08:00-18:00"]),) * 7, ZoneInfo(zone))
    begun, ends = (datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)) for text in (start, due))
    assert calendar.add(begun, timedelta(hours=limit)) == ends


def test_a_shift_that_lies_in_the_hour_that_clocks_leave_out_is_no_open_time_that_night() -> None:
    at_two = Calendar((hours(["02:00-03:00"]),) * 7, BERLIN)
    eve = datetime(2026, 3, 28, 4, tzinfo=BERLIN)
    assert at_two.next_open(eve) == datetime(2026, 3, 30, 2, tzinfo=BERLIN)
    assert at_two.next_close(eve) == datetime(2026, 3, 30, 3, tzinfo=BERLIN)
    assert at_two.closing(eve) == eve


def test_a_night_shift_is_an_hour_shorter_or_longer_where_clocks_are_changed() -> None:
    night = Calendar((hours(["22:00-06:00"]),) * 7, BERLIN)
    for day, long in ((28, 7), (27, 8)):
        begun = datetime(2026, 3, day, 22, tzinfo=BERLIN)
        assert night.add(begun, timedelta(hours=long)) == datetime(2026, 3, day + 1, 6, tzinfo=BERLIN)
    assert night.add(datetime(2026, 10, 24, 22, tzinfo=BERLIN), timedelta(hours=9)) == datetime(
        2026, 10, 25, 5, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("at", "eight"),
    [
        pytest.param("2026-11-20 22:10", "2026-11-21 08:00", id="from an evening"),
        pytest.param("2026-11-21 00:10", "2026-11-22 08:00", id="after midnight it is already the next day's"),
        pytest.param("2026-11-21 08:00", "2026-11-22 08:00", id="from eight sharp"),
    ],
)
def test_eight_of_the_next_day_is_never_today_s(at: str, eight: str) -> None:
    assert Calendar().next_clock(local(at), time(8), next_day=True) == local(eight)


def test_answers_are_utc_whatever_the_zone_of_the_question() -> None:
    for calendar in (Calendar(), DAILY):
        assert calendar.add(local("2026-11-20 10:00"), timedelta(hours=1)).tzinfo is UTC
        assert calendar.next_open(local("2026-11-20 10:00")).tzinfo is UTC


@pytest.mark.parametrize("calendar", [Calendar(), DAILY], ids=["always", "daily"])
def test_naive_times_are_refused(calendar: Calendar) -> None:
    naive = datetime(2026, 11, 20, 10)  # noqa: DTZ001
    for ask in (calendar.is_open, calendar.next_open, calendar.next_close, calendar.closing):
        with pytest.raises(ValueError, match="naive"):
            ask(naive)
    with pytest.raises(ValueError, match="naive"):
        calendar.add(naive, timedelta(hours=1))
    with pytest.raises(ValueError, match="naive"):
        calendar.add_days(naive, 1)
    with pytest.raises(ValueError, match="naive"):
        calendar.next_clock(naive, time(8))


def test_time_is_counted_forwards_only() -> None:
    with pytest.raises(ValueError, match="forwards"):
        DAILY.add(NOON, timedelta(seconds=-1))
    with pytest.raises(ValueError, match="0 days"):
        DAILY.add_days(NOON, 0)


def test_a_calendar_that_never_opens_or_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="open hours"):
        Calendar(((),) * 7)
    with pytest.raises(ValueError, match="overlap"):
        Calendar((hours(["08:00-12:00", "11:00-13:00"]),) * 7)
    day = frozenset({date(2026, 10, 1)})
    with pytest.raises(ValueError, match="both a holiday"):
        Calendar(holidays=day, workdays=day)


@pytest.mark.parametrize("text", ["8-12", "08:00-08:00", "24:00-25:00", "08:00-24:30", "08:60-09:00", ""])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no period"):
        hours([text])


def test_a_calendar_forgets_days_before_there_are_too_many_and_answers_as_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("router.calendar.MOST_REMEMBERED", 3)
    remembering = Calendar((OFFICE,) * 7)
    for number in (0, 1, 2, 3, 4, 5, 0, 1):
        at = NOON + timedelta(days=number)
        assert remembering.closing(at) == Calendar((OFFICE,) * 7).closing(at)
        assert len(remembering._opened) <= 3
