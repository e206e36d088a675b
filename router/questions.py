"""Questions that somebody has to answer later: as subjects of the standard, and what people do about them."""

from datetime import datetime

from msgspec import Struct

from router.acts import own
from router.contact import SPOKEN, Contact
from router.decision import Decision
from router.effects import (
    Alert,
    Audience,
    Effect,
    GiveQuestion,
    QuestionKind,
    RecordQuestion,
    Say,
    Sender,
    SettleQuestion,
    WriteNote,
    words,
)
from router.events import MarkedComplex, QuestionAnswered, QuestionTaken
from router.standard import Standard, open_deadlines


class Question(Struct, frozen=True):
    """A question written down; ``asked`` and ``answered`` are aware UTC marks.

    Of a complex enquiry they are the marks ``complex`` and ``planned``.
    """

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
        complex_one = self.question_kind is QuestionKind.PLAN
        begun, ended = ("complex", "planned") if complex_one else ("asked", "answered")
        return {begun: self.asked, ended: self.answered}.get(name)

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


def answered(contact: Contact, act: QuestionAnswered) -> Decision:
    """An open question is answered on the customer's channel (clause ``enquiry.follow_up``).

    Where the agent has called the customer, which is all that can be done where nothing that we write is read, the
    thread keeps what was said.
    """
    settled = SettleQuestion(act.question_id, act.text, act.agent)
    spoken = contact.channel in SPOKEN
    key = "question.called" if spoken or act.called else "question.plan" if act.plan else "question.answer"
    said = words(key, question=act.question, answer=act.text)
    if act.called and not spoken:
        return Decision(contact, (settled, WriteNote(said, act.agent)))
    return Decision(contact, (settled, Say(said, sender=Sender.AGENT, agent=act.agent)))


def taken(contact: Contact, act: QuestionTaken) -> Decision:
    """A question has an owner from now on; whoever is handed one hears of it."""
    given = GiveQuestion(act.question_id, act.owner, act.before)
    told: tuple[Effect, ...] = ()
    if act.owner != act.agent:
        told = (Alert(Audience.AGENT, "question_given", act.owner),)
    return Decision(contact, (given, *told))


def marked_complex(contact: Contact, act: MarkedComplex) -> Decision:
    """A chat waits for a preliminary plan; whoever serves it owes that (clause ``enquiry.plan``)."""
    if refusal := own(contact.conversation, act.agent, act.version):
        return Decision(contact, (refusal,))
    plan = RecordQuestion(QuestionKind.PLAN, "", act.agent)
    return Decision(contact, (plan, WriteNote(words("note.complex"), act.agent)))
