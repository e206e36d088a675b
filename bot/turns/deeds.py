"""What acts of agents leave behind beside the conversation: rows of the audit trail, and drafts that were sent."""

import json
from datetime import datetime

from bot.audit.audit import Deed
from bot.drafts.drafts import Kind, Place, Sent
from bot.mentions.mentions import Mention
from bot.turns.standing import Standing
from router.conversation import Status
from router.events import (
    Assigned,
    Event,
    GivenBack,
    Joined,
    Noted,
    QuestionAnswered,
    Reassigned,
    Replied,
    Unjoined,
    Urged,
    Watched,
    Whispered,
)


def deed_of(event: Event, where: Standing) -> tuple[object, ...] | None:
    """Agent, deed, what, detail and reason of an act that was carried out; None where the trail need not tell of it."""
    match event:
        case Assigned(agent=agent, previous=int() as previous, by=int() as by) if previous != agent:
            return by, Deed.TAKE_OVER.value, _what(where), f"agent {previous} -> {agent}", ""
        case Assigned(agent=agent, by=int() as by) if _was_with_bot(where):
            return by, Deed.TAKE_OVER.value, _what(where), f"bot -> agent {agent}", ""
        case Unjoined(agent=agent, reason=reason):
            return agent, Deed.UNJOIN.value, f"contact:{where.contact.id}", "", reason
        case Watched(agent=agent, conversation=number, told=told):
            return agent, Deed.WATCH.value, f"conversation:{number}", "told" if told else "silent", ""
        case Whispered(agent=agent):
            return agent, Deed.WHISPER.value, _what(where), f"to agent {_owner(where)}", ""
        case Joined(agent=agent):
            return agent, Deed.JOIN.value, _what(where), f"beside agent {_owner(where)}", ""
        case Urged(agent=agent):
            return agent, Deed.URGE.value, _what(where), f"agent {_owner(where)}", ""
        case GivenBack(agent=agent, to=to):
            return agent, Deed.GIVE_BACK.value, _what(where), f"agent {agent} -> {to}", ""
        case Reassigned(agent=agent, to=to, queue=queue, reason=reason):
            whom = f"queue {queue}" if to is None else f"agent {to}"
            return agent, Deed.REASSIGN.value, _what(where), f"-> {whom}", reason
        case _:
            return None


def _what(where: Standing) -> str:
    conversation = where.contact.conversation
    return f"conversation:{conversation.id}" if conversation else f"contact:{where.contact.id}"


def _owner(where: Standing) -> int | None:
    return where.contact.conversation.assignee if where.contact.conversation else None


def _was_with_bot(where: Standing) -> bool:
    before = where.loaded.conversation
    return before is not None and before.status is Status.BOT


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


def named_by(event: Event, where: Standing, now: datetime) -> list[Mention]:
    """Colleagues whom a note names."""
    if not isinstance(event, Noted):
        return []
    conversation = where.contact.conversation
    number = event.call or (conversation.id if conversation else None)
    return [Mention(agent, where.contact.id, where.seq, number, event.agent, now) for agent in event.mentions]
