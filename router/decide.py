"""The heart: one function that turns an event into the contact's next state and a list of effects."""

from datetime import datetime
from typing import assert_never

from router import (
    acts,
    alarms,
    at_once,
    binding,
    callbacks,
    calls,
    cases,
    dialogue,
    invitations,
    leading,
    offers,
    outlets,
    questions,
    requests,
    snags,
    survey,
)
from router.contact import Contact
from router.decision import Decision
from router.effects import Join, KeepTicket, QuestionKind, RecordQuestion, Rederive
from router.events import (
    Abandoned,
    Accepted,
    Arrived,
    Assigned,
    Bounced,
    CallAbandoned,
    CallbackMoved,
    CallEnded,
    CallOffered,
    CallPickedUp,
    CallScored,
    CaseMarked,
    CaseOpened,
    Closed,
    Declined,
    Event,
    Excused,
    Filled,
    Fired,
    Followed,
    FormBegun,
    GapMarked,
    GivenBack,
    HandedBack,
    Invited,
    Joined,
    Lapsed,
    MarkedComplex,
    Noted,
    Observed,
    Offered,
    Overflowed,
    Proved,
    QuestionAnswered,
    QuestionTaken,
    Reassigned,
    Rebased,
    RecordingReady,
    Replied,
    RequestMoved,
    Requeued,
    Said,
    Stumbled,
    SurveyDue,
    Tapped,
    TicketActed,
    TicketImported,
    TicketOpened,
    Transferred,
    Undelivered,
    Unfollowed,
    Unjoined,
    Urged,
    Visited,
    VoicemailLeft,
    Watched,
    Whispered,
)
from router.forms import dialogue as forms
from router.world import World


def decide(contact: Contact, event: Event, world: World, now: datetime) -> Decision:
    """Decide what an event changes and what is to be done about it.

    Args:
        contact: the contact with its open conversation and pending survey.
        event: what happened.
        world: the snapshot of standard, knowledge and staffing that holds for this batch.
        now: aware UTC; never earlier than the contact's last mark.
    """
    match event:
        case Said():
            return at_once.answered(contact, event, world, now) or decide_at_length(contact, event, world, now)
        case Fired(subject="ticket" | "complaint"):
            return Decision(contact, (KeepTicket(event),))
        case Fired():
            return alarms.fired(contact, event, world, now)
        case Followed():
            return outlets.led_here(event.scene, dialogue.followed(contact, world))
        case Tapped():
            return outlets.led_here(event.key, Decision(contact))
        case Unfollowed():
            return dialogue.unfollowed(contact)
        case Observed():
            return dialogue.observed(contact, event)
        case Bounced():
            return Decision(contact)  # Of a message that was given up before: what it means is known.
        case Proved(proof):
            return Decision(contact, (Join(proof),))
        case Unjoined():
            return binding.unjoined(contact, event)
        case Filled():
            return survey.filled(contact, event, now)
        case Replied():
            return acts.replied(contact, event, now)
        case Noted():
            return acts.noted(contact, event)
        case GapMarked(text=text):
            return Decision(contact, (RecordQuestion(QuestionKind.GAP, text),))
        case HandedBack():
            return acts.handed_back(contact, event, now)
        case Requeued():
            return acts.requeued(contact, event, world, now)
        case Transferred():
            return offers.transferred(contact, event, world, now)
        case Invited():
            return invitations.invited(contact, event)
        case Excused():
            return invitations.excused(contact, event)
        case Watched():
            return leading.watched(contact, event)
        case Whispered():
            return leading.whispered(contact, event)
        case Joined():
            return leading.joined(contact, event)
        case Urged():
            return leading.urged(contact, event)
        case GivenBack():
            return leading.given_back(contact, event, now)
        case Reassigned():
            return leading.reassigned(contact, event, world, now)
        case Offered():
            return offers.offered(contact, event, world, now)
        case Accepted():
            return offers.accepted(contact, event, now)
        case Declined():
            return offers.declined(contact, event, world, now)
        case Lapsed():
            return offers.lapsed(contact, event, world, now)
        case Closed():
            return acts.closed(contact, event, now)
        case Assigned():
            return acts.assigned(contact, event, now)
        case Abandoned():
            return acts.abandoned(contact, event, world, now)
        case Overflowed():
            return acts.overflowed(contact, event)
        case QuestionAnswered():
            return questions.answered(contact, event)
        case QuestionTaken():
            return questions.taken(contact, event)
        case MarkedComplex():
            return questions.marked_complex(contact, event)
        case CallbackMoved():
            return callbacks.moved(contact, event)
        case FormBegun():
            return forms.begun(contact, event, world, now)
        case RequestMoved():
            return requests.moved(contact, event)
        case CaseOpened():
            return cases.opened(contact, event, world)
        case CaseMarked():
            return cases.marked(contact, event, world)
        case Rebased(subject, subject_id):
            return Decision(contact, (Rederive(subject, subject_id),))
        case TicketOpened() | TicketImported() | TicketActed():
            return Decision(contact, (KeepTicket(event),))
        case SurveyDue():
            return survey.due(contact, event, world, now)
        case Undelivered():
            return alarms.undelivered(contact, event, now)
        case Arrived():
            return alarms.arrived(contact, event)
        case Stumbled():
            return dialogue.stumbled(contact, world, now)
        case Visited():
            return outlets.visited(contact, event, world, now)
        case (
            CallOffered()
            | CallPickedUp()
            | CallEnded()
            | CallAbandoned()
            | VoicemailLeft()
            | RecordingReady()
            | CallScored()
        ):
            return calls.reported(contact, event)
        case _:
            assert_never(event)


def decide_at_length(contact: Contact, event: Said, world: World, now: datetime) -> Decision:
    """Decide what a customer's words change, whatever they may be."""
    return snags.marked(contact, event, dialogue.said(contact, event, world, now), world)
