"""When people serve, as customers read it: the week in a line or a few."""

from collections.abc import Mapping
from itertools import groupby

from bot.words import fill
from router.calendar import Calendar
from router.clauses.period import MINUTES_OF_DAY, Hours


def week_lines(calendar: Calendar, words: Mapping[str, str]) -> tuple[str, ...]:
    """The ordinary week of a team, days of the same hours together.

    Args:
        calendar: the team's hours.
        words: of the chat page, in the language to write.
    """
    if calendar.never_closes:
        return (words["chat.hours.always"],)
    runs = [(hours, [day for day, _ in days]) for hours, days in groupby(enumerate(calendar.week), lambda day: day[1])]
    if len(runs) == 1:
        return (fill(words["chat.hours.daily"], [("hours", _written(runs[0][0], words))]),)
    return tuple(_line(days, _written(hours, words), words) for hours, days in runs)


def _line(days: list[int], hours: str, words: Mapping[str, str]) -> str:
    first, last = words[f"chat.day.{days[0] + 1}"], words[f"chat.day.{days[-1] + 1}"]
    if len(days) == 1:
        return fill(words["chat.hours.day"], [("day", first), ("hours", hours)])
    return fill(words["chat.hours.days"], [("first", first), ("last", last), ("hours", hours)])


def _written(hours: Hours, words: Mapping[str, str]) -> str:
    periods = [f"{_clock(one.start)}–{_clock(one.end)}" for one in hours]
    return words["chat.hours.and"].join(periods) or words["chat.hours.off"]


def _clock(minutes: int) -> str:
    """A time of day; midnight at the end of a day is written 24:00, what lies past it by its own clock."""
    shown = minutes if minutes <= MINUTES_OF_DAY else minutes - MINUTES_OF_DAY
    return f"{shown // 60:02}:{shown % 60:02}"
