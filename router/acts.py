"""What the acts of people at the desk change, and when they come too late."""

from datetime import datetime

from msgspec.structs import replace

from router import handoff
from router.contact import SPOKEN, Contact
from router.conversation import Conversation, Status
from router.decision import Decision, holding, moved
from router.effects import (
    Alert,
    Audience,
    KeepTakeOver,
    KeepTransfer,
    Refuse,
    ReleaseSurvey,
    Say,
    ScheduleSurvey,
    Sender,
    TellPlace,
    WriteNote,
    words,
)
from router.events import (
    Abandoned,
    Assigned,
    Closed,
    HandedBack,
    Noted,
    Overflowed,
    Replied,
    Requeued,
)
from router.survey import ASKED_AT_CLOSE
from router.world import World

STALE = Refuse("stale")
ENDED = Refuse("ended")


def replied(contact: Contact, act: Replied, now: datetime) -> Decision:
    """An agent answered: the wait is over."""
    conversation = contact.conversation
    speaker = conversation.assignee if conversation is not None and act.invited else act.agent
    if refusal := own(conversation, speaker, act.version):
        return Decision(contact, (refusal,))
    assert conversation is not None
    answered = replace(conversation, answered=now, waiting_since=None, reminded=None, reoffer=False)
    return holding(contact, answered, *_answer(act))


def _answer(act: Replied) -> tuple[Say, ...]:
    """The messages of an answer: its text, or its files of which the first carries the text."""
    if not act.files:
        return (Say(act.text, sender=Sender.AGENT, agent=act.agent),)
    return tuple(
        Say("" if place else act.text, sender=Sender.AGENT, agent=act.agent, kind=file.kind, media=file.media)
        for place, file in enumerate(act.files)
    )


def noted(contact: Contact, act: Noted) -> Decision:
    """A note stands in the thread and is never sent."""
    return Decision(contact, (WriteNote(act.text, act.agent, act.call),))


def handed_back(contact: Contact, act: HandedBack, now: datetime) -> Decision:
    """The bot has the word again; the person's service ends here, and is asked about."""
    conversation = contact.conversation
    if refusal := own(conversation, act.agent, act.version):
        return Decision(contact, (refusal,))
    assert conversation is not None
    said = Say(words("returned"), sender=Sender.SYSTEM)
    asked = conversation.answered is not None and contact.channel not in SPOKEN
    served = (ScheduleSurvey(act.agent, now),) if asked else ()
    return holding(contact, handoff.to_bot(conversation, now), said, *served)


def requeued(contact: Contact, act: Requeued, world: World, now: datetime) -> Decision:
    """Back into a queue; the customer's limit goes on running from the hand-off, and the next agent reads the note."""
    conversation = contact.conversation
    if refusal := own(conversation, act.agent, act.version):
        return Decision(contact, (refusal,))
    assert conversation is not None
    decision = queued_again(contact, conversation, act.queue, act.name, world, now)
    line, place = decision.effects
    kept = KeepTransfer(act.agent, None, act.queue, act.note)
    return replace(decision, effects=(line, *beside(act.note, act.agent), kept, place))


def queued_again(
    contact: Contact, conversation: Conversation, queue: str, name: str, world: World, now: datetime
) -> Decision:
    """A conversation with people waits in a queue again; a line in the thread names who put it there."""
    waiting = replace(
        moved(conversation, Status.QUEUED),
        queue=queue,
        queued=conversation.queued or now,
        waiting_since=conversation.waiting_since or now,
        assignee=None,
        assigned=None,
        told=now,
        reoffer=False,
    )
    names = world.routing.queue(queue).names
    called = names.get(contact.language) or names.get("zh") or queue
    return holding(contact, waiting, WriteNote(words("note.requeued", agent=name, queue=called)), TellPlace())


def beside(note: str, agent: int) -> tuple[WriteNote, ...]:
    """What whoever passes a conversation on has to say about it."""
    return (WriteNote(note, agent),) if note else ()


def closed(contact: Contact, act: Closed, now: datetime) -> Decision:
    """The agent ended the conversation; the survey follows (clause ``survey.online``)."""
    conversation = contact.conversation
    if refusal := own(conversation, act.agent, act.version):
        return Decision(contact, (refusal,))
    assert conversation is not None
    return end(contact, conversation, act.wrapup, now, Say(words("closed.agent"), sender=Sender.SYSTEM))


