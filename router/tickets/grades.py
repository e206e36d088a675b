"""How grave a complaint is, proposed with its reasons (clause ``complaint.grade``); people have the last word."""

import re
from typing import NamedTuple

from router.tickets.rules import Grading, folded
from router.tickets.ticket import Grade

LOSS = re.compile(r"(?:损失|赔偿|被骗|lost|loss of)\D{0,8}(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)\s*(?P<unit>万|千)?")
UNITS = {None: 1, "千": 1_000, "万": 10_000}
GRAVE = (Grade.ESCALATED, Grade.MAJOR)
LISTS = {
    "demand": Grade.ESCALATED,
    "media": Grade.ESCALATED,
    "regulator": Grade.ESCALATED,
    "group": Grade.MAJOR,
    "publicity": Grade.MAJOR,
}
"""The grade that a word of each list leads to."""


class Reason(NamedTuple):
    """Why a complaint is graver than an ordinary one."""

    grade: Grade
    code: str
    """repeat, demand, media, regulator, group, publicity, people or loss."""
    found: str
    """The word or the number that shows it."""


class Proposal(NamedTuple):
    """A grade with all that speaks for it, the gravest first; an ordinary complaint has no reasons."""

    grade: Grade
    reasons: tuple[Reason, ...]


def propose(text: str, *, repeats: int, people: int, loss: int, grading: Grading) -> Proposal:
    """Propose the grade of a complaint.

    Args:
        text: all that the customer says about it.
        repeats: how often the same customer has complained about the same matter before.
        people: how many customers are concerned.
        loss: yuan; a number that the text names with a word of loss counts as well.
        grading: word lists and thresholds.
    """
    reasons = list(_said(folded(text), grading))
    if repeats >= grading.repeats:
        reasons.append(Reason(Grade.ESCALATED, "repeat", str(repeats)))
    if people >= grading.people:
        reasons.append(Reason(Grade.MAJOR, "people", str(people)))
    if (lost := max(loss, _lost(text))) >= grading.loss:
        reasons.append(Reason(Grade.MAJOR, "loss", str(lost)))
    reasons.sort(key=lambda reason: -reason.grade.rank)
    return Proposal(reasons[0].grade if reasons else Grade.ORDINARY, tuple(reasons))


def _said(text: str, grading: Grading) -> list[Reason]:
    """The first word of each list that the text holds."""
    found = ((name, next((word for word in words if word in text), "")) for name, words in grading.words.items())
    return [Reason(LISTS[name], name, word) for name, word in found if word]


def _lost(text: str) -> int:
    """The greatest sum of money that is said to be lost, in yuan."""
    found = LOSS.finditer(text.lower())
    return max((int(float(one["number"].replace(",", "")) * UNITS[one["unit"]]) for one in found), default=0)
