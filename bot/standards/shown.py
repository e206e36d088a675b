"""A standard as people read it in a terminal and as programs read it in JSON."""

from datetime import timedelta

from rich.table import Table

from router.calendar import Calendar
from router.clauses.clause import NEXT_DAY, Clause
from router.clauses.hours import WEEK
from router.clauses.ladder import AFTER, DESK, Rung
from router.clauses.period import Hours, Period
from router.clauses.table import spelled
from router.standard import Standard


def document(standard: Standard) -> dict[str, object]:
    """The whole standard in JSON's types; durations in seconds."""
    return {
        "pack": standard.pack,
        "title": dict(standard.title),
        "subjects": {name: list(kind.marks) for name, kind in standard.kinds.items()},
        "calendars": {
            "service": _calendar(standard.calendar),
            "working": _calendar(standard.working),
            "customers": _calendar(standard.customers),
        },
        "clauses": [_clause(clause) for clause in standard.clauses],
    }


def overview(standard: Standard) -> Table:
    """A table of all clauses, with the hours below it."""
    hours = f"service: {_week(standard.calendar)}\nworking: {_week(standard.working)}"
    hours += f"\ncustomers: {_week(standard.customers)}"
    table = Table("clause", "§", "from", "until", "limit", "warned before", "alerted", "then", caption=hours)
    for clause in standard.clauses:
        when = "".join(f"\n{fact} = {', '.join(sorted(values))}" for fact, values in clause.when.items())
        table.add_row(
            clause.id,
            clause.section,
            f"{clause.subject}: {', '.join(clause.since)}{when}",
            clause.until,
            limit(clause),
            ", ".join(map(spelled, clause.warn)),
            ", ".join(map(rung, clause.alert)),
            clause.on_breach,
        )
    return table


def limit(clause: Clause) -> str:
    """The limit in a few words: ``2h service``, ``by 08:00``, ``24h, then every 24h``."""
    if clause.clock or clause.closing:
        text = f"by {clause.clock:%H:%M}{NEXT_DAY * clause.next_day}" if clause.clock else "by closing time"
    else:
        text = f"{clause.days}d" if clause.days else spelled(clause.within or timedelta())
    every = f", then every {spelled(clause.every)}" if clause.every else ""
    every += f", moved into the hours of {clause.into}" if clause.into else ""
    return text + ("" if clause.calendar == "always" else f" {clause.calendar}") + every


def rung(one: Rung) -> str:
    """Who is alerted, when and how: ``owner``, ``manager on due by desk and webhook``, ``manager on +30m``."""
    return one.who + _on(one.on) + ("" if one.how == (DESK,) else f" by {' and '.join(one.how)}")


def _on(before: timedelta | None) -> str:
    if before is None:
        return ""
    if not before:
        return " on due"
    return f" on {spelled(before)}" if before > timedelta() else f" on {AFTER}{spelled(-before)}"


def _rung(one: Rung) -> dict[str, object]:
    on = None if one.on is None else one.on.total_seconds()
    return {"who": one.who, "seconds_before": on, "how": list(one.how)}


def _clause(clause: Clause) -> dict[str, object]:
    return {
        "id": clause.id,
        "title": dict(clause.title),
        "section": clause.section,
        "subject": clause.subject,
        "when": {fact: sorted(values) for fact, values in clause.when.items()},
        "from": list(clause.since),
        "until": clause.until,
        "calendar": clause.calendar,
        "within_seconds": _seconds(clause.within),
        "days": clause.days or None,
        "by": "closing" if clause.closing else clause.clock and f"{clause.clock:%H:%M}" + NEXT_DAY * clause.next_day,
        "into": clause.into,
        "every_seconds": _seconds(clause.every),
        "round_seconds": _seconds(clause.round),
        "warn_seconds": [_seconds(before) for before in clause.warn],
        "alert": [_rung(one) for one in clause.alert],
        "on_breach": clause.on_breach,
        "promise": clause.is_promise,
    }


def _calendar(calendar: Calendar) -> dict[str, object]:
    special = {"holiday": calendar.holiday_hours, "workday": calendar.workday_hours}
    return {
        "zone": calendar.zone.key,
        "week": {name: _periods(hours) for name, hours in zip(WEEK, calendar.week, strict=True)},
        **{name: None if hours is None else _periods(hours) for name, hours in special.items()},
        "holidays": [day.isoformat() for day in sorted(calendar.holidays)],
        "workdays": [day.isoformat() for day in sorted(calendar.workdays)],
    }


def _week(calendar: Calendar) -> str:
    days = {name: ", ".join(_periods(hours)) for name, hours in zip(WEEK, calendar.week, strict=True) if hours}
    if len(set(days.values())) == 1:
        names = "daily" if len(days) == len(WEEK) else ", ".join(days)
        return f"{names} {next(iter(days.values()))}"
    return "; ".join(f"{name} {hours}" for name, hours in days.items())


def _periods(hours: Hours) -> list[str]:
    return [f"{_clock(period.start)}-{_clock(_end(period))}" for period in hours]


def _end(period: Period) -> int:
    return period.end if period.end <= 24 * 60 else period.end - 24 * 60


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else duration.total_seconds()
