"""A conversation is one matter of one contact, from the first word to its close."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace


class Status(StrEnum):
    """Who has the word: ``bot`` → ``queued`` → ``assigned`` → ``closed``."""

    BOT = "bot"
    QUEUED = "queued"
    ASSIGNED = "assigned"
    CLOSED = "closed"


MOVES: dict[Status, frozenset[Status]] = {
    Status.BOT: frozenset({Status.QUEUED, Status.ASSIGNED, Status.CLOSED}),
    Status.QUEUED: frozenset({Status.BOT, Status.QUEUED, Status.ASSIGNED, Status.CLOSED}),
    Status.ASSIGNED: frozenset({Status.BOT, Status.QUEUED, Status.ASSIGNED, Status.CLOSED}),
    Status.CLOSED: frozenset(),
}
"""The moves that a conversation can make. A missing entry is a mistake in a decision, not in the data."""


class Offer(Struct, frozen=True, gc=False):
    """A conversation is offered to an agent who has to accept it."""

    to: int | None
    """Who is asked; None between two offers."""
    until: datetime
    """Aware; how long they have, or when the last offer ended."""
    by: int | None = None
    """The owner who passes it on and keeps it meanwhile; None where the assignment asks."""
    hops: int = 0
    """How many have been asked since it came into its queue."""
    passed: tuple[int, ...] = ()
    """Who has declined or not answered."""


class Conversation(Struct, frozen=True, gc=False):
    """One matter of one contact. Every mark is an aware UTC timestamp, None while it has not been reached."""

    id: int
    """0 until it is first saved."""
    status: Status
    opened: datetime
    version: int = 1
    """Counts changes of status, assignee and agent's words; an agent's act carries the one it saw."""
    queue: str = ""
    priority: int = 0
    """Each point moves the conversation 60 s forward in its queue."""
    assignee: int | None = None
    reoffer: bool = False
    """Whether it is offered to other agents while its assignee keeps it."""
    misses: int = 0
    """Questions in a row that the bot could not answer."""
    spoke: datetime | None = None
    """The customer's last message."""
    returned: datetime | None = None
    """When people gave it back to the bot, or the customer left their queue."""
    queued: datetime | None = None
    """The hand-off to people."""
    assigned: datetime | None = None
    waiting_since: datetime | None = None
    """The earliest customer message that no person has answered."""
    answered: datetime | None = None
    """A person's last message; automatic words do not count."""
    reminded: datetime | None = None
    told: datetime | None = None
    """The last time that the waiting customer was told the place in the queue, or came back into one."""
    closed: datetime | None = None
    wrapup: str = ""
    """The wrap-up code of the close; ``idle`` where silence ended it, ``merged`` where another took it in."""
    last_used: int | None = None
    """The contact through whom the customer spoke last; None while only one contact takes part."""

    offer: Offer | None = None
    """To whom it is offered, or what has become of the last offer; a change of status or assignee ends it."""

    @property
    def kind(self) -> str:
        """The subject's name in the standard."""
        return "conversation"

    @property
    def with_people(self) -> bool:
        """Whether a person owes the customer the next answer."""
        return self.status in (Status.QUEUED, Status.ASSIGNED)

    @property
    def offered(self) -> bool:
        """Whether somebody is asked right now."""
        return self.offer is not None and self.offer.to is not None

    def fact(self, name: str) -> str | None:
        """The value of a fact that clauses ask for in ``when``."""
        match name:
            case "status":
                return self.status
            case "queue":
                return self.queue
            case "answered_before":
                return "yes" if self.answered_since_handoff else "no"
            case "spoken_last_by":
                return self.last_speaker
            case _:
                return None

    def mark(self, name: str) -> datetime | None:
        """The mark of that name; a clause can only name a mark of this subject."""
        found: datetime | None = getattr(self, name)
        return found

    def extended(self, clause_id: str) -> datetime | None:
        """No clause of a conversation can be extended."""
        return None

    def measured_like(self, before: "Conversation") -> bool:
        """Whether no clause can tell it from how it stood before: what may differ is no fact and no mark."""
        unmeasured = replace(
            before, version=self.version, priority=self.priority, reoffer=self.reoffer, misses=self.misses,
            assignee=self.assignee, offer=self.offer,
        )  # fmt: skip
        return unmeasured == self

    @property
    def answered_since_handoff(self) -> bool:
        """Whether a person has answered since the hand-off."""
        return self.answered is not None and self.queued is not None and self.answered >= self.queued

    @property
    def last_speaker(self) -> str:
        """Who spoke last, ``customer`` or ``agent``, once it is with people."""
        if (
            self.waiting_since is None
            and self.answered is not None
            and (self.spoke is None or self.answered >= self.spoke)
        ):
            return "agent"
        return "customer"
