"""To whom an agent can pass a conversation on: people who are at the desk, the next level, and the queues."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.db import Pool, Row
from bot.people.access import Dossier
from bot.sql import load
from router.events import AgentAct, Requeued, Transferred
from router.routing import Routing

SQL = load(__file__, "offers.sql")
ASKABLE = ("online", "busy")
"""What somebody must have chosen to be asked."""


@dataclass(frozen=True, slots=True)
class Place:
    """A queue that takes the conversation."""

    id: str
    label: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the dialog offers."""

    people: tuple[Row, ...]
    next_level: Place | None
    """The queue that the present one overflows into."""
    queues: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """To whom a conversation goes: an agent, or a queue."""

    agent: int | None
    name: str
    queue: str


class Targets:
    """Knows who and what can take a conversation over.

    Args:
        pool: connections to PostgreSQL.
        routing: the routing in force.
    """

    def __init__(self, pool: Pool, routing: Callable[[], Routing]) -> None:
        self._pool = pool
        self._routing = routing

    async def read(self, agent: int, dossier: Dossier, language: str) -> Choices:
        """What an agent can choose from for this conversation."""
        people = await self._pool.fetch(SQL["colleagues"], agent, list(ASKABLE))
        places = await self._places(language)
        above = self._routing().queue(dossier.queue).overflow
        next_level = next((place for place in places if place.id == above), None)
        return Choices(tuple(people), next_level, tuple(place for place in places if place is not next_level))

    async def all(self, agent: int, language: str) -> Choices:
        """The same for several conversations at once: the next level is each one's own."""
        people = await self._pool.fetch(SQL["colleagues"], agent, list(ASKABLE))
        return Choices(tuple(people), None, tuple(await self._places(language)))

    async def goal(self, whom: str, queue: str) -> Goal | None:
        """Where a choice leads a conversation of this queue: ``agent:7``, ``queue:service`` or ``level``."""
        kind, _, which = whom.partition(":")
        if kind == "agent":
            row = await self.colleague(whom)
            return None if row is None else Goal(row["id"], row["name"], "")
        goal = self._routing().queue(queue).overflow if kind == "level" else which
        known = {row["id"] for row in await self._pool.fetch(SQL["places"])}
        return Goal(None, "", goal) if goal in known else None

    async def act(self, agent: int, name: str, version: int, whom: str, note: str) -> AgentAct | None:
        """The act that a choice such as ``agent:7`` or ``queue:service`` means; None where it cannot be chosen now."""
        kind, _, which = whom.partition(":")
        if kind == "queue":
            known = {row["id"] for row in await self._pool.fetch(SQL["places"])}
            return Requeued(agent, version, which, name, note) if which in known else None
        row = await self.colleague(whom)
        return None if row is None else Transferred(agent, name, version, row["id"], row["name"], note)

    async def colleague(self, whom: str) -> Row | None:
        """Whom a choice such as ``agent:7`` means; None where they cannot be asked now."""
        kind, _, which = whom.partition(":")
        if kind != "agent" or not (which.isascii() and which.isdigit() and len(which) < 10):
            return None
        return await self._pool.fetchrow(SQL["colleague"], int(which), list(ASKABLE))

    async def _places(self, language: str) -> list[Place]:
        name = "name_en" if language == "en" else "name_zh"
        return [Place(row["id"], row[name], row["waiting"]) for row in await self._pool.fetch(SQL["places"])]
