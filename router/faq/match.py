"""The values that go into a knowledge index and come out of it."""

from dataclasses import dataclass
from enum import StrEnum

from router.events import Found


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of knowledge: a standard question, other ways to ask it, and the answer."""

    id: str
    question: str
    similar: tuple[str, ...] = ()
    answer: str = ""


class Verdict(StrEnum):
    """What is to be done with a question."""

    ANSWER = "answer"
    SUGGEST = "suggest"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which confidence (0 to 1) of the first entry on it is answered, and from which it is suggested: then with it
    others that are a fraction as likely (``router.faq.index.BESIDE``)."""

    answer: float
    suggest: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be meant; ``confidence`` is the calibrated chance that it is, 0 to 1."""

    entry: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Match:
    """What an index makes of a question: the verdict, and up to three entries, best first, whatever the verdict."""

    verdict: Verdict
    candidates: tuple[Candidate, ...] = ()
    suggestions: tuple[str, ...] = ()
    """Ids of the entries to suggest, best first, at most three; empty unless the verdict is ``SUGGEST``."""

    @property
    def answer(self) -> str | None:
        """Id of the entry to answer with, or None unless the verdict is ``ANSWER``."""
        return self.candidates[0].entry if self.verdict is Verdict.ANSWER else None

    @property
    def confidence(self) -> float:
        """Calibrated chance that the first candidate is the right answer, 0 to 1; 0 without a candidate."""
        return self.candidates[0].confidence if self.candidates else 0.0

    @property
    def found(self) -> Found:
        """The same, as the value that a customer's message carries."""
        if self.answer is not None:
            return Found((self.answer,), direct=True, confidence=self.confidence)
        return Found(self.suggestions, confidence=self.confidence)
