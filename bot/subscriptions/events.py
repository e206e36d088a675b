"""What subscribers can be told of, told of a batch of turns: ids and states, never what somebody said.

Marks tell what has happened, so one batch that opens, queues and assigns a conversation tells all three.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from bot.turns.standing import Standing
from router.calls import Call
from router.conversation import Conversation
from router.ledger import Line
from router.tickets.decision import Step
from router.tickets.ticket import Ticket


class Type(StrEnum):
    """What can be subscribed to."""

    CONVERSATION_CREATED = "conversation.created"
    CONVERSATION_QUEUED = "conversation.queued"
    CONVERSATION_ASSIGNED = "conversation.assigned"
    CONVERSATION_CLOSED = "conversation.closed"
    MESSAGE_CREATED = "message.created"
    SURVEY_SCORED = "survey.scored"
    DEADLINE_WARNED = "deadline.warned"
    DEADLINE_BREACHED = "deadline.breached"
    TICKET_CREATED = "ticket.created"
    TICKET_CHANGED = "ticket.changed"
    TICKET_SOLVED = "ticket.solved"
    TICKET_REOPENED = "ticket.reopened"
    TICKET_ARCHIVED = "ticket.archived"


Told = Mapping[str, object]
Happening = tuple[Type, datetime, Told]
"""What happened, when (aware UTC), and what is told of it."""

OF_STEPS: Mapping[str, Type] = {
    "opened": Type.TICKET_CREATED,
    "imported": Type.TICKET_CREATED,
    "solved": Type.TICKET_SOLVED,
    "solved.called": Type.TICKET_SOLVED,
    "reopened": Type.TICKET_REOPENED,
    "archived": Type.TICKET_ARCHIVED,
}


def of_conversations(where: Standing) -> Iterator[Happening]:
    """What happened to the conversations of a contact."""
    loaded = where.loaded.conversation
    for now in where.changed.values():
        before = loaded if loaded is not None and loaded.id == now.id else None
        if before is None and now.id in where.stored:
            before = now  # It came from another contact: only its end is news.
        told = {
            "conversation": now.id,
            "contact": where.loaded.id,
            "channel": where.loaded.channel,
            "status": now.status.value,
            "queue": now.queue,
            "assignee": now.assignee,
        }
        if now.id not in where.stored:
            yield Type.CONVERSATION_CREATED, now.opened, told
        if now.queued is not None and (before is None or before.queued != now.queued):
            yield Type.CONVERSATION_QUEUED, now.queued, told
        if now.assigned is not None and (before is None or _had(before) != _had(now)):
            yield Type.CONVERSATION_ASSIGNED, now.assigned, told
        if now.closed is not None:
            yield Type.CONVERSATION_CLOSED, now.closed, {**told, "wrapup": now.wrapup}


def of_call(where: Standing, before: Call, call: Call, told: Told, wrapup: str) -> Iterator[Happening]:
    """What a report tells of a call's conversation: each mark once, however late or often it is reported; a call that
    is put through to somebody else is assigned again. The moments are the telephone system's.

    Args:
        where: the caller.
        before: what was known of the call; ``began`` is None where it is heard of for the first time.
        call: what is known now.
        told: id, status, queue and assignee of the conversation.
        wrapup: how the conversation is shown once it is over.
    """
    told = {**told, "contact": where.loaded.id, "channel": where.loaded.channel}
    if call.began is not None and before.began is None:
        yield Type.CONVERSATION_CREATED, call.began, told
    if call.rang is not None and before.rang is None:
        yield Type.CONVERSATION_QUEUED, call.rang, told
    if call.served is not None and before.served != call.served:
        yield Type.CONVERSATION_ASSIGNED, call.served, told
    if call.ended is not None and before.ended is None:
        yield Type.CONVERSATION_CLOSED, call.ended, {**told, "wrapup": wrapup}


def of_messages(messages: Sequence[tuple[object, ...]]) -> Iterator[Happening]:
    """Messages as ``Rows.messages`` has them; notes are nobody's business outside."""
    for contact, seq, conversation, sender, _agent, kind, _text, _choices, seconds in messages:
        if sender != "note":
            yield Type.MESSAGE_CREATED, _moment(seconds), _message(contact, seq, conversation, sender, kind)


def of_exchanges(exchanges: Sequence[tuple[object, ...]]) -> Iterator[Happening]:
    """Questions with the bot's answer, as ``Rows.exchanges`` has them."""
    for contact, _source, seq, conversation, _question, _answer, _choices, seconds, *_ in exchanges:
        assert isinstance(seq, int)
        at = _moment(seconds)
        yield Type.MESSAGE_CREATED, at, _message(contact, seq, conversation, "contact", "text")
        yield Type.MESSAGE_CREATED, at, _message(contact, seq + 1, conversation, "bot", "text")


def _moment(seconds: object) -> datetime:
    """A time as rows have it: seconds since 1970."""
    assert isinstance(seconds, float)
    return datetime.fromtimestamp(seconds, UTC)


def of_fire(line: Line, now: datetime) -> Happening:
    """A deadline that has reached a step."""
    told = {
        "deadline": line.id,
        "clause": line.clause,
        "subject": line.subject,
        "subject_id": line.subject_id,
        "due": line.due.isoformat(),
    }
    return Type.DEADLINE_WARNED if line.breached is None else Type.DEADLINE_BREACHED, now, told


def of_score(survey: int, contact: int, stars: int | None, score: int, now: datetime) -> Happening:
    """A survey that was scored."""
    return Type.SURVEY_SCORED, now, {"survey": survey, "contact": contact, "stars": stars, "score": score}


def of_ticket(ticket: Ticket, contact: int, steps: Sequence[Step], now: datetime) -> Happening:
    """A ticket that was saved: of the lines of its timeline, the weightiest names what happened."""
    what = [step.what for step in steps]
    told = {
        "ticket": ticket.id,
        "contact": contact,
        "kind": ticket.matter.value,
        "state": ticket.state.value,
        "department": ticket.department,
        "grade": ticket.grade and ticket.grade.value,
        "what": what,
    }
    return next((OF_STEPS[one] for one in what if one in OF_STEPS), Type.TICKET_CHANGED), now, told


def _had(conversation: Conversation) -> tuple[int | None, datetime | None]:
    return conversation.assignee, conversation.assigned


def _message(contact: object, seq: object, conversation: object, sender: object, kind: object) -> Told:
    return {"contact": contact, "seq": seq, "conversation": conversation, "sender": sender, "kind": kind}
