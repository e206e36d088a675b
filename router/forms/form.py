"""Guided business (clause ``business.guided``): a form is a list of steps, written as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from router.forms.progress import Answer, Progress


class StepKind(StrEnum):
    """What a step asks for."""

    TEXT = "text"
    CHOICE = "choice"
    PHONE = "phone"
    DATE = "date"
    NUMBER = "number"
    YES_NO = "yes_no"
    IDENTITY = "identity"
    """Who the customer is: proved before, or by a one-time code now."""
    CHALLENGE = "challenge"
    """How the customer's identity number ends, compared with what the CRM knows; the answer itself is never kept."""
    AGREEMENT = "agreement"
    """Something to be agreed to; that and its edition are on record."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text of a form in the languages in which forms are written."""

    zh: str
    en: str

    def read(self, language: str) -> str:
        """The text for readers of a language; Chinese for all who do not read English."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Pick:
    """One of the answers that a step offers."""

    id: str
    label: Wording


@dataclass(frozen=True, slots=True)
class Step:
    """One question of a form."""

    id: str
    kind: StepKind
    ask: Wording
    label: Wording
    """What its answer is called in a summary."""
    help: Wording | None = None
    private: bool = False
    """Whether its answer is masked wherever people read it without a reason."""
    least: int = 1
    """Of a text its fewest characters, of a number the smallest, of a date the first day, counted from today."""
    most: int = 500
    """The same at the other end."""
    picks: tuple[Pick, ...] = ()
    edition: str = ""
    """Of an agreement: which wording of it was accepted."""


@dataclass(frozen=True, slots=True)
class Form:
    """One piece of business that a customer can be guided through."""

    id: str
    version: int
    title: Wording
    steps: tuple[Step, ...]
    phrases: frozenset[str] = frozenset()
    """Whole messages that begin it, in small letters."""
    business: str = ""
    """The business type by which a hand-off is routed, a category of the knowledge base."""
    urgent: bool = False
    call: str = ""
    """The operator's interface that gets the request; empty where people do."""

    def next_step(self, progress: Progress) -> Step | None:
        """The first step without an answer; None where all have one."""
        answered = {answer.step for answer in progress.answers}
        return next((step for step in self.steps if step.id not in answered), None)

    def shown(self, answers: tuple[Answer, ...], language: str, *, masked: bool) -> list[tuple[str, str]]:
        """Labels and answers for people to read, private ones masked where that is asked for."""
        given = {answer.step: answer.value for answer in answers}
        return [
            (step.label.read(language), _shown(step, given[step.id], language, masked=masked))
            for step in self.steps
            if step.id in given
        ]


Forms = Mapping[str, Form]
"""By id."""


def veiled(text: str) -> str:
    """A private answer as people may see it: its beginning and its end as in 138****1234, of short ones nothing."""
    head, tail = (min(3, len(text) // 3), min(4, (len(text) + 1) // 3)) if len(text) > 4 else (0, 0)
    return f"{text[:head]}{'*' * (len(text) - head - tail)}{text[len(text) - tail :]}"


def _shown(step: Step, value: str, language: str, *, masked: bool) -> str:
    for pick in step.picks:
        if pick.id == value:
            return pick.label.read(language)
    if step.kind is StepKind.IDENTITY:
        return f"✓ {value.partition(' ')[2]}"
    if step.kind is StepKind.CHALLENGE:
        return "✓"
    if step.kind is StepKind.AGREEMENT:
        return f"✓ {value}"
    return veiled(value) if masked and step.private else value
