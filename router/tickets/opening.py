"""How a ticket begins: only complete, with the department that its type leads to, a complaint with its grade."""

from msgspec.structs import replace

from router.effects import words
from router.fields import MASK
from router.tickets.acts import Draft, Origin
from router.tickets.decision import Alarm, By, Circumstances, Step, TicketDecision, Whom, refused
from router.tickets.grades import GRAVE, Proposal, propose
from router.tickets.ticket import Grade, Ticket, TicketKind

SHORTEST = 4
"""Characters that a description has at least."""


def opened(draft: Draft, by: By, at: Circumstances, *, repeats: int) -> TicketDecision:
    """Decide about a ticket to be (clauses ``ticket.complete``, ``ticket.routing``, ``complaint.grade``).

    Args:
        draft: what is known of it.
        by: who writes it down.
        at: the circumstances.
        repeats: how often the same customer has complained about the same matter before.
    """
    complaint = draft.kind is TicketKind.COMPLAINT
    department = draft.department or at.rules.department_of(draft.business)
    if by.agent is None and not department:
        department = next(iter(at.rules.departments), "")  # Nobody else would have it.
    ticket = Ticket(
        id=0,
        matter=draft.kind,
        business=draft.business,
        created=at.now,
        text=draft.text.strip(),
        about=draft.about,
        cause=draft.cause if complaint else "",
        people=max(draft.people, 1),
        loss=max(draft.loss, 0),
        department=department,
        owner=by.agent,
        transferred=at.now if department else None,
        repeats=repeats,
    )
    if missing := lacks(draft, at):
        return refused(ticket, f"ticket.incomplete.{missing}")
    if not complaint:
        return _begun(ticket, (), at)
    return _graded(ticket, draft, proposal(ticket, at), at)


def imported(draft: Draft, origin: Origin, at: Circumstances, *, repeats: int) -> TicketDecision:
    """Decide about a ticket of another system: its marks are those of there, so its limits run from them.

    Nobody is told of it, neither the customer nor the department: what is late is found by its deadlines.

    Args:
        draft: what is known of it.
        origin: its number and its marks there.
        at: the circumstances.
        repeats: how often the same customer has complained about the same matter before.
    """
    decision = opened(draft, By(), replace(at, now=origin.created), repeats=repeats)
    if decision.refused:
        return decision
    solved, settled = origin.solved or origin.archived, origin.archived
    looked_into = solved if decision.ticket.grade else None
    ticket = replace(
        decision.ticket,
        owner=origin.owner,
        solved=solved,
        told=solved,
        verified=looked_into,
        replied=looked_into,
        visited=settled,
        archived=settled,
    )
    begun, *steps = decision.steps
    brought = Step("imported", fields=(("number", origin.number), *begun.fields))
    return TicketDecision(ticket, (brought, *steps))


def lacks(draft: Draft, at: Circumstances) -> str:
    """What this draft lacks of a complete ticket; empty where nothing is missing (clause ``ticket.complete``)."""
    if len(draft.text.strip()) < SHORTEST:
        return "text"
    if not at.rules.is_leaf(draft.business):
        return "business"
    if draft.department and draft.department not in at.rules.departments:
        return "department"
    if MASK in draft.about.number:
        return "number"
    if draft.kind is TicketKind.COMPLAINT and draft.cause not in at.rules.causes:
        return "cause"
    if draft.kind is TicketKind.COMPLAINT and draft.grade is not None and not draft.grade_reason.strip():
        return "grade_reason"
    return ""


def proposal(ticket: Ticket, at: Circumstances) -> Proposal:
    """The grade that speaks for itself."""
    return propose(
        ticket.text, repeats=ticket.repeats, people=ticket.people, loss=ticket.loss, grading=at.rules.grading
    )


def reasons(proposed: Proposal) -> Step:
    """The line of the timeline that gives a proposal's reasons."""
    said = tuple((f"{place}.{reason.code}", reason.found) for place, reason in enumerate(proposed.reasons))
    return Step("proposed", fields=(("grade", proposed.grade.value), *said))


def emergency(grade: Grade) -> tuple[Alarm, ...]:
    """Who hears at once of a grave complaint (clause ``complaint.emergency``)."""
    return (Alarm(Whom.LEADER, "ticket.emergency"), Alarm(Whom.OWNER, "ticket.emergency")) if grade in GRAVE else ()


def _graded(ticket: Ticket, draft: Draft, proposed: Proposal, at: Circumstances) -> TicketDecision:
    steps: tuple[Step, ...] = (reasons(proposed),)
    grade = draft.grade or proposed.grade
    overruled = grade is not proposed.grade
    if overruled:
        fields = (("before", proposed.grade.value), ("grade", grade.value))
        steps = (*steps, Step("graded", draft.grade_reason, fields))
    graded = replace(ticket, grade=grade, overruled=overruled)
    return _begun(graded, steps, at, *emergency(grade))


def _begun(ticket: Ticket, steps: tuple[Step, ...], at: Circumstances, *alarms: Alarm) -> TicketDecision:
    begun = Step("opened", fields=(("business", ticket.business), ("department", ticket.department)))
    if ticket.department:
        department = at.rules.department(ticket.department, at.language)
        told = words("ticket.told.opened", business=at.rules.title(ticket.business, at.language), department=department)
        return TicketDecision(ticket, (begun, *steps), told, "opened", (Alarm(Whom.HANDLER, "ticket.routed"), *alarms))
    told = words("ticket.told.written_down", business=at.rules.title(ticket.business, at.language))
    return TicketDecision(ticket, (begun, *steps), told, "opened", alarms)
