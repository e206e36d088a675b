"""What acts of agents leave behind beside the conversation: rows of the audit trail, and drafts that were sent."""

import json
from datetime import datetime

from bot.audit.audit import Deed
from bot.drafts.drafts import Kind, Place, Sent
from bot.turns.standing import Standing
from router.events import Assigned, Event, Noted, QuestionAnswered, Replied, Unjoined


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


def sent_by(event: Event, where: Standing) -> Sent | None:
    """The text that an agent has sent or noted down, which is a draft no longer; None for other events."""
    conversation = where.contact.conversation
    match event:
        case Replied(agent=agent, text=text) if conversation is not None:
            return Sent(Place(agent, conversation.id, Kind.REPLY), text)
        case Noted(agent=agent, text=text, call=int() as call):
            return Sent(Place(agent, call, Kind.NOTE), text)
        case Noted(agent=agent, text=text) if conversation is not None:
            return Sent(Place(agent, conversation.id, Kind.NOTE), text)
        case _:
            return None


def overridden_by(event: Event, where: Standing, now: datetime) -> tuple[object, ...] | None:
    """An answer that was sent although something had been pointed out; None for all others."""
    if not isinstance(event, Replied | QuestionAnswered) or event.anyway is None:
        return None
    conversation = where.contact.conversation
    number, anyway = conversation.id if conversation else None, event.anyway
    return where.contact.id, where.seq, number, event.agent, json.dumps(anyway.found), anyway.reason, now


def named_by(event: Event, where: Standing, now: datetime) -> list[tuple[object, ...]]:
    """Colleagues whom a note names, as rows of ``mentions``."""
    if not isinstance(event, Noted):
        return []
    conversation = where.contact.conversation
    number = event.call or (conversation.id if conversation else None)
    return [(agent, where.contact.id, where.seq, number, event.agent, now) for agent in event.mentions]
