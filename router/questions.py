"""Questions that somebody has to answer later, as subjects of the standard."""

from datetime import datetime

from msgspec import Struct

from router.effects import QuestionKind
from router.standard import Standard, open_deadlines


class Question(Struct, frozen=True):
    """A question written down; ``asked`` and ``answered`` are aware UTC marks."""

    id: int
    question_kind: QuestionKind
    asked: datetime
    answered: datetime | None = None

    @property
    def kind(self) -> str:
        """The subject's name in the standard."""
        return "question"

    def fact(self, name: str) -> str | None:
        """The value of a fact that clauses ask for in ``when``."""
        return self.question_kind.value if name == "kind" else None

    def mark(self, name: str) -> datetime | None:
        """The mark of that name."""
        return {"asked": self.asked, "answered": self.answered}.get(name)

    def extended(self, clause_id: str) -> datetime | None:
        """No clause of a question can be extended."""
        return None


def question_kind(standard: Standard, now: datetime) -> QuestionKind:
    """In service hours a question follows ``enquiry.follow_up``, else ``message.overnight``."""
    return QuestionKind.FOLLOW_UP if standard.calendar.is_open(now) else QuestionKind.OVERNIGHT


def answer_by(kind: QuestionKind, standard: Standard, now: datetime) -> datetime:
    """When a question asked now is to be answered at the latest (aware UTC); ``now`` where no clause says so."""
    due = [deadline.due for deadline in open_deadlines(Question(0, kind, now), standard)]
    return min(due, default=now)
