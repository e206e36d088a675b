"""Leading: what leaders do to chats that others have; every act is on record, and who serves knows of it."""

from datetime import datetime

from msgspec.structs import replace

from router.acts import ENDED, STALE, own, queued_again, taken
from router.contact import Contact
from router.conversation import Conversation, Status
from router.decision import Decision
from router.effects import Alert, Audience, Effect, KeepInvitation, Refuse, WriteNote, words
from router.events import GivenBack, Joined, Reassigned, Urged, Watched, Whispered
from router.world import World

UNFIT = Refuse("unfit")


def watched(contact: Contact, act: Watched) -> Decision:
    """A leader reads along; where that is told, the thread says so to whoever serves."""
    conversation = contact.conversation
    told = act.told and conversation is not None and conversation.status is Status.ASSIGNED
    return Decision(contact, (WriteNote(words("note.watched", agent=act.name)),) if told else ())


def whispered(contact: Contact, act: Whispered) -> Decision:
    """A word to whoever serves, which nobody else reads and the customer cannot be sent."""
    if refusal := _others(contact.conversation, act.agent, act.version):
        return Decision(contact, (refusal,))
    assert contact.conversation is not None
    assert contact.conversation.assignee is not None
    whom = contact.conversation.assignee
    return Decision(contact, (WriteNote(act.text, act.agent, to=whom), Alert(Audience.AGENT, "whispered", whom)))


def joined(contact: Contact, act: Joined) -> Decision:
    """A leader answers beside the owner, as if they had been invited."""
    if refusal := _others(contact.conversation, act.agent, act.version):
        return Decision(contact, (refusal,))
    assert contact.conversation is not None
    line = WriteNote(words("note.joined", agent=act.name))
    kept = KeepInvitation(act.agent, act.agent, answers=True)
    return Decision(contact, (line, kept, Alert(Audience.AGENT, "joined", contact.conversation.assignee)))


def urged(contact: Contact, act: Urged) -> Decision:
    """The owner is reminded that somebody waits."""
    conversation = contact.conversation
    if conversation is None:
        return Decision(contact, (ENDED,))
    if conversation.status is not Status.ASSIGNED or conversation.assignee in (None, act.agent):
        return Decision(contact, (UNFIT,))
    line = WriteNote(words("note.urged", agent=act.name))
    return Decision(contact, (line, Alert(Audience.AGENT, "urged", conversation.assignee)))


def given_back(contact: Contact, act: GivenBack, now: datetime) -> Decision:
    """Whoever took a chat over gives it back to whom they took it from."""
    conversation = contact.conversation
    if refusal := own(conversation, act.agent, act.version):
        return Decision(contact, (refusal,))
    assert conversation is not None
    line = WriteNote(words("note.given_back", agent=act.name, to=act.to_name))
    told = Alert(Audience.AGENT, "given_back", act.to)
    decision = taken(contact, conversation, act.to, act.to_name, now, told, key="transferred")
    return replace(decision, effects=(line, *decision.effects))


def reassigned(contact: Contact, act: Reassigned, world: World, now: datetime) -> Decision:
    """A leader gives a chat to an agent or into a queue, at once; owners old and new are told."""
    conversation = contact.conversation
    if conversation is None:
        return Decision(contact, (ENDED,))
    if conversation.version != act.version or not conversation.with_people:
        return Decision(contact, (STALE,))
    before = conversation.assignee
    if act.to is not None and act.to == before:
        return Decision(contact, (UNFIT,))
    lost = () if before is None else (Alert(Audience.AGENT, "reassigned", before),)
    if act.to is None:
        decision = queued_again(contact, conversation, act.queue, act.name, world, now)
        return replace(decision, effects=(*decision.effects, *lost))
    line: Effect = WriteNote(words("note.reassigned", agent=act.name, to=act.to_name))
    decision = taken(contact, conversation, act.to, act.to_name, now, Alert(Audience.AGENT, "assigned", act.to), *lost)
    return replace(decision, effects=(line, *decision.effects))


def _others(conversation: Conversation | None, agent: int, version: int) -> Refuse | None:
    """Why an act beside the owner is refused; None where somebody else has the chat, as the leader saw it."""
    if conversation is None or conversation.status is Status.CLOSED:
        return ENDED
    if conversation.version != version or conversation.status is not Status.ASSIGNED:
        return STALE
    return UNFIT if conversation.assignee in (None, agent) else None
