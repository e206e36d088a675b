"""What people do to tickets. Each act says what was done; whether it may be is decided when it is saved."""

from datetime import datetime

from msgspec import Struct

from router.tickets.about import About
from router.tickets.ticket import Grade, TicketKind


class Draft(Struct, frozen=True):
    """A ticket to be: it is taken only when it is complete (clause ``ticket.complete``)."""

    kind: TicketKind
    text: str
    business: str
    cause: str = ""
    """Of a complaint: the responsible matter."""
    department: str = ""
    """Chosen by hand; empty: the one that the business type leads to."""
    people: int = 1
    loss: int = 0
    """Yuan."""
    grade: Grade | None = None
    """Chosen against the proposal."""
    grade_reason: str = ""
    conversation: int | None = None
    files: tuple[str, ...] = ()
    """Ids of files in the contact's thread."""
    about: About = About()


class Origin(Struct, frozen=True):
    """Where a ticket of another system comes from, and how far it was there. Marks are aware UTC."""

    number: str
    """What it is called there; it comes here once."""
    created: datetime
    solved: datetime | None = None
    archived: datetime | None = None
    owner: int | None = None
    """Who follows it here."""


class Moved(Struct, frozen=True):
    """It goes to another department (clause ``ticket.routing``)."""

    department: str
    reason: str


class Taken(Struct, frozen=True):
    """Somebody of the department works on it from now on."""


class Owned(Struct, frozen=True):
    """An agent follows it from now on."""

    owner: int
    owner_name: str


class Reported(Struct, frozen=True):
    """The department reports progress, and the customer is told (clause ``ticket.progress``)."""

    text: str
    called: bool = False
    """Whether the customer was told by telephone, so that nothing is sent."""


class Solved(Struct, frozen=True):
    """It is solved."""

    text: str
    called: bool = False


class Told(Struct, frozen=True):
    """The customer was told of the solution by telephone or face to face."""

    how: str


class Visited(Struct, frozen=True):
    """The customer was asked whether it is settled (clause ``ticket.visit``)."""

    settled: bool
    text: str
    stars: int | None = None
    """1 to 5, where the customer gave some."""


class Drawn(Struct, frozen=True):
    """Quality was drawn to look at it."""


class Inspected(Struct, frozen=True):
    """Quality has looked at it; what did not pass is put right again."""

    passed: bool
    text: str


class Archived(Struct, frozen=True):
    """It is put away for good (clause ``ticket.archive``)."""


class Reopened(Struct, frozen=True):
    """It was not settled after all."""

    reason: str


class Merged(Struct, frozen=True):
    """An earlier ticket of the same matter takes it in."""

    into: int


class Linked(Struct, frozen=True):
    """Another conversation is about it, too."""

    conversation: int


class Attached(Struct, frozen=True):
    """A file belongs to it."""

    file: str
    name: str


class Noted(Struct, frozen=True):
    """A line for colleagues."""

    text: str


class Extended(Struct, frozen=True):
    """The limit of the solution is put off (clause ``ticket.extend``)."""

    until: datetime
    """Aware UTC."""
    reason: str
    called: bool = False


class Graded(Struct, frozen=True):
    """A person chooses the grade of a complaint (clause ``complaint.grade``)."""

    grade: Grade
    reason: str


class Verified(Struct, frozen=True):
    """The facts were verified with customer and department (clause ``complaint.verify``)."""

    text: str


class Replied(Struct, frozen=True):
    """The customer was given a first reply (clause ``complaint.first_reply``)."""

    text: str
    called: bool = False


class Responded(Struct, frozen=True):
    """The emergency response has started, and one person follows it (clause ``complaint.emergency``)."""

    owner: int
    owner_name: str


class Planned(Struct, frozen=True):
    """The task group and its plan (clause ``complaint.team_plan``)."""

    team: str
    text: str


class Informed(Struct, frozen=True):
    """The regulator was told, and keeps it under this number (clause ``complaint.regulator``)."""

    number: str


TicketAct = (
    Moved
    | Taken
    | Owned
    | Reported
    | Solved
    | Told
    | Visited
    | Drawn
    | Inspected
    | Archived
    | Reopened
    | Merged
    | Linked
    | Attached
    | Noted
    | Extended
    | Graded
    | Verified
    | Replied
    | Responded
    | Planned
    | Informed
)
