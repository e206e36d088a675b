"""What a deadline that fires and a message that cannot be delivered lead to."""

from datetime import datetime
from math import ceil

from msgspec.structs import replace

from router import acts
from router.clauses.ladder import Rung, called, told
from router.contact import SPOKEN, Contact
from router.conversation import Conversation, Status
from router.decision import Decision, holding
from router.effects import (
    Alert,
    Audience,
    Effect,
    GiveUpCall,
    KeepTicket,
    QuestionKind,
    RecordQuestion,
    RequestSurvey,
    Say,
    Sender,
    SurveyUndelivered,
    TellSystem,
    words,
)
from router.events import Arrived, Fired, Undelivered
from router.forms import idle
from router.handoff import to_bot
from router.improvements import KIND as IMPROVEMENT
from router.questions import answer_by
from router.standard import Clause
from router.survey import ASK
from router.world import World


def fired(contact: Contact, event: Fired, world: World, now: datetime) -> Decision:
    """A warning alerts the next rung of the clause's ladder; the due time itself does what the clause says."""
    clause = world.clause(event.clause, event.edition)
    alerts = _alerts(clause, event)
    if event.subject == "question":
        return Decision(contact, (*alerts, *_pushed(contact, clause, event, world, now)))
    if event.subject == "survey":
        asked = (RequestSurvey(event.subject_id),) if event.breached else ()
        return Decision(contact, (*alerts, *asked))
    if event.subject == idle.KIND:
        return idle.fired(contact, clause.on_breach if event.breached else "", world, now)
    if event.subject == "call":
        over = event.breached and clause.on_breach == "end"
        return Decision(contact, (*alerts, *((GiveUpCall(event.subject_id),) if over else ())))
    conversation = contact.conversation
    mine = event.subject == "conversation" and conversation is not None and conversation.id == event.subject_id
    if not event.breached or not mine or conversation is None:
        return Decision(contact, alerts)
    return _breached(contact, conversation, clause, alerts, world, now)


def undelivered(contact: Contact, event: Undelivered, now: datetime) -> Decision:
    """An agent's answer did not arrive: the customer is still waiting, and the agent is told."""
    if event.ticket is not None and not event.unsure:
        return Decision(contact, (Alert(Audience.LEADER, "undelivered"), KeepTicket(event)))
    conversation = contact.conversation
    if event.sender == "survey" and not event.unsure:
        return _survey_undelivered(contact)
    kind = "in_doubt" if event.unsure else "undelivered"
    if conversation is None or not conversation.with_people:
        return Decision(contact, (Alert(Audience.LEADER, kind),))
    alert = Alert(Audience.AGENT, kind, conversation.assignee)
    if event.sender != Sender.AGENT:
        return Decision(contact, (alert,))
    waiting = replace(conversation, waiting_since=conversation.waiting_since or now)
    return holding(contact, waiting, alert)


def arrived(contact: Contact, event: Arrived) -> Decision:
    """An agent's answer that was taken for lost has arrived: nobody waits, unless the customer has written since."""
    conversation = contact.conversation
    if event.sender != Sender.AGENT or conversation is None or conversation.waiting_since is None:
        return Decision(contact)
    if conversation.answered is None or (conversation.spoke is not None and conversation.spoke > conversation.answered):
        return Decision(contact)
    return holding(contact, replace(conversation, waiting_since=None))


def _survey_undelivered(contact: Contact) -> Decision:
    """The question was never seen, so no bare number answers it; the leader hears of it."""
    alert, survey = Alert(Audience.LEADER, "undelivered.survey"), contact.survey
    if survey is None:
        return Decision(contact, (alert,))
    if contact.last_said == ASK:
        contact = replace(contact, last_said="", options=())
    return Decision(replace(contact, survey=None), (SurveyUndelivered(survey.id), alert))


def _alerts(clause: Clause, event: Fired) -> tuple[Effect, ...]:
    """The rungs of the ladder for this step; in turn, the due time goes to the last one."""
    kind = _kind(clause, event)
    rungs = called(clause.alert, clause.warn, event.passed, event.steps)
    desk = dict.fromkeys([_alert(rung, kind, event) for rung in rungs if "desk" in rung.how])
    return (*desk, *_told_systems(rungs, kind, event))


