"""A ticket is a matter that a department has to solve: its marks say how far it is, and whoever waits has a limit."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from router.tickets.about import About

EXTENDABLE = frozenset({"ticket.close", "complaint.resolve"})
"""The limits of a solution: these alone can be extended (clause ``ticket.extend``)."""


class TicketKind(StrEnum):
    """What somebody came with."""

    MATTER = "matter"
    SUGGESTION = "suggestion"
    COMPLAINT = "complaint"


class Grade(StrEnum):
    """How grave a complaint is (clause ``complaint.grade``), the gravest last."""

    ORDINARY = "ordinary"
    ESCALATED = "escalated"
    MAJOR = "major"

    @property
    def rank(self) -> int:
        """0 for ordinary; a higher one is graver."""
        return list(Grade).index(self)


class State(StrEnum):
    """How far a ticket is, as its marks say."""

    NEW = "new"
    """No department has it yet."""
    ROUTED = "routed"
    """It lies in the department's inbox."""
    IN_HAND = "in_hand"
    """Somebody of the department works on it."""
    SOLVED = "solved"
    """Solved; the customer does not know yet."""
    TOLD = "told"
    """The customer knows, and has not been asked yet whether it is settled."""
    VISITED = "visited"
    """The customer says that it is settled."""
    ARCHIVED = "archived"
    MERGED = "merged"
    """Another ticket has taken it in, and answers for it."""


class Inspection(StrEnum):
    """Whether quality was drawn to look at it."""

    NONE = "none"
    DRAWN = "drawn"
    PASSED = "passed"


class Ticket(Struct, frozen=True):
    """One ticket, as the subject ``ticket`` of the standard. Marks are aware UTC, None while not reached."""

    id: int
    """0 until it is first saved."""
    matter: TicketKind
    business: str
    """A leaf of the tree of business types."""
    created: datetime
    text: str = ""
    """What it is about, in full."""
    about: About = About()
    cause: str = ""
    """Of a complaint: what is complained about."""
    people: int = 1
    """How many customers are concerned, as far as is known."""
    loss: int = 0
    """What the customer says to have lost, in yuan."""
    version: int = 1
    """Counts changes; an act carries the one that was seen."""
    department: str = ""
    owner: int | None = None
    """The agent who follows it until it is archived."""
    handler: int | None = None
    """Who works on it in the department."""
    transferred: datetime | None = None
    reported: datetime | None = None
    """The last progress report."""
    solved: datetime | None = None
    told: datetime | None = None
    visited: datetime | None = None
    drawn: datetime | None = None
    inspected: datetime | None = None
    reopened: datetime | None = None
    archived: datetime | None = None
    inspection: Inspection = Inspection.NONE
    extended_to: datetime | None = None
    """The later limit of the solution, as agreed."""
    extended_at: datetime | None = None
    into: int | None = None
    """The ticket that has taken it in."""
    repeats: int = 0
    """How often the same customer has come with the same matter before or since."""
    grade: Grade | None = None
    """Of complaints only."""
    overruled: bool = False
    """Whether a person has chosen the grade against the proposal."""
    graded: datetime | None = None
    """The last change of grade."""
    verified: datetime | None = None
    replied: datetime | None = None
    emergency: datetime | None = None
    planned: datetime | None = None
    regulator: datetime | None = None

    @property
    def kind(self) -> str:
        """The subject's name in the standard."""
        return "ticket"

    @property
    def state(self) -> State:
        """How far it is."""
        if self.into is not None:
            return State.MERGED
        if self.archived is not None:
            return State.ARCHIVED
        if not reached(self.solved, self.reopened):
            return State.IN_HAND if self.handler else State.ROUTED if self.department else State.NEW
        if reached(self.visited, self.solved):
            return State.VISITED
        return State.TOLD if reached(self.told, self.solved) else State.SOLVED

    @property
    def ended(self) -> bool:
        """Whether nothing can change any more."""
        return self.archived is not None

    def fact(self, name: str) -> str | None:
        """The value of a fact that clauses ask for in ``when``."""
        match name:
            case "kind":
                return self.matter.value
            case "department":
                return self.department
            case "state":
                return self.state.value
            case "inspection":
                return self.inspection.value
            case "grade":
                return self.grade.value if self.grade else None
            case _:
                return None

    def mark(self, name: str) -> datetime | None:
        """The mark of that name; once it is archived that mark alone counts, so that nothing else runs for it."""
        if self.archived is not None and (name != "archived" or self.into is not None):
            return None
        found: datetime | None = getattr(self, name)
        return found

    def extended(self, clause_id: str) -> datetime | None:
        """The later limit of a solution; one that was agreed before it was reopened counts no longer."""
        if clause_id not in EXTENDABLE or not reached(self.extended_at, self.reopened):
            return None
        return self.extended_to

    @property
    def subjects(self) -> "tuple[Ticket | Complaint, ...]":
        """What the standard sees in it: the ticket, and of a complaint the complaint besides."""
        return (self,) if self.matter is not TicketKind.COMPLAINT else (self, Complaint(self))


class Complaint(Struct, frozen=True):
    """The same ticket as the subject ``complaint``."""

    ticket: Ticket

    @property
    def kind(self) -> str:
        """The subject's name in the standard."""
        return "complaint"

    def fact(self, name: str) -> str | None:
        """The value of a fact that clauses ask for in ``when``."""
        return self.ticket.fact(name)

    def mark(self, name: str) -> datetime | None:
        """The mark of that name."""
        return self.ticket.mark(name)

    def extended(self, clause_id: str) -> datetime | None:
        """The later limit of its solution."""
        return self.ticket.extended(clause_id)


def reached(mark: datetime | None, after: datetime | None) -> bool:
    """Whether a mark is set, and not before another one."""
    return mark is not None and (after is None or mark >= after)
