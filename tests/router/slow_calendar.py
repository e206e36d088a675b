"""A calendar so slow and plain that its answers are beyond doubt: it looks at each minute on its own, or at an hour at
once whose minutes are all alike. Clocks are changed at whole hours, in the zones it is asked about.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from router.calendar import Calendar

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FOR_EVER = timedelta(days=26)


@dataclass
class SlowCalendar:
    """Answers for a calendar by walking; None stands for never."""

    calendar: Calendar
    days: dict[date, bytes] = field(default_factory=dict)

    def hours(self, day: date) -> list[tuple[int, int]]:
        hours = self.calendar.week[day.weekday()]
        if day in self.calendar.holidays and self.calendar.holiday_hours is not None:
            hours = self.calendar.holiday_hours
        if day in self.calendar.workdays and self.calendar.workday_hours is not None:
            hours = self.calendar.workday_hours
        return [(period.start, period.end) for period in hours]

    def open_minutes(self, day: date) -> bytes:
        """A byte for each minute of a day: 1 where one of its periods, or one of the eve's, covers it."""
        if day not in self.days:
            two = bytearray(3 * 1440)
            for first, of_day in ((0, day - DAY), (1440, day)):
                for start, end in self.hours(of_day):
                    two[first + start : first + end] = b"\1" * (end - start)
            self.days[day] = bytes(two[1440:2880])
        return self.days[day]

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(self.calendar.zone)
        return self.open_minutes(local.date())[local.hour * 60 + local.minute] == 1

    def piece(self, at: datetime) -> tuple[bool, datetime]:
        """Whether the team is open, and until when that is beyond doubt: to the end of the hour, or of the minute."""
        local = at.astimezone(self.calendar.zone)
        hour = self.open_minutes(local.date())[local.hour * 60 : local.hour * 60 + 60]
        if hour.count(1) in (0, 60):
            return hour[0] == 1, hour_of(at) + HOUR
        return hour[local.minute] == 1, at.replace(second=0, microsecond=0) + MINUTE

    def next_open(self, at: datetime) -> datetime:
        while not (piece := self.piece(at))[0]:
            at = piece[1]
        return at

    def next_close(self, at: datetime) -> datetime | None:
        return self.shut(self.next_open(at))

    def shut(self, opened: datetime) -> datetime | None:
        """The first closed minute from an open moment on."""
        at = opened
        while (piece := self.piece(at))[0]:
            at = piece[1]
            if at - opened > FOR_EVER:
                return None
        return at

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
            is_open, end = self.piece(at)
            taken = min(left, end - at)
            at, left = (at + taken, left - taken) if is_open else (end, left)
        return at

    def add_days(self, start: datetime, days: int) -> datetime:
        day = self.day(start)
        while days:
            day += DAY
            if self.hours(day):
                days -= 1
        return self.at(day, self.hours(day)[-1][1])

    def next_clock(self, at: datetime, minutes: int) -> datetime:
        hour = hour_of(at)
        while True:
            shown, moment = hour.astimezone(self.calendar.zone), hour + minutes % 60 * MINUTE
            if shown.hour == minutes // 60 and moment > at and self.hours(shown.date()):
                return moment
            hour += HOUR

    def clock_of_next_day(self, at: datetime, minutes: int) -> datetime:
        midnight = hour_of(at)
        while self.day(midnight) == self.day(at):
            midnight += HOUR
        return self.next_clock(midnight - timedelta(microseconds=1), minutes)

    def day(self, at: datetime) -> date:
        return at.astimezone(self.calendar.zone).date()

    def at(self, day: date, minutes: int) -> datetime:
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.calendar.zone)
        return (midnight + timedelta(minutes=minutes)).astimezone(UTC)


def hour_of(at: datetime) -> datetime:
    """The beginning of its hour."""
    return at.replace(minute=0, second=0, microsecond=0)
