"""One ticket as the desk shows it: what it is, what may be done now, its limits, and what has happened."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.db import Row, Statements
from bot.people.agent import Agent
from bot.people.rights import Permission, Role
from bot.sql import load
from bot.tickets.conditions import NOWHERE
from router.tickets import acts
from router.tickets.complaints import ACTS as OF_COMPLAINTS
from router.tickets.decide import POSSIBLE
from router.tickets.grades import GRAVE
from router.tickets.ticket import EXTENDABLE, Grade, Inspection, Ticket, reached

SQL = load(__file__, "shown.sql")

ACTS: Mapping[str, type] = {
    "take": acts.Taken,
    "tell": acts.Told,
    "visit": acts.Visited,
    "inspect": acts.Inspected,
    "archive": acts.Archived,
    "report": acts.Reported,
    "solve": acts.Solved,
    "respond": acts.Responded,
    "verify": acts.Verified,
    "reply": acts.Replied,
    "plan": acts.Planned,
    "inform": acts.Informed,
    "extend": acts.Extended,
    "move": acts.Moved,
    "own": acts.Owned,
    "grade": acts.Graded,
    "reopen": acts.Reopened,
    "merge": acts.Merged,
    "link": acts.Linked,
    "attach": acts.Attached,
    "draw": acts.Drawn,
    "note": acts.Noted,
}
"""What can be done, by the last word of its form's address, in the order of the page."""
ANSWERS_TO: Mapping[str, str] = {
    "ticket.transfer": "move",
    "ticket.progress": "report",
    "ticket.close": "solve",
    "ticket.tell": "tell",
    "ticket.visit": "visit",
    "ticket.inspect": "inspect",
    "ticket.archive": "archive",
    "complaint.verify": "verify",
    "complaint.first_reply": "reply",
    "complaint.emergency": "respond",
    "complaint.team_plan": "plan",
    "complaint.resolve": "solve",
    "complaint.progress": "report",
    "complaint.reply": "tell",
    "complaint.visit": "visit",
    "complaint.regulator": "inform",
}
"""The act that meets each limit."""
OPEN = ("running", "late")
OF_LEADERS = frozenset({"draw", "inspect"})
ONCE = {"reply": "replied", "respond": "emergency", "plan": "planned", "inform": "regulator"}
"""Acts that are offered until their mark is set, and again after a change of grade."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of a ticket as it stands."""

    clause: str
    due: datetime
    share: int
    """How much of the time has gone, in per cent."""
    state: str
    """running, late, met, met_late or voided."""


async def access_ticket(database: Statements, agent: Agent, number: int) -> Row | None:
    """A ticket, if this person may see it: of their department, or nobody's, their own or of their unit."""
    department = agent.department or NOWHERE if agent.role is Role.HANDLER else ""
    return await database.fetchrow(SQL["one"], number, agent.scope or NOWHERE, agent.id, department)


def possible(ticket: Ticket, agent: Agent) -> list[str]:
    """What this person can do to a ticket now, what usually comes next first."""
    return [name for name, act in ACTS.items() if _offered(name, act, ticket, agent)]


def first_of(offered: Sequence[str], limits: Sequence[Limit], agent: Agent) -> str:
    """The act that is opened: a handler takes what nobody has, else what meets the limit that passes next."""
    if "take" in offered and agent.role is Role.HANDLER:
        return "take"
    wanted = [ANSWERS_TO[one.clause] for one in limits if one.state in OPEN and one.clause in ANSWERS_TO]
    return next((act for act in wanted if act in offered), next(iter(offered), ""))


def _offered(name: str, act: type, ticket: Ticket, agent: Agent) -> bool:
    if ticket.state not in POSSIBLE[act] or (name in OF_LEADERS and not agent.may(Permission.LEAD)):
        return False
    if name in ONCE and reached(getattr(ticket, ONCE[name]), ticket.graded):
        return False
    if name == "verify" and ticket.verified is not None:
        return False
    if name in ("draw", "inspect"):
        return (ticket.inspection is Inspection.NONE) == (name == "draw")
    if name in ("respond", "plan"):
        return ticket.grade in GRAVE
    if name == "take":
        return ticket.handler != agent.id
    if name == "inform":
        return ticket.grade is Grade.MAJOR
    return act not in OF_COMPLAINTS or ticket.grade is not None


async def read_steps(database: Statements, number: int) -> Sequence[Mapping[str, object]]:
    """The timeline of a ticket, the latest first."""
    return [_step(row) for row in await database.fetch(SQL["steps"], number)]


def _step(row: Row) -> Mapping[str, object]:
    """A line of the timeline with its values by name, and of a proposal its reasons in order."""
    given = [(str(name), str(value)) for name, value in row["fields"]]
    fields = defaultdict(str, given)
    until = datetime.fromisoformat(fields["until"]) if fields["until"] else None
    reasons = [(name.partition(".")[2], value) for name, value in given if name[0].isdigit()]
    return {**row, "fields": fields, "until": until, "reasons": reasons}


async def read_limits(database: Statements, number: int, now: datetime) -> Sequence[Limit]:
    """All limits of a ticket, those that run first."""
    return [_limit(row, now) for row in await database.fetch(SQL["deadlines"], number)]


def _limit(row: Row, now: datetime) -> Limit:
    whole = (row["due"] - row["opened"]).total_seconds()
    ended = row["met"] or row["voided"] or now
    share = max(0, min(100, round(100 * (ended - row["opened"]).total_seconds() / whole))) if whole > 0 else 100
    if row["met"] is not None:
        state = "met" if row["met"] <= row["due"] else "met_late"
    elif row["voided"] is not None:
        state = "voided"
    else:
        state = "late" if row["due"] <= now else "running"
    return Limit(row["clause"], row["due"], share, state)


def solve_by(limits: Sequence[Limit]) -> datetime | None:
    """When it has to be solved (aware UTC); None while nobody waits for that."""
    return min((one.due for one in limits if one.clause in EXTENDABLE and one.state in OPEN), default=None)
