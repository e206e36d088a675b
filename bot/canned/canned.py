"""Canned replies: stored texts that agents put into the composer; one person's, a unit's, or everybody's."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.db import Row, Statements
from bot.people.agent import Agent
from bot.sql import load
from bot.words import fill
from router.pinyin import initials

SQL = load(__file__, "canned.sql")
LONGEST_KEY, LONGEST_TITLE, LONGEST_TEXT = 32, 64, 2000
"""Characters."""


class Scope(StrEnum):
    """Whose a canned reply is."""

    PERSONAL = "personal"
    TEAM = "team"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Canned:
    """A canned reply as somebody has it."""

    id: int
    key: str
    title: str
    text: str
    scope: Scope
    unit: str
    """The name of the unit whose it is; empty for all others."""
    changeable: bool
    """Whether this person may change it."""

    @property
    def find(self) -> str:
        """By what it is found: key, title, the title's initials, its words."""
        return " ".join((self.key, self.title, initials(self.title), self.text)).lower()


@dataclass(frozen=True, slots=True)
class Draft:
    """What a form says of one."""

    key: str
    title: str
    text: str

    @property
    def fits(self) -> bool:
        """Whether it can be kept."""
        key = 0 < len(self.key) <= LONGEST_KEY and self.key.isprintable() and " " not in self.key
        return key and 0 < len(self.title) <= LONGEST_TITLE and 0 < len(self.text) <= LONGEST_TEXT


async def read(pool: Statements, agent: Agent, fields: Sequence[tuple[str, str]] = ()) -> tuple[Canned, ...]:
    """The canned replies that an agent has, lately used ones first, with their ``{name}`` fields filled."""
    rows = await pool.fetch(SQL["seen_by"], agent.id, agent.unit)
    return tuple(_canned(row, agent, fields) for row in rows)


async def add(pool: Statements, agent: Agent, scope: Scope, draft: Draft) -> bool:
    """Keep one more; false where there is one of that key, or the scope is not this person's to fill."""
    if scope is not Scope.PERSONAL and not agent.leads:
        return False
    owner, unit = agent.id if scope is Scope.PERSONAL else None, agent.unit if scope is Scope.TEAM else None
    return await pool.fetchval(SQL["add"], draft.key, draft.title, draft.text, owner, unit) is not None


async def change(pool: Statements, one: Canned, draft: Draft) -> bool:
    """Give one other words; false where its owner has another of that key."""
    return await pool.fetchval(SQL["change"], one.id, draft.key, draft.title, draft.text) is not None


async def drop(pool: Statements, one: Canned) -> None:
    """Take one away."""
    await pool.fetchval(SQL["drop"], one.id)


async def use(pool: Statements, agent: Agent, one: Canned) -> None:
    """Note that somebody has used one, so that it comes first the next time."""
    await pool.fetchval(SQL["use"], agent.id, one.id)


def _canned(row: Row, agent: Agent, fields: Sequence[tuple[str, str]]) -> Canned:
    scope = Scope.PERSONAL if row["agent_id"] else Scope.TEAM if row["unit_id"] else Scope.PUBLIC
    below = scope is Scope.PUBLIC or (row["path"] or "").startswith(agent.scope or "-")
    changeable = scope is Scope.PERSONAL or (agent.leads and below)
    return Canned(row["id"], row["key"], row["title"], fill(row["text"], fields), scope, row["unit"], changeable)
