"""Mentions: colleagues who are named in a note with an @, on record until they have seen it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.db import Connection, Statements
from bot.people.agent import Agent
from bot.people.rights import RIGHTS, Permission
from bot.sql import load
from router.pinyin import initials

SQL = load(__file__, "mentions.sql")
SERVING = [role.value for role, rights in RIGHTS.items() if Permission.SERVE in rights.permissions]
"""Roles that can be named: those that open chats at all."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can be named."""

    id: int
    name: str
    login: str
    team: str
    presence: str

    @property
    def find(self) -> str:
        """By what they are found: name, its initials, log-in."""
        return f"{self.name} {initials(self.name)} {self.login}".lower()


class Mention(NamedTuple):
    """Somebody is named in a note, as a row of ``mentions``."""

    agent: int
    contact: int
    seq: int
    """The note's place in the contact's thread."""
    conversation: int | None
    by: int
    at: datetime


async def colleagues(pool: Statements, agent: Agent) -> tuple[Colleague, ...]:
    """Whom an agent can name, those of their own unit first."""
    rows = await pool.fetch(SQL["colleagues"], agent.id, agent.unit, SERVING)
    return tuple(Colleague(row["id"], row["name"], row["login"], row["team"], row["presence"]) for row in rows)


async def named_in(pool: Statements, agent: Agent, text: str, chosen: Collection[str]) -> tuple[int, ...]:
    """Whom a note names; of several people of one name those whom the writer has picked, if any.

    Args:
        pool: knows everybody.
        agent: who writes it.
        text: the note.
        chosen: ids of those who were picked from the list.
    """
    if "@" not in text:
        return ()
    people = [(row["id"], row["name"]) for row in await pool.fetch(SQL["named"], agent.id, text, SERVING)]
    return mentioned(text, people, chosen)


def mentioned(text: str, people: Sequence[tuple[int, str]], chosen: Collection[str]) -> tuple[int, ...]:
    """Ids of the people whose names stand behind an @; the longest name counts where one begins like another."""
    longest = sorted({name for _, name in people}, key=lambda name: (-len(name), name))
    if not longest:
        return ()
    found = set(re.findall(f"@({'|'.join(map(re.escape, longest))})", text))
    picked = {name for number, name in people if str(number) in chosen}
    return tuple(number for number, name in people if name in found and (name not in picked or str(number) in chosen))


async def unseen(pool: Statements, agent_id: int) -> int:
    """In how many conversations somebody has been named since they looked there last."""
    found: int = await pool.fetchval(SQL["unseen"], agent_id)
    return found


async def see(pool: Statements, agent_id: int, conversation_id: int) -> None:
    """Somebody looks at a conversation, and so at where they are named in it."""
    await pool.execute(SQL["see"], agent_id, conversation_id)


async def keep(connection: Connection, rows: Sequence[Mention]) -> None:
    """In a batch's transaction: who is named, where, by whom, when."""
    await connection.execute(SQL["keep"], *map(list, zip(*rows, strict=True)))
