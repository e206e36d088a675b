"""Forms of the desk about tickets, read into drafts and acts."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo

from bot.desk.deeds import storable
from router.fields import meant
from router.tickets import acts
from router.tickets.about import About
from router.tickets.acts import Draft, TicketAct
from router.tickets.guess import Guess
from router.tickets.ticket import Grade, TicketKind

LONGEST = 2000
"""Characters of a description or of what is said in an act."""
SHORT = 200
"""Characters of a name, a number or a group."""
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
MOST = 10_000_000_000
"""The greatest number that a field takes."""


def draft_of(form: Mapping[str, str], conversation: int | None, said: Sequence[str]) -> Draft | None:
    """The draft that a form holds; None where it cannot be. A masked number in it is looked up in what was said."""
    kind, grade = form.get("kind", ""), form.get("grade", "")
    people, loss = whole(form.get("people", "") or "1"), whole(form.get("loss", "") or "0")
    if kind not in list(TicketKind) or (grade and grade not in list(Grade)) or people is None or loss is None:
        return None
    return Draft(
        TicketKind(kind),
        _text(form, "text"),
        _short(form, "business"),
        cause=_short(form, "cause"),
        department=_short(form, "department"),
        people=min(people, 1_000_000),
        loss=loss,
        grade=Grade(grade) if grade else None,
        grade_reason=_text(form, "reason"),
        conversation=conversation,
        about=About(meant(_short(form, "number"), said), _short(form, "place"), _day(form), _time(form)),
    )


def filled_in(guessed: Guess) -> Mapping[str, str]:
    """The fields of the form as a chat tells them, the number masked."""
    about = guessed.about
    day = about.day.isoformat() if about.day else ""
    told = {"number": about.masked.number, "place": about.place, "day": day, "time": about.time}
    return {"text": guessed.text, "kind": guessed.kind.value, "business": guessed.business, **told}


def act_of(name: str, form: Mapping[str, str], zone: tzinfo) -> TicketAct | None:
    """The act that a form holds; None where it cannot be. Who it names is looked up by the page.

    Args:
        name: the last word of the form's address.
        form: its fields.
        zone: the operator's, in which a new limit is meant.
    """
    text, reason, called = _text(form, "text"), _text(form, "reason"), form.get("called") == "yes"
    match name:
        case "take":
            return acts.Taken()
        case "archive":
            return acts.Archived()
        case "draw":
            return acts.Drawn()
        case "report":
            return acts.Reported(text, called)
        case "solve":
            return acts.Solved(text, called)
        case "reply":
            return acts.Replied(text, called)
        case "tell":
            return acts.Told(text)
        case "verify":
            return acts.Verified(text)
        case "note":
            return acts.Noted(text)
        case "reopen":
            return acts.Reopened(reason)
        case "move":
            return acts.Moved(_short(form, "department"), reason)
        case "plan":
            return acts.Planned(_short(form, "team"), text)
        case "inform":
            return acts.Informed(_short(form, "number"))
        case "visit":
            stars = whole(form.get("stars", "") or "0")
            fits = stars is not None and stars <= 5
            return acts.Visited(form.get("settled") == "yes", text, stars or None) if fits else None
        case "inspect":
            return acts.Inspected(form.get("passed") == "yes", text)
        case "extend":
            until = _moment(form.get("until", ""), zone)
            return None if until is None else acts.Extended(until, reason, called)
        case "grade":
            grade = form.get("grade", "")
            return acts.Graded(Grade(grade), reason) if grade in list(Grade) else None
        case "merge":
            into = whole(form.get("into", "").lstrip("#"))
            return acts.Merged(into) if into else None
        case "link":
            conversation = whole(form.get("conversation", "").lstrip("#"))
            return acts.Linked(conversation) if conversation else None
        case _:
            return None


def whole(text: str) -> int | None:
    """A whole number from 0; None where it is none."""
    found = text.strip()
    return int(found) if found.isascii() and found.isdigit() and len(found) < 19 and int(found) <= MOST else None


def _text(form: Mapping[str, str], name: str) -> str:
    return storable(form.get(name, ""))[:LONGEST]


def _short(form: Mapping[str, str], name: str) -> str:
    return storable(form.get(name, ""))[:SHORT]


def _day(form: Mapping[str, str]) -> date | None:
    """What a browser's field for a date holds."""
    try:
        found = date.fromisoformat(form.get("day", ""))
    except ValueError:
        return None
    return found if 2000 < found.year < 2200 else None


def _time(form: Mapping[str, str]) -> str:
    """What a browser's field for a time holds."""
    found = CLOCK.match(form.get("time", ""))
    return found[0] if found else ""


def _moment(text: str, zone: tzinfo) -> datetime | None:
    """What a browser's field for date and time holds, meant in the operator's zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if found.tzinfo or not 2000 < found.year < 2200 else found.replace(tzinfo=zone).astimezone(UTC)
