"""Requests of business on their way: new, in hand, done; the customer hears of each step on their own channel."""

from enum import StrEnum

from router.contact import SPOKEN, Contact
from router.decision import Decision
from router.effects import MoveRequest, Say, Sender, WriteNote, words
from router.events import RequestMoved


class RequestState(StrEnum):
    """How far a request has got."""

    NEW = "new"
    IN_HAND = "in_hand"
    DONE = "done"


STEPS = {RequestState.NEW: RequestState.IN_HAND, RequestState.IN_HAND: RequestState.DONE}
"""What comes next; what is done stays done."""


def moved(contact: Contact, act: RequestMoved) -> Decision:
    """A request was taken on; where nothing that we write is read, the thread keeps it for colleagues."""
    key = f"form.request.{act.after}{'.note' if act.note else ''}"
    said = words(key, form=act.title, number=act.request_id, note=act.note)
    spoken = contact.channel in SPOKEN
    sender = Sender.SYSTEM if act.agent is None else Sender.AGENT
    told = WriteNote(said, act.agent) if spoken else Say(said, sender=sender, agent=act.agent)
    return Decision(contact, (MoveRequest(act.request_id, act.before, act.after, act.agent, act.note, told),))
