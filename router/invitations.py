"""Invitations: the owner of a conversation asks a colleague to help, and keeps it."""

from router.acts import STALE, beside, own
from router.contact import Contact
from router.conversation import Status
from router.decision import Decision
from router.effects import Alert, Audience, EndInvitation, KeepInvitation, Refuse, WriteNote, words
from router.events import Excused, Invited


def invited(contact: Contact, act: Invited) -> Decision:
    """The colleague sees the thread and can write notes, and where they may, answer; the customer is told nothing."""
    if refusal := own(contact.conversation, act.agent, act.version):
        return Decision(contact, (refusal,))
    if act.whom == act.agent:
        return Decision(contact, (Refuse("unfit"),))
    line = WriteNote(words("note.invited", agent=act.name, whom=act.whom_name))
    kept = KeepInvitation(act.agent, act.whom, act.answers)
    alert = Alert(Audience.AGENT, "invited", act.whom)
    return Decision(contact, (line, *beside(act.note, act.agent), kept, alert))


def excused(contact: Contact, act: Excused) -> Decision:
    """The colleague has left, or is thanked by the owner."""
    conversation = contact.conversation
    if conversation is None or conversation.status is not Status.ASSIGNED:
        return Decision(contact, (STALE,))
    if act.agent not in (act.whom, conversation.assignee):
        return Decision(contact, (STALE,))
    return Decision(contact, (WriteNote(words("note.excused", whom=act.whom_name)), EndInvitation(act.whom)))
