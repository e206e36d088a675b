"""What a decision about a ticket is: the ticket as it now stands, a line of its timeline, and who is told."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from router.effects import Words
from router.tickets.rules import TicketRules
from router.tickets.ticket import Ticket


class Whom(StrEnum):
    """Who is alerted at the desk."""

    OWNER = "owner"
    HANDLER = "handler"
    """Whoever works on it; all of the department while nobody does."""
    LEADER = "leader"
    MANAGER = "manager"


class Step(Struct, frozen=True):
    """A line of the timeline; it is never changed."""

    what: str
    """A key of ``templates/words`` below ``desk.ticket.step.``."""
    text: str = ""
    """In the words of whoever did it."""
    fields: tuple[tuple[str, str], ...] = ()
    """Values of the key's fields, such as the id of a department."""


class Alarm(Struct, frozen=True):
    """Something about a ticket is put before people at once."""

    whom: Whom
    kind: str
    """A key of ``templates/words`` below ``desk.alert.``."""
    agent: int | None = None
    """A certain person instead."""


class TicketDecision(Struct, frozen=True):
    """What one act leads to."""

    ticket: Ticket
    steps: tuple[Step, ...] = ()
    told: Words | None = None
    """What the customer hears, on their own channel."""
    waits: str = ""
    """The step whose telling waits for the end of quiet hours; empty: it goes at once."""
    alarms: tuple[Alarm, ...] = ()
    refused: str = ""
    """A key of ``templates/words`` below ``refused.``; nothing has changed then."""


class By(Struct, frozen=True):
    """Who acts: a person at the desk, or nobody in particular where a form was finished or a limit ran out."""

    agent: int | None = None
    name: str = ""


class Circumstances(Struct, frozen=True):
    """What a decision about a ticket may look at besides the ticket and the act."""

    now: datetime
    """Aware UTC."""
    rules: TicketRules
    language: str
    """What the customer reads."""
    written: bool
    """Whether what we write reaches the customer; on the telephone and at counters it does not."""


def refused(ticket: Ticket, reason: str) -> TicketDecision:
    """Nothing changes."""
    return TicketDecision(ticket, refused=reason)


def counted(ticket: Ticket, **changes: object) -> Ticket:
    """The ticket with its changes, and its version counted up."""
    return replace(ticket, version=ticket.version + 1, **changes)
