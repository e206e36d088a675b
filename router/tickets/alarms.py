"""What a deadline of a ticket leads to when it fires: the ladder of its clause, or the archive."""

from collections.abc import Collection

from router.clauses.ladder import DESK, DUE, Rung, called, told
from router.clauses.table import spelled
from router.effects import Words, words
from router.events import Fired
from router.standard import Clause
from router.tickets.decide import archived
from router.tickets.decision import Alarm, Circumstances, Step, TicketDecision, Whom
from router.tickets.rules import LATE
from router.tickets.ticket import Ticket

RUNGS = {"owner": Whom.OWNER, "department": Whom.HANDLER, "leader": Whom.LEADER, "manager": Whom.MANAGER}


def fired(
    ticket: Ticket, event: Fired, clause: Clause, at: Circumstances, *, heard: Collection[str] = ()
) -> TicketDecision:
    """A warning alerts the next rung; the due time alerts the last and whoever leads, and is kept in the timeline.

    Args:
        ticket: whose.
        event: which thresholds have passed.
        clause: the clause.
        at: the circumstances.
        heard: rungs of this clause by which the customer has been told already; each tells once.
    """
    if event.breached and clause.on_breach == "archive":
        put_away = archived(ticket, at)
        left = TicketDecision(ticket, alarms=(Alarm(Whom.OWNER, "ticket.left"),))
        return left if put_away.refused else put_away
    kind = "breached" if event.late else "warned"
    rungs = called(clause.alert, clause.warn, event.passed, event.steps)
    whoms = {RUNGS[rung.who] for rung in rungs if DESK in rung.how} | ({Whom.LEADER} if event.breached else set())
    alarms = tuple(Alarm(whom, f"{kind}.{clause.id}") for whom in sorted(whoms))
    rung = told(rungs) if at.written else None
    named = "" if rung is None else rung_name(rung)
    if rung is None or named in heard:
        steps = (Step("late", fields=(("clause", clause.id),)),) if event.breached else ()
        return TicketDecision(ticket, steps, alarms=alarms)
    step = Step("late" if event.breached else "pushed", fields=(("clause", clause.id), ("rung", named)))
    return TicketDecision(ticket, (step,), _told(ticket, rung, at), LATE, alarms)


def rung_name(rung: Rung) -> str:
    """A rung of the customer's as the timeline names it: ``due``, ``+2h``."""
    return f"+{spelled(-rung.on)}" if rung.on else DUE


def _told(ticket: Ticket, rung: Rung, at: Circumstances) -> Words:
    """What the customer hears: the words of the clause, or those of the house."""
    if not rung.say:
        return words("ticket.told.late", business=at.rules.title(ticket.business, at.language))
    said = dict(rung.say)
    return words("ticket.told.own", why=said.get(at.language, said["zh"]))
