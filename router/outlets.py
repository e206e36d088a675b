"""What outlets send us: customers who scanned the code on the wall, and those who stood at the counter."""

from datetime import datetime

from msgspec.structs import replace

from router import acts, handoff
from router.contact import Contact
from router.conversation import Conversation, Status
from router.decision import Decision, holding, moved
from router.effects import Effect, KeepOutlet, RecordQuestion, Say, Sender, WriteNote, WriteWords, words
from router.events import Outcome, Visited
from router.questions import answer_by, question_kind
from router.world import World

SCENE = "o:"
"""What the scene of an outlet's QR code begins with; the outlet's id follows."""


def led_here(scene: str, decision: Decision) -> Decision:
    """The decision, and where the code that was scanned hangs in an outlet, that outlet is remembered."""
    outlet = scene.removeprefix(SCENE)
    if outlet == scene or not outlet:
        return decision
    return replace(decision, effects=(KeepOutlet(outlet), *decision.effects))


def visited(contact: Contact, visit: Visited, world: World, now: datetime) -> Decision:
    """A visit is a conversation like any other: settled at the counter, queued for people, or a question for later."""
    conversation = contact.conversation or Conversation(id=0, status=Status.BOT, opened=now)
    conversation = replace(conversation, spoke=now)
    note = WriteNote(words("visit.note", agent=visit.agent_name, outlet=visit.outlet), visit.agent)
    heard = (WriteWords(visit.text), note)
    match visit.outcome:
        case Outcome.SETTLED:
            return _settled(contact, conversation, visit, heard, now)
        case Outcome.QUEUED if _people_can_take(conversation, world, now):
            return _queued(contact, conversation, heard, world, now)
        case _:
            return _written_down(contact, conversation, visit, heard, world, now)


def _settled(
    contact: Contact, conversation: Conversation, visit: Visited, heard: tuple[Effect, ...], now: datetime
) -> Decision:
    """Whoever stood behind the counter served the customer, and the conversation is over."""
    served = _served(conversation, visit.agent, now)
    answer = (Say(visit.answer, sender=Sender.AGENT, agent=visit.agent),) if visit.answer else ()
    decision = acts.end(contact, served, visit.reason, now)
    return replace(decision, effects=(*heard, *answer, *decision.effects))


def _queued(
    contact: Contact, conversation: Conversation, heard: tuple[Effect, ...], world: World, now: datetime
) -> Decision:
    """The desk takes over; the clauses for people run as for every other channel."""
    if conversation.with_people:
        waiting = replace(conversation, waiting_since=conversation.waiting_since or now, reminded=None)
        return holding(contact, waiting, *heard)
    return handoff.start(contact, conversation, world, now, before=heard)


def _written_down(
    contact: Contact,
    conversation: Conversation,
    visit: Visited,
    heard: tuple[Effect, ...],
    world: World,
    now: datetime,
) -> Decision:
    """The customer is told later; a conversation that is with people stays with them."""
    kind = question_kind(world.standard, now)
    by = answer_by(kind, world.standard, now)
    saved = Say(words("visit.saved", by=by), sender=Sender.SYSTEM)
    effects = (*heard, RecordQuestion(kind, visit.text), saved)
    if conversation.with_people:
        return holding(contact, conversation, *effects)
    over = acts.end(contact, replace(conversation, assignee=visit.agent), visit.reason, now)
    return replace(over, effects=(*effects, *over.effects))


def _people_can_take(conversation: Conversation, world: World, now: datetime) -> bool:
    """Whether somebody will be there; else it is written down, so that nobody stands at the counter waiting."""
    if conversation.with_people:
        return True
    staffing = world.staff(conversation.queue or world.routing.default)
    return world.standard.calendar.is_open(now) and not staffing.full


def _served(conversation: Conversation, agent: int, now: datetime) -> Conversation:
    """As served by this person; one that others had in hand is theirs no longer."""
    taken = moved(conversation, Status.ASSIGNED)
    return replace(taken, assignee=agent, queued=conversation.queued or now, assigned=now, answered=now)