def _pushed(contact: Contact, clause: Clause, event: Fired, world: World, now: datetime) -> tuple[Effect, ...]:
    """Whoever waits for an answer hears that it is late and goes on, where a rung of the ladder says so."""
    rung = told(called(clause.alert, clause.warn, event.passed, event.steps))
    if rung is None or contact.channel in SPOKEN:
        return ()
    own = dict(rung.say)
    said = words("question.late.own", why=own.get(contact.language, own["zh"])) if own else words("question.late")
    return (Say(said, sender=Sender.SYSTEM, not_before=world.tickets.quiet.over(now, world.zone)),)


def told_systems(clause: Clause, event: Fired) -> tuple[Effect, ...]:
    """What the operator's systems hear of a threshold, where a rung of the ladder asks for it."""
    rungs = called(clause.alert, clause.warn, event.passed, event.steps)
    return _told_systems(rungs, _kind(clause, event), event)


def _told_systems(rungs: tuple[Rung, ...], kind: str, event: Fired) -> tuple[Effect, ...]:
    asked = any("webhook" in rung.how for rung in rungs)
    return (TellSystem(kind, event.subject, event.subject_id),) if asked else ()


def _kind(clause: Clause, event: Fired) -> str:
    """What an alert about it is called."""
    return f"{'breached' if event.late else 'warned'}.{clause.id}"


def _alert(rung: Rung, kind: str, event: Fired) -> Alert:
    """Whoever has no owner to be told is answered for by the leader."""
    improvement = event.subject_id if event.subject == IMPROVEMENT else None
    match rung.who:
        case "manager":
            return Alert(Audience.MANAGER, kind, improvement=improvement)
        case "agent" | "owner" if event.agent is not None:
            return Alert(Audience.AGENT, kind, event.agent)
        case _:
            return Alert(Audience.LEADER, kind, improvement=improvement)


def _breached(
    contact: Contact,
    conversation: Conversation,
    clause: Clause,
    alerts: tuple[Effect, ...],
    world: World,
    now: datetime,
) -> Decision:
    match clause.on_breach:
        case "reoffer":
            return _late(contact, conversation, clause, alerts, world)
        case "remind":
            reminded = replace(conversation, reminded=now)
            return holding(contact, reminded, *alerts, Say(words("remind"), sender=Sender.SYSTEM))
        case "close":
            return _silent(contact, conversation, alerts, now)
        case "overnight":
            return _overnight(contact, conversation, alerts, world, now)
        case _:
            return Decision(contact, alerts)


def _late(
    contact: Contact, conversation: Conversation, clause: Clause, alerts: tuple[Effect, ...], world: World
) -> Decision:
    """Nobody answered in time: the customer is told, and the chat goes to somebody else with priority."""
    if not conversation.with_people:
        return Decision(contact, alerts)
    minutes = ceil(clause.within.total_seconds() / 60) if clause.within else 0
    priority = conversation.priority + world.manners.late_priority
    late = replace(conversation, priority=priority, version=conversation.version + 1)
    late = replace(late, reoffer=conversation.status is Status.ASSIGNED)
    return holding(contact, late, *alerts, Say(words("late", minutes=minutes), sender=Sender.SYSTEM))


def _silent(contact: Contact, conversation: Conversation, alerts: tuple[Effect, ...], now: datetime) -> Decision:
    """Silence ends a chat (clauses ``conversation.idle`` and ``conversation.end``); only a person's chat says so."""
    if conversation.status is Status.BOT:
        return acts.end(contact, conversation, "idle", now)
    goodbye = Say(words("closed.idle"), sender=Sender.SYSTEM)
    decision = acts.end(contact, conversation, "idle", now, goodbye)
    return replace(decision, effects=(*alerts, *decision.effects))


def _overnight(
    contact: Contact, conversation: Conversation, alerts: tuple[Effect, ...], world: World, now: datetime
) -> Decision:
    """At closing time the waiting become overnight messages (clause ``message.overnight``) and are told so."""
    if conversation.status is not Status.QUEUED:
        return Decision(contact, alerts)
    by = answer_by(QuestionKind.OVERNIGHT, world.standard, now)
    question = RecordQuestion(QuestionKind.OVERNIGHT, "")
    told = Say(words("queue.overnight", by=by), sender=Sender.SYSTEM)
    return holding(contact, to_bot(conversation, now), *alerts, question, told)
