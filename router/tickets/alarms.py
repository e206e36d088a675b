"""What a deadline of a ticket leads to when it fires: the ladder of its clause, or the archive."""

from router.clauses.ladder import DESK, called
from router.events import Fired
from router.standard import Clause
from router.tickets.decide import archived
from router.tickets.decision import Alarm, Circumstances, Step, TicketDecision, Whom
from router.tickets.ticket import Ticket

RUNGS = {"owner": Whom.OWNER, "department": Whom.HANDLER, "leader": Whom.LEADER, "manager": Whom.MANAGER}


def fired(ticket: Ticket, event: Fired, clause: Clause, at: Circumstances) -> TicketDecision:
    """A warning alerts the next rung; the due time alerts the last and whoever leads, and is kept in the timeline."""
    if event.breached and clause.on_breach == "archive":
        put_away = archived(ticket, at)
        left = TicketDecision(ticket, alarms=(Alarm(Whom.OWNER, "ticket.left"),))
        return left if put_away.refused else put_away
    kind = "breached" if event.late else "warned"
    rungs = called(clause.alert, clause.warn, event.passed, event.steps)
    whoms = {RUNGS[rung.who] for rung in rungs if DESK in rung.how} | ({Whom.LEADER} if event.breached else set())
    alarms = tuple(Alarm(whom, f"{kind}.{clause.id}") for whom in sorted(whoms))
    steps = (Step("late", fields=(("clause", clause.id),)),) if event.breached else ()
    return TicketDecision(ticket, steps, alarms=alarms)
