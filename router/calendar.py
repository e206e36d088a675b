"""A calendar says when a team is open, and counts time and days in which it is.

Every method takes an aware datetime of any zone and gives aware UTC back. Open stretches are half-open: at the minute
of closing the team is closed. A period belongs to the day on which it begins, also where it runs past midnight.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from router.clauses.period import ROUND_THE_CLOCK, Hours, covered, overlap

DAY = timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
MOST_REMEMBERED = 1_000
"""Days that a calendar remembers."""
LONGEST_WEEK = timedelta(days=9)
"""A team that stays open longer than this in an ordinary week never closes: the week repeats itself."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Open time that belongs to one day, from ``open`` up to but without ``close`` (both UTC)."""

    open: datetime
    close: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """The open hours of a team, by default around the clock.

    Args:
        week: the hours from Monday to Sunday.
        zone: the zone in which hours and dates are meant.
        holidays: days off that the week does not know.
        workdays: swapped workdays (调休): days on that the week does not know.
        holiday_hours: the hours of a holiday; None for those of its weekday.
        workday_hours: the hours of a swapped workday; None for those of its weekday.

    Raises:
        ValueError: the week has not seven days or no open time, periods of a day overlap, or a day is both a
            holiday and a swapped workday.
    """

    week: tuple[Hours, ...] = (ROUND_THE_CLOCK,) * 7
    zone: ZoneInfo = SHANGHAI
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    holiday_hours: Hours | None = None
    workday_hours: Hours | None = None
    never_closes: bool = field(init=False)
    """Whether no day, before or after midnight, has a gap; then everything below is plain arithmetic."""
    last_special: datetime = field(init=False, compare=False, repr=False)
    """The midnight (UTC) of the last holiday or swapped workday; long ago where there is none."""
    _opened: dict[date, tuple[tuple[datetime, datetime], ...]] = field(
        init=False, compare=False, repr=False, default_factory=dict
    )
    """Days that have been asked for, as ``_open_on`` gives them: deadlines ask for the same few again and again."""

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week):
            raise ValueError("a week has seven days and some open hours")
        if both := self.holidays & self.workdays:
            raise ValueError(f"{min(both)} is both a holiday and a swapped workday")
        kinds = (*self.week, *(hours for hours in (self.holiday_hours, self.workday_hours) if hours is not None))
        if any(overlap(hours) for hours in kinds):
            raise ValueError("periods of one day overlap")
        object.__setattr__(self, "never_closes", self._has_no_gap())
        last = max(self.holidays | self.workdays, default=None)
        object.__setattr__(self, "last_special", LONG_AGO if last is None else self._moment(last, 0))

    def hours(self, day: date) -> Hours:
        """The periods that begin on a local day."""
        if day in self.holidays and self.holiday_hours is not None:
            return self.holiday_hours
        if day in self.workdays and self.workday_hours is not None:
            return self.workday_hours
        return self.week[day.weekday()]

    def is_open(self, at: datetime) -> bool:
        """Whether the team is open.

        Raises:
            ValueError: ``at`` is naive.
        """
        at = _utc(at)
        return self.never_closes or next(self._stretches(at)).open == at

    def next_open(self, at: datetime) -> datetime:
        """The first open moment from ``at`` on; ``at`` itself where the team is open.

        Raises:
            ValueError: ``at`` is naive.
        """
        at = _utc(at)
        return at if self.never_closes else next(self._stretches(at)).open

    def next_close(self, at: datetime) -> datetime | None:
        """The end of the open stretch that holds ``at``, or of the next one; None where the team never closes.

        Raises:
            ValueError: ``at`` is naive.
        """
        at = _utc(at)
        if self.never_closes:
            return None
        stretches = self._stretches(at)
        close, never = next(stretches).close, self._never(at)
        for stretch in stretches:
            if stretch.open > close:
                return close
            if stretch.close > never:
                return None
            close = stretch.close
        return None

    def closing(self, at: datetime) -> datetime | None:
        """The end of the service day: a break within a day is not its end, and at night it has come already.

        Returns:
            The last close of the day of ``at``; ``at`` itself where the team is closed for the day, or has not
            opened yet; None where the team never closes.

        Raises:
            ValueError: ``at`` is naive.
        """
        at = _utc(at)
        if self.never_closes:
            return None
        stretches = self._stretches(at)
        last, never = next(stretches), self._never(at)
        if last.open > at and not self._in_break(at, last.day):
            return at
        for stretch in stretches:
            if stretch.open > last.close and stretch.day != last.day:
                return last.close
            if stretch.close > never:
                return None
            last = stretch
        return None

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """The first moment by which ``duration`` of open time has passed since ``start``.

        A duration that is used up exactly at a close ends at that close, not at the next opening.

        Raises:
            ValueError: ``start`` is naive, or the duration is negative.
        """
        start = _utc(start)
        if duration < timedelta():
            raise ValueError("time is counted forwards only")
        if self.never_closes or not duration:
            return start + duration
        left = duration
        for stretch in self._stretches(start):
            if left <= stretch.close - stretch.open:
                return stretch.open + left
            left -= stretch.close - stretch.open
        raise AssertionError("a calendar goes on for ever")

    def add_days(self, start: datetime, days: int) -> datetime:
        """The end of the hours of the ``days``-th day with hours after that of ``start``, which does not count.

        So one working day from any time on a Friday is the end of the hours of the next Monday that works.

        Raises:
            ValueError: ``start`` is naive, or ``days`` is less than 1.
        """
        if days < 1:
            raise ValueError(f"{days} days")
        day = _utc(start).astimezone(self.zone).date()
        while days:
            day += DAY
            days -= bool(self.hours(day))
        return self._moment(day, self.hours(day)[-1].end)

    def next_clock(self, at: datetime, clock: time, *, next_day: bool = False) -> datetime:
        """The first moment after ``at`` at which a local clock shows ``clock`` on a day with hours.

        Args:
            at: aware.
            clock: the local time of day.
            next_day: whether the day of ``at`` itself does not count.

        Raises:
            ValueError: ``at`` is naive.
        """
        at = _utc(at)
        day = at.astimezone(self.zone).date() + next_day * DAY
        minutes = clock.hour * 60 + clock.minute
        while not self.hours(day) or self._moment(day, minutes) <= at:
            day += DAY
        return self._moment(day, minutes)

    def _stretches(self, at: datetime) -> Iterator[Stretch]:
        """Open time from ``at`` on: in order, without overlaps; what touches stays apart. It never ends.

        An hour that clocks leave out in spring is no open time, so a period that lies in it alone has no stretch.
        """
        reached = at
        day = at.astimezone(self.zone).date() - DAY
        while True:
            opened = self._opened.get(day)
            for begin, close in self._open_on(day) if opened is None else opened:
                if close > reached:
                    yield Stretch(max(reached, begin), close, day)
                    reached = close
            day += DAY

    def _open_on(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The periods that begin on a local day, in UTC; those without a length are left out. It is remembered."""
        hours = [(self._moment(day, period.start), self._moment(day, period.end)) for period in self.hours(day)]
        if len(self._opened) >= MOST_REMEMBERED:
            self._opened.clear()
        opened = self._opened[day] = tuple([(begin, close) for begin, close in hours if close > begin])
        return opened

    def _has_no_gap(self) -> bool:
        """Whether each weekday, each special day and the day after it are open throughout."""
        special = self.holidays | self.workdays
        days = {*special, *(day + DAY for day in special)}
        week = all(covered(self.week[number - 1], hours) for number, hours in enumerate(self.week))
        return week and all(covered(self.hours(day - DAY), self.hours(day)) for day in days)

    def _in_break(self, at: datetime, day: date) -> bool:
        """Whether ``at`` lies between two periods of a day, closed as it is."""
        local = at.astimezone(self.zone)
        return local.date() == day and self.hours(day)[0].start < local.hour * 60 + local.minute

    def _never(self, at: datetime) -> datetime:
        """A team that is open without a break from ``at`` until then is open for ever."""
        return max(at, self.last_special) + LONGEST_WEEK

    def _moment(self, day: date, minutes: int) -> datetime:
        """So many minutes after the local midnight, as a clock on the wall shows them."""
        local = datetime(day.year, day.month, day.day, tzinfo=self.zone) + timedelta(minutes=minutes)
        return local.astimezone(UTC)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is UTC:
        return at
    if at.utcoffset() is None:
        raise ValueError(f"naive datetime: {at.isoformat()}")
    return at.astimezone(UTC)
