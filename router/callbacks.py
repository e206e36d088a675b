"""Call-backs after low scores: the leader calls within a day, and once more three days later (clauses ``survey.*``)."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from router.contact import Contact
from router.decision import Decision
from router.effects import KeepCallback, Refuse
from router.events import CallbackMoved

LONGEST = 500
"""Characters of a plan, of departments and of a remark."""


class Cause(StrEnum):
    """Why somebody was not satisfied."""

    ATTITUDE = "attitude"
    WAITING = "waiting"
    UNSOLVED = "unsolved"
    KNOWLEDGE = "knowledge"
    BILLING = "billing"
    NETWORK = "network"
    POLICY = "policy"
    MISTAKE = "mistake"
    """The customer meant another score."""
    UNREACHED = "unreached"
    OTHER = "other"


class Step(StrEnum):
    """What a leader does about a call-back, in this order."""

    TAKE = "take"
    CALL = "call"
    REVISIT = "revisit"


class Callback(Struct, frozen=True):
    """A call-back as a subject of the standard; its marks are aware UTC."""

    id: int
    opened: datetime
    called: datetime | None = None
    revisited: datetime | None = None

    @property
    def kind(self) -> str:
        """The subject's name in the standard."""
        return "callback"

    def fact(self, name: str) -> str | None:
        """A call-back has no facts that clauses ask for."""
        return None

    def mark(self, name: str) -> datetime | None:
        """The mark of that name."""
        return {"opened": self.opened, "called": self.called, "revisited": self.revisited}.get(name)

    def extended(self, clause_id: str) -> datetime | None:
        """No clause of a call-back can be extended."""
        return None


def moved(contact: Contact, act: CallbackMoved) -> Decision:
    """A leader took a call-back on; a call says why the customer was not satisfied, and what is done about it."""
    if act.step not in list(Step) or max(map(len, (act.plan, act.departments, act.remark))) > LONGEST:
        return Decision(contact, (Refuse("unfit"),))
    if act.step == Step.CALL and (act.cause not in list(Cause) or not act.plan):
        return Decision(contact, (Refuse("unfit"),))
    if act.step == Step.REVISIT and act.won_back is None:
        return Decision(contact, (Refuse("unfit"),))
    return Decision(contact, (KeepCallback(act),))
