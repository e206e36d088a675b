"""Offers: an agent is asked whether they take a conversation, by the assignment or by a colleague who passes it on.

    offered ──→ accepted: theirs
       │
       └──────→ declined, or no answer in time ──→ the next one is asked; a transfer comes back to its owner

Until somebody has accepted, nothing changes for the customer: the conversation waits, or stays with its owner.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from router.acts import ENDED, STALE, beside, own, taken
from router.contact import Contact
from router.conversation import Conversation, Offer, Status
from router.decision import Decision, holding, moved
from router.effects import Alert, Audience, KeepTransfer, Refuse, WriteNote, words
from router.events import Accepted, Declined, Lapsed, Offered, Transferred
from router.world import World

PATIENCE = timedelta(seconds=30)
"""How long a colleague has to answer where the queue has no limit of its own."""


def transferred(contact: Contact, act: Transferred, world: World, now: datetime) -> Decision:
    """The owner asks a colleague to take over, and keeps the conversation until they have."""
    conversation = contact.conversation
    if refusal := own(conversation, act.agent, act.version):
        return Decision(contact, (refusal,))
    assert conversation is not None
    if act.to == act.agent:
        return Decision(contact, (Refuse("unfit"),))
    limit = world.routing.queue(conversation.queue).accept or PATIENCE
    asked = replace(conversation, offer=Offer(act.to, now + limit, by=act.agent))
    line = WriteNote(words("note.transfer", agent=act.name, to=act.to_name))
    return holding(contact, asked, line, *beside(act.note, act.agent), KeepTransfer(act.agent, act.to, "", act.note))


def offered(contact: Contact, act: Offered, world: World, now: datetime) -> Decision:
    """The assignment found an agent who has to say yes first."""
    conversation = contact.conversation
    if conversation is None:
        return Decision(contact, (ENDED,))
    before = conversation.offer
    waits = conversation.status is Status.QUEUED or (conversation.status is Status.ASSIGNED and conversation.reoffer)
    same = conversation.version == act.version and conversation.assignee == act.previous
    if not (waits and same) or conversation.offered:
        return Decision(contact, (STALE,))
    limit = world.routing.queue(conversation.queue).accept or PATIENCE
    hops, passed = (before.hops, before.passed) if before else (0, ())
    return holding(contact, replace(conversation, offer=Offer(act.agent, now + limit, hops=hops + 1, passed=passed)))


def accepted(contact: Contact, act: Accepted, now: datetime) -> Decision:
    """The agent takes it; of a transfer, the one who passed it on is told."""
    conversation = contact.conversation
    offer = _asked(conversation, act.agent)
    if conversation is None or offer is None:
        return Decision(contact, (STALE,))
    if offer.by is None:
        return taken(contact, conversation, act.agent, act.name, now)
    told = Alert(Audience.AGENT, "transfer_accepted", offer.by)
    return taken(contact, conversation, act.agent, act.name, now, told, key="transferred")


def declined(contact: Contact, act: Declined, world: World, now: datetime) -> Decision:
    """The agent said no."""
    conversation = contact.conversation
    offer = _asked(conversation, act.agent)
    if conversation is None or offer is None:
        return Decision(contact, (STALE,))
    return _passed(contact, conversation, offer, WriteNote(words("note.declined", agent=act.name)), world, now)


def lapsed(contact: Contact, act: Lapsed, world: World, now: datetime) -> Decision:
    """The agent has not answered in time."""
    conversation = contact.conversation
    offer = _asked(conversation, act.agent)
    if conversation is None or offer is None or offer.until != act.until or now < offer.until:
        return Decision(contact, (STALE,))
    return _passed(contact, conversation, offer, WriteNote(words("note.lapsed", agent=act.name)), world, now)


def _asked(conversation: Conversation | None, agent: int) -> Offer | None:
    """The offer that stands to this agent."""
    offer = conversation.offer if conversation is not None else None
    return offer if offer is not None and offer.to == agent else None


def _passed(
    contact: Contact, conversation: Conversation, offer: Offer, line: WriteNote, world: World, now: datetime
) -> Decision:
    """A transfer comes back. An offer goes on to somebody else, and after so many to the next queue or the leader."""
    if offer.by is not None:
        alert = Alert(Audience.AGENT, "transfer_returned", offer.by)
        return holding(contact, replace(conversation, offer=None), line, alert)
    assert offer.to is not None
    queue = world.routing.queue(conversation.queue)
    passed = (*offer.passed, offer.to)
    if offer.hops < queue.hops:
        return holding(contact, replace(conversation, offer=Offer(None, now, hops=offer.hops, passed=passed)), line)
    alert = Alert(Audience.LEADER, "offers_passed")
    if queue.overflow and conversation.status is Status.QUEUED:
        return holding(contact, replace(moved(conversation, Status.QUEUED), queue=queue.overflow), line, alert)
    return holding(contact, replace(conversation, offer=Offer(None, now, passed=passed)), line, alert)
