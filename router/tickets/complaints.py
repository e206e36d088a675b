"""What is done to complaints alone: graded, verified, answered first, and, where they are grave, followed by name."""

from router.effects import words
from router.tickets.acts import Graded, Informed, Planned, Replied, Responded, TicketAct, Verified
from router.tickets.decision import Alarm, Circumstances, Step, TicketDecision, Whom, counted, refused
from router.tickets.grades import GRAVE, propose
from router.tickets.opening import emergency, reasons
from router.tickets.ticket import Grade, Ticket

ACTS = frozenset({Graded, Verified, Replied, Responded, Planned, Informed})


def decide(ticket: Ticket, act: TicketAct, at: Circumstances) -> TicketDecision:
    """Decide about an act on a complaint that is open to it."""
    match act:
        case Graded():
            return _graded(ticket, act, at)
        case Verified(text) if text.strip():
            return TicketDecision(counted(ticket, verified=at.now), (Step("verified", text),))
        case Replied(text, called) if text.strip():
            if not called and not at.written:
                return refused(ticket, "ticket.call")
            told = None if called else words("ticket.told.replied", text=text)
            step = Step("replied.called" if called else "replied", text)
            return TicketDecision(counted(ticket, replied=at.now), (step,), told)
        case Responded(owner, name) if ticket.grade in GRAVE:
            step = Step("responded", fields=(("name", name),))
            alarms = (Alarm(Whom.OWNER, "ticket.owned"),)
            return TicketDecision(counted(ticket, emergency=at.now, owner=owner), (step,), alarms=alarms)
        case Planned(team, text) if ticket.grade in GRAVE and team.strip() and text.strip():
            return TicketDecision(counted(ticket, planned=at.now), (Step("planned", text, (("team", team),)),))
        case Informed(number) if ticket.grade is Grade.MAJOR and number.strip():
            return TicketDecision(counted(ticket, regulator=at.now), (Step("informed", fields=(("number", number),)),))
        case _:
            return refused(ticket, "unfit")


def proposed_anew(ticket: Ticket, text: str, steps: tuple[Step, ...], at: Circumstances) -> TicketDecision:
    """More is known of a ticket: a complaint grows graver where that speaks for it and no person says otherwise."""
    if ticket.grade is None:
        return TicketDecision(ticket, steps)
    proposed = propose(text, repeats=ticket.repeats, people=ticket.people, loss=ticket.loss, grading=at.rules.grading)
    steps = (*steps, reasons(proposed))
    if ticket.overruled or proposed.grade.rank <= ticket.grade.rank:
        return TicketDecision(ticket, steps)
    return _regraded(ticket, proposed.grade, steps, at)


def _graded(ticket: Ticket, act: Graded, at: Circumstances) -> TicketDecision:
    if act.grade is ticket.grade or not act.reason.strip():
        return refused(ticket, "ticket.grade")
    assert ticket.grade is not None
    step = Step("graded", act.reason, (("before", ticket.grade.value), ("grade", act.grade.value)))
    return _regraded(counted(ticket, overruled=True), act.grade, (step,), at)


def _regraded(ticket: Ticket, grade: Grade, steps: tuple[Step, ...], at: Circumstances) -> TicketDecision:
    """A change of grade re-bases the limits; whoever has to hear of a grave one hears at once."""
    return TicketDecision(counted(ticket, grade=grade, graded=at.now), steps, alarms=emergency(grade))
