"""What a customer's words are worth as the answer to a step."""

import re
from datetime import date, timedelta

from router.binding import phone_in
from router.forms.form import Step, StepKind

DAY = re.compile(r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
"""2026-12-01, 2026年12月1日, 12月1日: without a year, the next such day."""
WHOLE = re.compile(r"-?\d{1,9}")
ENDS = ("?", "？", "吗", "呢")
BEGINS = ("怎么", "怎样", "如何", "为什么", "为何", "多少", "哪里", "how ", "what ", "why ", "when ", "where ", "can ")
"""How questions end and begin that nobody writes as the answer to another."""


def fit(step: Step, text: str, today: date) -> str | None:
    """The answer as it is stored; None where the text is none.

    Args:
        step: what was asked.
        text: what the customer wrote.
        today: the day in the operator's zone.
    """
    said = text.strip()
    match step.kind:
        case StepKind.TEXT:
            return said if step.least <= len(said) <= step.most else None
        case StepKind.PHONE:
            return phone_in(said) or None
        case StepKind.NUMBER:
            return said if WHOLE.fullmatch(said) and step.least <= int(said) <= step.most else None
        case StepKind.DATE:
            return _day(step, said, today)
        case _:
            return picked(step, said)


def picked(step: Step, said: str) -> str | None:
    """The choice whose label somebody typed, in either language."""
    for pick in step.picks:
        if said.lower() in (pick.label.zh, pick.label.en.lower()):
            return pick.id
    return None


def asks(text: str) -> bool:
    """Whether it is written as a question."""
    said = text.strip().lower()
    return said.endswith(ENDS) or said.startswith(BEGINS)


def days(step: Step, today: date) -> list[date]:
    """Today and tomorrow, as far as a date may be either."""
    near = [today, today + timedelta(days=1)]
    return [day for day in near if step.least <= (day - today).days <= step.most]


def _day(step: Step, said: str, today: date) -> str | None:
    found = DAY.fullmatch(said)
    if found is None:
        return None
    try:
        day = date(int(found[1] or today.year), int(found[2]), int(found[3]))
        if not found[1] and day < today and step.least >= 0:
            day = day.replace(year=day.year + 1)
    except ValueError:
        return None
    return day.isoformat() if step.least <= (day - today).days <= step.most else None
