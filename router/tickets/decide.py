"""The life of a ticket: which act is possible in which state, and what it leads to."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from msgspec.structs import replace

from router.effects import words
from router.standard import Standard, open_deadlines
from router.tickets import complaints
from router.tickets.acts import (
    Archived,
    Attached,
    Drawn,
    Extended,
    Graded,
    Informed,
    Inspected,
    Linked,
    Merged,
    Moved,
    Noted,
    Owned,
    Planned,
    Reopened,
    Replied,
    Reported,
    Responded,
    Solved,
    Taken,
    TicketAct,
    Told,
    Verified,
    Visited,
)
from router.tickets.decision import Alarm, By, Circumstances, Step, TicketDecision, Whom, counted, refused
from router.tickets.grades import GRAVE
from router.tickets.ticket import EXTENDABLE, Grade, Inspection, State, Ticket

OPEN = frozenset({State.NEW, State.ROUTED, State.IN_HAND})
WITH_DEPARTMENT = frozenset({State.ROUTED, State.IN_HAND})
SETTLING = frozenset({State.SOLVED, State.TOLD, State.VISITED})
LIVE = OPEN | SETTLING

POSSIBLE: Mapping[type, frozenset[State]] = MappingProxyType(
    {
        Moved: OPEN,
        Taken: WITH_DEPARTMENT,
        Owned: LIVE,
        Reported: WITH_DEPARTMENT,
        Solved: WITH_DEPARTMENT,
        Told: frozenset({State.SOLVED}),
        Visited: frozenset({State.TOLD}),
        Drawn: SETTLING,
        Inspected: frozenset({State.VISITED}),
        Archived: frozenset({State.VISITED}),
        Reopened: SETTLING,
        Merged: OPEN,
        Linked: LIVE,
        Attached: LIVE,
        Noted: LIVE,
        Extended: OPEN,
        Graded: OPEN,
        Verified: LIVE,
        Replied: LIVE,
        Responded: LIVE,
        Planned: LIVE,
        Informed: LIVE,
    }
)
"""The states in which each act is possible. A missing one is refused; nothing changes what is archived."""

BLIND = frozenset({Noted, Linked, Attached})
"""Acts that nobody has to have seen the newest state for."""


def decide_ticket(
    ticket: Ticket, act: TicketAct, version: int, by: By, at: Circumstances, standard: Standard
) -> TicketDecision:
    """Decide what an act changes.

    Args:
        ticket: as it stands, locked.
        act: what somebody did.
        version: the version that they saw.
        by: who they are.
        at: the circumstances.
        standard: whose limits can be extended.
    """
    if ticket.state not in POSSIBLE[type(act)]:
        return refused(ticket, "ticket.state")
    if version != ticket.version and type(act) not in BLIND:
        return refused(ticket, "stale")
    if type(act) in complaints.ACTS and ticket.grade is None:
        return refused(ticket, "ticket.no_complaint")
    match act:
        case Moved():
            return _moved(ticket, act, at)
        case Taken():
            return TicketDecision(counted(ticket, handler=by.agent), (Step("taken"),))
        case Owned(owner, name):
            alarm = Alarm(Whom.OWNER, "ticket.owned")
            return TicketDecision(
                counted(ticket, owner=owner), (Step("owned", fields=(("name", name),)),), alarms=(alarm,)
            )
        case Reported(text, called):
            if ticket.grade in GRAVE and not called and not at.written:
                return refused(ticket, "ticket.call")
            told = None if called else words("ticket.told.reported", text=text)
            step = Step("reported.called" if called else "reported", text)
            return _worded(text, TicketDecision(counted(ticket, reported=at.now), (step,), told, "reported"))
        case Solved():
            return _worded(act.text, _solved(ticket, act, at))
        case Told(how):
            knowing = counted(_looked_into(ticket, at, knows=True), told=at.now)
            return _worded(how, TicketDecision(knowing, (Step("told", how),)))
        case Visited():
            return _visited(ticket, act, at)
        case Drawn():
            if ticket.inspection is not Inspection.NONE:
                return refused(ticket, "ticket.state")
            return TicketDecision(counted(ticket, drawn=at.now, inspection=Inspection.DRAWN), (Step("drawn"),))
        case Inspected():
            return _inspected(ticket, act, at)
        case Archived():
            return archived(ticket, at)
        case Reopened(reason):
            return _worded(reason, _reopened(ticket, Step("reopened", reason), at))
        case Merged():
            raise AssertionError("two tickets are decided about together: merged()")
        case Linked(conversation):
            return TicketDecision(ticket, (Step("linked", fields=(("conversation", str(conversation)),)),))
        case Attached(name=name):
            return TicketDecision(ticket, (Step("attached", fields=(("name", name),)),))
        case Noted(text):
            return _worded(text, TicketDecision(ticket, (Step("noted", text),)))
        case Extended():
            return extended(ticket, act, at, standard)
        case _:
            return complaints.decide(ticket, act, at)


def merged(ticket: Ticket, into: Ticket, at: Circumstances) -> tuple[TicketDecision, TicketDecision]:
    """An earlier ticket takes this one in: it answers for both, and a complaint that is repeated grows graver."""
    fits = into.state in OPEN and into.matter is ticket.matter and into.id < ticket.id
    if ticket.state not in OPEN or not fits:
        return refused(ticket, "ticket.merge"), TicketDecision(into)
    gone = counted(ticket, into=into.id, archived=at.now)
    told = words("ticket.told.merged", into=into.id)
    first = TicketDecision(gone, (Step("merged", fields=(("into", str(into.id)),)),), told)
    again = counted(into, repeats=into.repeats + 1)
    text = f"{into.text}\n{ticket.text}"
    step = Step("took_in", ticket.text, (("number", str(ticket.id)),))
    return first, complaints.proposed_anew(again, text, (step,), at)


def archived(ticket: Ticket, at: Circumstances) -> TicketDecision:
    """Put away, by hand or by the clock; only through its gates (clause ``ticket.archive``)."""
    if ticket.state is not State.VISITED:
        return refused(ticket, "ticket.state")
    if ticket.inspection is Inspection.DRAWN:
        return refused(ticket, "ticket.inspection")
    if ticket.grade is Grade.MAJOR and ticket.regulator is None:
        return refused(ticket, "ticket.regulator")
    return TicketDecision(counted(ticket, archived=at.now), (Step("archived"),))


def extended(ticket: Ticket, act: Extended, at: Circumstances, standard: Standard) -> TicketDecision:
    """Put the limit of the solution off: before it has run out, with a reason, and with the customer told."""
    limit = solve_by(ticket, standard)
    if limit is None or not act.reason.strip():
        return refused(ticket, "ticket.extend.reason")
    if at.now > limit:
        return refused(ticket, "ticket.extend.late")
    if not limit < act.until <= limit + at.rules.longest:
        return refused(ticket, "ticket.extend.limit")
    if not at.written and not act.called:
        return refused(ticket, "ticket.extend.proof")
    told = None if act.called else words("ticket.told.extended", reason=act.reason, by=act.until)
    fields = (("before", limit.isoformat()), ("until", act.until.isoformat()))
    step = Step("extended.called" if act.called else "extended", act.reason, fields)
    return TicketDecision(counted(ticket, extended_to=act.until, extended_at=at.now), (step,), told)


def unproven(ticket: Ticket) -> TicketDecision:
    """What told the customer of the extension has not arrived: it does not count, and the old limit holds again."""
    alarms = (Alarm(Whom.OWNER, "ticket.unproven"), Alarm(Whom.LEADER, "ticket.unproven"))
    return TicketDecision(counted(ticket, extended_to=None, extended_at=None), (Step("unproven"),), alarms=alarms)


def solve_by(ticket: Ticket, standard: Standard) -> datetime | None:
    """When it has to be solved (aware UTC); None while nobody waits for that."""
    dues = [
        due.due
        for subject in ticket.subjects
        for due in open_deadlines(subject, standard)
        if due.clause_id in EXTENDABLE
    ]
    return min(dues, default=None)


def _worded(text: str, decision: TicketDecision) -> TicketDecision:
    """The decision, unless nothing was said where something has to be."""
    return decision if text.strip() else refused(decision.ticket, "unfit")


def _moved(ticket: Ticket, act: Moved, at: Circumstances) -> TicketDecision:
    if act.department not in at.rules.departments or act.department == ticket.department or not act.reason.strip():
        return refused(ticket, "ticket.move")
    there = counted(ticket, department=act.department, handler=None, transferred=at.now)
    fields = (("before", ticket.department), ("department", act.department))
    told = words("ticket.told.transferred", department=at.rules.department(act.department, at.language))
    return TicketDecision(
        there, (Step("moved", act.reason, fields),), told, "transferred", (Alarm(Whom.HANDLER, "ticket.routed"),)
    )


def _solved(ticket: Ticket, act: Solved, at: Circumstances) -> TicketDecision:
    """The customer is told at once where that can be done in writing; on the telephone somebody has to call."""
    knows = act.called or at.written
    solved = counted(_looked_into(ticket, at, knows=knows), solved=at.now, told=at.now if knows else ticket.told)
    told = None if act.called else words("ticket.told.solved", text=act.text)
    alarms = (Alarm(Whom.OWNER, "ticket.solved" if knows else "ticket.tell"),)
    return TicketDecision(solved, (Step("solved.called" if act.called else "solved", act.text),), told, alarms=alarms)


def _looked_into(ticket: Ticket, at: Circumstances, *, knows: bool) -> Ticket:
    """A complaint that is solved has been verified; where the customer knows of it, that was a reply as well."""
    if ticket.grade is None:
        return ticket
    replied = ticket.replied or (at.now if knows else None)
    return replace(ticket, verified=ticket.verified or at.now, replied=replied)


def _visited(ticket: Ticket, act: Visited, at: Circumstances) -> TicketDecision:
    stars = (("stars", str(act.stars)),) if act.stars else ()
    if not act.settled:
        return _reopened(ticket, Step("unsettled", act.text, stars), at)
    return TicketDecision(counted(ticket, visited=at.now), (Step("visited", act.text, stars),))


def _inspected(ticket: Ticket, act: Inspected, at: Circumstances) -> TicketDecision:
    if ticket.inspection is not Inspection.DRAWN or not act.text.strip():
        return refused(ticket, "ticket.state" if act.text.strip() else "unfit")
    seen = counted(ticket, inspected=at.now)
    if not act.passed:
        return _reopened(seen, Step("failed", act.text), at)
    return TicketDecision(counted(seen, inspection=Inspection.PASSED), (Step("passed", act.text),))


def _reopened(ticket: Ticket, step: Step, at: Circumstances) -> TicketDecision:
    """It goes back to its department; what quality had drawn, it will look at again."""
    drawn = Inspection.NONE if ticket.inspection is Inspection.NONE else Inspection.DRAWN
    back = counted(ticket, reopened=at.now, inspection=drawn)
    alarms = (Alarm(Whom.HANDLER, "ticket.reopened"), Alarm(Whom.OWNER, "ticket.reopened"))
    return TicketDecision(back, (step,), words("ticket.told.reopened"), "reopened", alarms)
