"""A calendar so slow and plain that its answers are beyond doubt: it looks at each minute on its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from router.calendar import Calendar

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FOR_EVER = timedelta(days=26)


@dataclass
class SlowCalendar:
    """Answers for a calendar by walking; None stands for never."""

    calendar: Calendar
    days: dict[date, set[int]] = field(default_factory=dict)

    def hours(self, day: date) -> list[tuple[int, int]]:
        hours = self.calendar.week[day.weekday()]
        if day in self.calendar.holidays and self.calendar.holiday_hours is not None:
            hours = self.calendar.holiday_hours
        if day in self.calendar.workdays and self.calendar.workday_hours is not None:
            hours = self.calendar.workday_hours
        return [(period.start, period.end) for period in hours]

    def open_minutes(self, day: date) -> set[int]:
        """The minutes of a day that one of its periods, or one of the eve's, covers."""
        if day not in self.days:
            today = {minute for start, end in self.hours(day) for minute in range(start, end)}
            eve = {minute - 1440 for start, end in self.hours(day - DAY) for minute in range(start, end)}
            self.days[day] = today | eve
        return self.days[day]

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(self.calendar.zone)
        return local.hour * 60 + local.minute in self.open_minutes(local.date())

    def next_open(self, at: datetime) -> datetime:
        return next(moment for moment in walk(at) if self.is_open(moment))

    def next_close(self, at: datetime) -> datetime | None:
        return self.shut(self.next_open(at))

    def shut(self, at: datetime) -> datetime | None:
        """The first closed minute from an open moment on."""
        for moment in walk(at):
            if not self.is_open(moment):
                return moment
            if moment - at > FOR_EVER:
                return None
        return None

    def closing(self, at: datetime) -> datetime | None:
        today = self.day(at)
        if self.is_open(at):
            day = next(
                day
                for day in (today - DAY, today)
                if any(self.at(day, a) <= at < self.at(day, b) for a, b in self.hours(day))
            )
        else:
            starts = [self.at(today, start) for start, _ in self.hours(today)]
            if not (any(start < at for start in starts) and any(start > at for start in starts)):
                return at
            day = today
        for _ in range(FOR_EVER.days):
            last = self.at(day, self.hours(day)[-1][1])
            if not self.is_open(last):
                return last
            day += DAY
        return None

    def add(self, start: datetime, duration: timedelta) -> datetime:
        at, left = start, duration
        while left:
            minute_ends = at.replace(second=0, microsecond=0) + MINUTE
            if not self.is_open(at):
                at = minute_ends
                continue
            taken = min(left, minute_ends - at)
            at, left = at + taken, left - taken
        return at

    def add_days(self, start: datetime, days: int) -> datetime:
        day = self.day(start)
        while days:
            day += DAY
            if self.hours(day):
                days -= 1
        return self.at(day, self.hours(day)[-1][1])

    def next_clock(self, at: datetime, minutes: int) -> datetime:
        for moment in walk(at.replace(second=0, microsecond=0) + MINUTE):
            local = moment.astimezone(self.calendar.zone)
            if local.hour * 60 + local.minute == minutes and self.hours(local.date()):
                return moment
        raise AssertionError

    def clock_of_next_day(self, at: datetime, minutes: int) -> datetime:
        midnight = next(moment for moment in walk(at) if self.day(moment) != self.day(at))
        return self.next_clock(midnight - timedelta(microseconds=1), minutes)

    def day(self, at: datetime) -> date:
        return at.astimezone(self.calendar.zone).date()

    def at(self, day: date, minutes: int) -> datetime:
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.calendar.zone)
        return (midnight + timedelta(minutes=minutes)).astimezone(UTC)


def walk(at: datetime) -> Iterator[datetime]:
    """``at``, then the beginning of each minute after it."""
    yield at
    at = at.replace(second=0, microsecond=0)
    while True:
        at += MINUTE
        yield at
