"""What the tests of clauses share: the shipped standard, moments in Shanghai, and the alarms of one deadline."""

from datetime import datetime, timedelta

from bot.standards.shipped import shipped_packs, shipped_standard_text
from router.calendar import SHANGHAI
from router.clauses.ladder import called
from router.clauses.table import spelled
from router.standard import Due, Standard, Subject, open_deadlines, parse

STANDARD = parse(shipped_standard_text())
PACKS = {name: parse(text, house=STANDARD) for name, text in shipped_packs().items()}


def local(text: str) -> datetime:
    """``2026-11-20 17:30`` on a clock in Shanghai; that day is a Friday."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due(clause: str, subject: Subject, standard: Standard = STANDARD) -> Due | None:
    """The deadline of a clause for a record; None where it is not open."""
    return next((one for one in open_deadlines(subject, standard) if one.clause_id == clause), None)


def ends(clause: str, subject: Subject, standard: Standard = STANDARD) -> datetime | None:
    """When the deadline of a clause runs out for a record."""
    found = due(clause, subject, standard)
    return found and found.due


def alarms(clause: str, standard: Standard = STANDARD) -> list[str]:
    """Who hears of each threshold of a clause: ``10m before: agent``, ``due: leader``."""
    found = standard.clause(clause)
    steps = len(found.warn) + 1
    named = [*(f"{spelled(before)} before" for before in found.warn), "due"]
    heard = (called(found.alert, found.warn, [step], steps) for step in range(1, steps + 1))
    return [f"{when}: {', '.join(rung.who for rung in rungs)}" for when, rungs in zip(named, heard, strict=True)]


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