def end(contact: Contact, conversation: Conversation, wrapup: str, now: datetime, *said: Say) -> Decision:
    """Close a conversation; a survey is scheduled where a person has served it and the customer can be asked."""
    over = replace(moved(conversation, Status.CLOSED), closed=now, waiting_since=None, wrapup=wrapup, reoffer=False)
    served = conversation.assignee is not None and conversation.answered is not None and contact.channel not in SPOKEN
    at_close = contact.channel in ASKED_AT_CLOSE
    survey = ScheduleSurvey(conversation.assignee or 0, now, at_close) if served else ReleaseSurvey()
    return holding(replace(contact, closed=now), over, *said, survey)


def assigned(contact: Contact, act: Assigned, now: datetime) -> Decision:
    """An agent has the conversation; on a re-offer the owner kept it until now (the trade's *claim*)."""
    conversation = contact.conversation
    if conversation is None:
        return Decision(contact, (ENDED,))
    if conversation.version != act.version or conversation.assignee != act.previous or not _offered(conversation, act):
        return Decision(contact, (STALE,))
    told = Alert(Audience.AGENT, "assigned", act.agent)
    if act.by is None or conversation.assignee in (None, act.agent):
        return taken(contact, conversation, act.agent, act.name, now, told)
    return _taken_over(taken(contact, conversation, act.agent, act.name, now, told), act, conversation.assignee)


def _taken_over(decision: Decision, act: Assigned, owner: int) -> Decision:
    """What goes with a chat that is taken from a colleague by hand: they are told, and it can be given back."""
    line = WriteNote(words("note.taken_over", agent=act.name))
    told = Alert(Audience.AGENT, "taken_over", owner)
    return replace(decision, effects=(line, *decision.effects, told, KeepTakeOver(act.agent, owner)))


def taken(
    contact: Contact,
    conversation: Conversation,
    agent: int,
    name: str,
    now: datetime,
    *alerts: Alert,
    key: str = "assigned",
) -> Decision:
    """The conversation as the agent's, with the words that tell the customer so."""
    served = replace(moved(conversation, Status.ASSIGNED), assignee=agent, assigned=now, reoffer=False)
    if conversation.queued is None:
        served = replace(served, queued=now, waiting_since=conversation.spoke and now)
    return holding(contact, served, Say(words(key, agent=name), sender=Sender.SYSTEM), *alerts)


def abandoned(contact: Contact, act: Abandoned, world: World, now: datetime) -> Decision:
    """A chat never rests on an absent person: it goes back to the head of its queue."""
    conversation = contact.conversation
    stale = conversation is None or conversation.version != act.version or conversation.assignee != act.agent
    if stale or conversation is None or conversation.status is not Status.ASSIGNED:
        return Decision(contact, (STALE,))
    waiting = replace(
        moved(conversation, Status.QUEUED),
        assignee=None,
        assigned=None,
        told=now,
        reoffer=False,
        queue=conversation.queue or world.routing.default,
        priority=conversation.priority + world.manners.late_priority,
    )
    return holding(contact, waiting, Alert(Audience.LEADER, "abandoned"))


def overflowed(contact: Contact, act: Overflowed) -> Decision:
    """It goes on waiting in another queue, with its place and its limit as they are."""
    conversation = contact.conversation
    if conversation is None or conversation.version != act.version or conversation.status is not Status.QUEUED:
        return Decision(contact, (STALE,))
    waiting = replace(moved(conversation, Status.QUEUED), queue=act.queue)
    return holding(contact, waiting, Alert(Audience.LEADER, "overflowed"))


def own(conversation: Conversation | None, agent: int | None, version: int) -> Refuse | None:
    """Why an act that only the owner may do is refused; None where it may be done."""
    if conversation is None or conversation.status is Status.CLOSED:
        return ENDED
    if conversation.version != version or agent is None or conversation.assignee != agent:
        return STALE
    return None


def _offered(conversation: Conversation, act: Assigned) -> bool:
    """Whether it may be taken: by the assignment where it waits or is offered again, by hand at any time."""
    if act.by is not None:
        return conversation.status in (Status.BOT, Status.QUEUED, Status.ASSIGNED)
    waits = conversation.status is Status.QUEUED or (conversation.status is Status.ASSIGNED and conversation.reoffer)
    return waits and not conversation.offered
