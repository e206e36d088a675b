"""The deadlines of each kind of record, written out by hand in plain words: slow, and beyond doubt.

Each function gives the due times (aware UTC) of what runs, by clause.
"""

from datetime import datetime, time, timedelta

from router.calendar import SHANGHAI
from router.conversation import Conversation, Status
from router.effects import QuestionKind
from router.standard import Standard
from router.tickets.ticket import Grade, Inspection, State, Ticket
from tests.house import Asked, Poll
from tests.router.slow_calendar import SlowCalendar

HALF_AN_HOUR = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)
EXPECTED: dict[str, tuple[str, tuple[str, ...], str, float, float]] = {
    "ticket.transfer": ("ticket", ("created",), "transferred", 1, 1),
    "ticket.progress": ("ticket", ("transferred", "reopened", "reported"), "solved", 24, 24),
    "ticket.close": ("ticket", ("created", "reopened"), "solved", 48, 48),
    "ticket.tell": ("ticket", ("solved",), "told", 1, 1),
    "ticket.visit": ("ticket", ("told",), "visited", 72, 72),
    "ticket.inspect": ("ticket", ("drawn", "visited"), "inspected", 72, 72),
    "ticket.archive": ("ticket", ("visited", "inspected"), "archived", 24, 24),
    "complaint.verify": ("complaint", ("created",), "verified", 2, 2),
    "complaint.first_reply": ("complaint", ("created", "graded"), "replied", 24, 24),
    "complaint.emergency": ("complaint", ("created", "graded"), "emergency", 1, 1),
    "complaint.team_plan": ("complaint", ("created", "graded"), "planned", 24, 24),
    "complaint.resolve": ("complaint", ("created", "graded", "reopened"), "solved", 48, 48),
    "complaint.progress": ("complaint", ("created", "graded", "reopened", "reported"), "solved", 24, 24),
    "complaint.reply": ("complaint", ("solved",), "told", 1, 1),
    "complaint.visit": ("complaint", ("solved",), "visited", 72, 72),
    "complaint.regulator": ("complaint", ("created", "graded"), "regulator", 24, 24),
}
"""The clauses in hours, written out by hand: from, until, the first limit and each further one."""


def holds(clause: str, ticket: Ticket) -> bool:
    """Whether a clause is about a ticket as it stands, in plain words."""
    complaint, grave = ticket.grade is not None, ticket.grade in (Grade.ESCALATED, Grade.MAJOR)
    match clause:
        case "ticket.transfer":
            return ticket.matter.value != "matter"
        case "ticket.tell":
            return not complaint
        case "ticket.visit":
            return not complaint and ticket.state is State.TOLD
        case "ticket.inspect":
            return ticket.state is State.VISITED and ticket.inspection is Inspection.DRAWN
        case "ticket.archive":
            return ticket.state is State.VISITED and ticket.inspection is not Inspection.DRAWN
        case "ticket.progress" | "ticket.close":
            return True
        case "complaint.verify" | "complaint.reply":
            return complaint
        case "complaint.visit":
            return complaint and ticket.state in (State.SOLVED, State.TOLD)
        case "complaint.first_reply" | "complaint.resolve":
            return complaint and not grave
        case "complaint.regulator":
            return ticket.grade is Grade.MAJOR
        case _:
            return grave


def tickets_deadlines(ticket: Ticket) -> dict[str, datetime]:
    """What should run for a ticket, and for the complaint in it."""
    if ticket.archived is not None:
        return {}
    found: dict[str, datetime] = {}
    for clause, (_, since, until, hours, _again) in EXPECTED.items():
        reached = [at for mark in since if (at := getattr(ticket, mark)) is not None]
        ended: datetime | None = getattr(ticket, until)
        if not holds(clause, ticket) or not reached or (ended is not None and ended >= max(reached)):
            continue
        due = max(reached) + timedelta(hours=hours)
        later = ticket.extended_to
        fresh = ticket.reopened is None or (ticket.extended_at is not None and ticket.extended_at >= ticket.reopened)
        solution = clause in ("ticket.close", "complaint.resolve")
        found[clause] = max(due, later) if solution and later is not None and fresh else due
    return found


def conversations_deadlines(held: Conversation, standard: Standard) -> dict[str, datetime]:
    """What should run for a conversation."""
    found: dict[str, datetime] = {}
    with_people = held.status in (Status.QUEUED, Status.ASSIGNED)
    answered = held.answered is not None and held.queued is not None and held.answered >= held.queued
    if with_people and held.queued is not None and not answered:
        found["enquiry.first_response"] = held.queued + HALF_AN_HOUR
    if with_people and answered and held.waiting_since is not None and before(held.answered, held.waiting_since):
        found["enquiry.next_response"] = held.waiting_since + HALF_AN_HOUR
    if held.status is Status.BOT and (last := latest(held.spoke, held.returned)) is not None:
        found["conversation.idle"] = full_five_minutes(last + HALF_AN_HOUR)
    if with_people and answered_last(held):
        assert held.answered is not None
        if before(held.spoke, held.answered):
            found["conversation.remind"] = held.answered + HALF_AN_HOUR
        if held.reminded is not None and before(held.spoke, held.reminded):
            found["conversation.end"] = held.reminded + timedelta(hours=2)
    if held.status is Status.QUEUED and (came := latest(held.queued, held.told)) and before(held.assigned, came):
        closing = SlowCalendar(standard.calendar).closing(came)
        found |= {"conversation.closing": closing} if closing else {}
    return found


def questions_deadlines(one: Asked, standard: Standard) -> dict[str, datetime]:
    """What should run for a question that was written down."""
    if one.answered is not None or one.kind is QuestionKind.GAP:
        return {}
    if one.kind is QuestionKind.OVERNIGHT:
        local = one.asked.astimezone(SHANGHAI)
        eight = datetime.combine(local.date(), time(8), SHANGHAI)
        return {"message.overnight": eight if eight > local else eight + timedelta(days=1)}
    clause = "enquiry.plan" if one.kind is QuestionKind.PLAN else "enquiry.follow_up"
    return {clause: SlowCalendar(standard.calendar).add(one.asked, timedelta(hours=2))}


def surveys_deadlines(poll: Poll, standard: Standard) -> dict[str, datetime]:
    """What should run for a survey: it is asked a day later, and never in customers' quiet hours."""
    if not poll.pending:
        return {}
    return {"survey.online": SlowCalendar(standard.customers).next_open(poll.ended + timedelta(hours=24))}


def callbacks_deadlines(opened: datetime, called: datetime | None, revisited: datetime | None) -> dict[str, datetime]:
    """What should run for a call-back."""
    if called is None:
        return {"survey.low": opened + timedelta(hours=24)}
    return {} if revisited else {"survey.revisit": called + timedelta(days=3)}


def answered_last(held: Conversation) -> bool:
    """Whether a person has said the last word."""
    return held.waiting_since is None and held.answered is not None and not after(held.spoke, held.answered)


def before(one: datetime | None, other: datetime) -> bool:
    """Whether a mark was not reached, or before a moment."""
    return one is None or one < other


def after(one: datetime | None, other: datetime) -> bool:
    """Whether a mark was reached after a moment."""
    return one is not None and one > other


def latest(*marks: datetime | None) -> datetime | None:
    """The latest of some marks; None where none was reached."""
    return max((one for one in marks if one is not None), default=None)


def full_five_minutes(at: datetime) -> datetime:
    """Moved up to the next minute of the clock that five divides."""
    begun = at.replace(minute=at.minute // 5 * 5, second=0, microsecond=0)
    return begun if begun == at else begun + 5 * MINUTE
