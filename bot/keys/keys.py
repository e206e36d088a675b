"""API keys: which programs may call ``/api/v1``, what for, and over which units."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from secrets import token_urlsafe

from bot.audit.audit import By, Deed, note
from bot.db import Pool, Row, Statements
from bot.people.units import HEADQUARTERS
from bot.sql import load

SQL = load(__file__, "keys.sql")
PREFIX = "hy_"
SHOWN = 9
"""Characters of a key that stay to be seen."""
LONGEST = 64
"""Characters of a name."""


class Right(StrEnum):
    """What a key is for."""

    CONVERSATIONS_READ = "conversations:read"
    MESSAGES_READ = "messages:read"
    """What was said, masked."""
    SURVEYS_READ = "surveys:read"
    DEADLINES_READ = "deadlines:read"
    TICKETS_READ = "tickets:read"
    TICKETS_WRITE = "tickets:write"
    CONVERSATIONS_WRITE = "conversations:write"
    """To note down and to close."""
    PERSONAL_READ = "personal:read"
    """Names, addresses and words as they are, where the other rights show them masked."""


WRITING = frozenset({Right.TICKETS_WRITE, Right.CONVERSATIONS_WRITE})
"""Rights that need somebody in whose name is written."""


class Misfit(StrEnum):
    """Why there can be no such key."""

    NAME = "name"
    RIGHTS = "rights"
    UNIT = "unit"
    AGENT = "agent"
    """Nobody works here under that log-in."""
    NOBODY = "nobody"
    """It writes, and in nobody's name."""


SAID = {
    Misfit.NAME: f"a name has 1 to {LONGEST} characters",
    Misfit.RIGHTS: "a key needs a scope",
    Misfit.UNIT: "there is no such unit",
    Misfit.AGENT: "nobody works here under that log-in",
    Misfit.NOBODY: "a key that writes needs somebody in whose name it does (--as)",
}


class Unfit(Exception):
    """There can be no such key; the message says why."""

    def __init__(self, why: Misfit) -> None:
        super().__init__(SAID[why])
        self.why = why


@dataclass(frozen=True, slots=True)
class Draft:
    """A key to be."""

    name: str
    rights: frozenset[Right]
    unit: int = HEADQUARTERS
    login: str = ""
    """In whose name it writes."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key in use."""

    id: int
    name: str
    rights: frozenset[Right]
    unit: str
    """The path of the unit that it opens with all below it."""
    agent: int | None
    """In whose name it writes; None where nobody is named, or they left."""
    agent_name: str

    def may(self, right: Right) -> bool:
        """Whether it is for that."""
        return right in self.rights


async def add_key(pool: Pool, draft: Draft, by: By) -> tuple[int, str]:
    """Make a key; returns its id and the key itself, which nobody can be shown again.

    Raises:
        Unfit: it cannot be so.
    """
    secret = PREFIX + token_urlsafe(32)
    async with pool.acquire() as connection, connection.transaction():
        agent = await _fitting(connection, draft)
        rights = sorted(draft.rights)
        made: int = await connection.fetchval(
            SQL["add"], draft.name, secret[:SHOWN], hash_of(secret), rights, draft.unit, agent, by.who
        )
        detail = f"{' '.join(rights)} unit:{draft.unit}" + (f" as {draft.login}" if draft.login else "")
        await note(connection, by, Deed.KEY_ADDED, f"key:{made}", detail=detail)
    return made, secret


async def revoke_key(pool: Pool, number: int, by: By) -> bool:
    """Let a key open nothing any more, at once; False where none in use has that number."""
    async with pool.acquire() as connection, connection.transaction():
        name = await connection.fetchval(SQL["revoke"], number)
        if name is not None:
            await note(connection, by, Deed.KEY_REVOKED, f"key:{number}", detail=name)
    return name is not None


async def all_keys(database: Statements) -> Sequence[Row]:
    """All keys, those in use first."""
    return await database.fetch(SQL["all"])


async def find_key(database: Statements, secret: str) -> Key | None:
    """The key in use that this is; its use is noted down to the minute."""
    row = await database.fetchrow(SQL["find"], hash_of(secret))
    if row is None:
        return None
    if row["rested"]:
        await database.execute(SQL["use"], row["id"])
    known = frozenset(Right(one) for one in row["scopes"] if one in list(Right))
    return Key(row["id"], row["name"], known, row["unit"], row["agent"], row["agent_name"])


def hash_of(secret: str) -> bytes:
    """A key as it is kept: it has enough bits that nobody tries them all."""
    return sha256(secret.encode("utf-8", "surrogateescape")).digest()


async def _fitting(database: Statements, draft: Draft) -> int | None:
    """In whose name the key writes. Raises: Unfit."""
    if not 0 < len(draft.name) <= LONGEST:
        raise Unfit(Misfit.NAME)
    if not draft.rights:
        raise Unfit(Misfit.RIGHTS)
    if not await database.fetchval(SQL["unit"], draft.unit):
        raise Unfit(Misfit.UNIT)
    agent: int | None = await database.fetchval(SQL["agent"], draft.login) if draft.login else None
    if draft.login and agent is None:
        raise Unfit(Misfit.AGENT)
    if agent is None and draft.rights & WRITING:
        raise Unfit(Misfit.NOBODY)
    return agent
