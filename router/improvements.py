"""Tasks that a topic of complaints has opened by growing, as the standard measures them (``complaint.warning``)."""

from datetime import datetime

from msgspec import Struct

KIND = "improvement"


class Improvement(Struct, frozen=True):
    """A task as a subject of the standard; its marks are aware UTC."""

    id: int
    opened: datetime
    taken: datetime | None = None
    closed: datetime | None = None

    @property
    def kind(self) -> str:
        """The subject's name in the standard."""
        return KIND

    def fact(self, name: str) -> str | None:
        """A task has no facts that clauses ask for."""
        return None

    def mark(self, name: str) -> datetime | None:
        """The mark of that name."""
        return {"opened": self.opened, "taken": self.taken, "closed": self.closed}.get(name)

    def extended(self, clause_id: str) -> datetime | None:
        """No clause of a task can be extended."""
        return None
