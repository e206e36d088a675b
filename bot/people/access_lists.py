"""Lists of conversations that are read for one person alone: what has ended, and where notes name them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.db import Statements
from bot.people.agent import Agent
from bot.sql import load
from router.conversation import Status

SQL = load(__file__, "access_lists.sql")

Before = tuple[datetime, int] | tuple[None, None]
"""Moment and id of the last line of the page before; both None for the first page."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A conversation that has ended, as a line of a list."""

    id: int
    contact_id: int
    closed: datetime
    label_zh: str
    label_en: str
    channel: str
    name: str
    assignee_name: str
    stars: int | None
    line: str
    """The customer's first words."""


@dataclass(frozen=True, slots=True)
class Naming:
    """A conversation in whose notes somebody is named, as a line of their list."""

    id: int
    contact_id: int
    status: Status
    at: datetime
    """When they were named last (aware, UTC)."""
    unseen: bool
    """Whether they have been named there since they looked last."""
    channel: str
    name: str
    by_name: str
    """Who named them."""
    line: str
    """The note."""


async def access_closed(pool: Statements, agent: Agent, before: Before, most: int) -> Sequence[Ended]:
    """Conversations of the last 30 days that have ended: the agent's own, for a leader those of their unit too."""
    rows = await pool.fetch(SQL["closed"], agent.scope, agent.id, most, *before)
    return [
        Ended(
            id=row["id"],
            contact_id=row["contact_id"],
            closed=row["closed"],
            label_zh=row["label_zh"],
            label_en=row["label_en"],
            channel=row["channel"],
            name=row["name"],
            assignee_name=row["assignee_name"] or "",
            stars=row["stars"],
            line=row["line"],
        )
        for row in rows
    ]


async def access_named(pool: Statements, agent: Agent, before: Before, most: int) -> Sequence[Naming]:
    """Conversations in which notes of the last 30 days name the agent, the latest first."""
    rows = await pool.fetch(SQL["named"], agent.id, most, *before)
    return [
        Naming(
            id=row["id"],
            contact_id=row["contact_id"],
            status=Status(row["status"]),
            at=row["at"],
            unseen=row["unseen"],
            channel=row["channel"],
            name=row["name"],
            by_name=row["by_name"],
            line=row["line"],
        )
        for row in rows
    ]
