"""The hours of a team as a standard writes them down: weekdays, holidays, swapped workdays."""

from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from router.calendar import Calendar
from router.clauses.period import Hours, hours
from router.clauses.table import Table

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPANS = {"daily": range(7), "mon-fri": range(5), "sat-sun": range(5, 7)}
SPECIAL = ("holiday", "workday")


def read(table: Table, days: Table, *, rests: bool, otherwise: ZoneInfo) -> Calendar:
    """Read a calendar.

    Args:
        table: the hours, with the keys of ``WEEK``, ``SPANS`` and ``SPECIAL``; a single weekday outweighs a span.
        days: zone, holidays and swapped workdays.
        rests: whether, unless the table says otherwise, holidays have no hours and swapped workdays those of a
            Monday; else they have the hours of their weekday.
        otherwise: the zone where none is named.

    Raises:
        StandardError: it does not hold; the error names the line.
    """
    table.only((*SPANS, *WEEK, *SPECIAL))
    week: list[Hours] = [()] * 7
    for key, numbers in (*SPANS.items(), *((name, (number,)) for number, name in enumerate(WEEK))):
        if key in table.values:
            for number in numbers:
                week[number] = _hours(table, key)
    try:
        return Calendar(
            week=tuple(week),
            zone=zone(days, otherwise),
            holidays=days.dates("holidays"),
            workdays=days.dates("workdays"),
            holiday_hours=_hours(table, "holiday") if "holiday" in table.values else () if rests else None,
            workday_hours=_hours(table, "workday") if "workday" in table.values else week[0] if rests else None,
        )
    except ValueError as error:
        raise table.error(str(error)) from error


def zone(days: Table, otherwise: ZoneInfo) -> ZoneInfo:
    """The time zone that is named, or another.

    Raises:
        StandardError: there is no such zone.
    """
    name = days.text("zone")
    if not name:
        return otherwise
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise days.error(f'zone: there is no time zone "{name}"', "zone") from None


def last_known(calendar: Calendar) -> date | None:
    """The last day of which the calendar knows that it is special; later holidays are still to be written down."""
    return max(calendar.holidays | calendar.workdays, default=None)


def _hours(table: Table, key: str) -> Hours:
    try:
        return hours(table.texts(key))
    except ValueError as error:
        raise table.error(f"{key}: {error}", key) from error
