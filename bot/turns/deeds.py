"""What the audit trail tells of acts that the writer takes: chats taken over, contacts taken from their customer."""

from bot.audit.audit import Deed
from bot.turns.standing import Standing
from router.events import Assigned, Event, Unjoined


def deed_of(event: Event, where: Standing) -> tuple[object, ...] | None:
    """Agent, deed, what, detail and reason of an act that was carried out; None where the trail need not tell of it."""
    match event:
        case Assigned(agent=agent, previous=int() as previous, by=int() as by) if previous != agent:
            conversation = where.contact.conversation
            what = f"conversation:{conversation.id}" if conversation else f"contact:{where.contact.id}"
            return by, Deed.TAKE_OVER.value, what, f"agent {previous} -> {agent}", ""
        case Unjoined(agent=agent, reason=reason):
            return agent, Deed.UNJOIN.value, f"contact:{where.contact.id}", "", reason
        case _:
            return None
