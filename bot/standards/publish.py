"""Publishing a standard or a pack: an edition in force from its day on, and the decision to re-base what is open."""

from datetime import datetime

from bot.audit.audit import Deed, note, on_command_line
from bot.db import Pool
from bot.sql import load
from bot.standards.shelf import SQL
from router.standard import Standard, parse

KNOWLEDGE = load(__file__, "../knowledge/knowledge.sql")
SUBJECT = "standard"


class Taken(Exception):
    """Another pack declares a kind of record of that name already."""


class NoSuchEdition(Exception):
    """No edition has that number."""


async def publish(pool: Pool, text: str, standard: Standard, *, effective_from: datetime | None, rebase: bool) -> int:
    """Put an edition in force; running processes take it within seconds. Returns its number.

    Args:
        pool: connections to PostgreSQL.
        text: the whole TOML.
        standard: what it was read as.
        effective_from: from when on it holds (aware); None: from now on.
        rebase: whether records that are open follow it then; without, they keep the edition they began under.

    Raises:
        Taken: a kind of record that it declares is another pack's.
    """
    by = on_command_line()
    async with pool.acquire() as connection, connection.transaction():
        for row in await connection.fetch(SQL["packs_beside"], standard.pack):
            if both := sorted(standard.kinds.keys() & parse(row["text"]).kinds.keys()):
                raise Taken(f"{both[0]} is declared by the pack {row['pack']} already")
        number: int = await connection.fetchval(SQL["add"], standard.pack, text, effective_from, rebase, by.who)
        await connection.fetchval(KNOWLEDGE["publish"], SUBJECT)
        detail = f"pack={standard.pack} " * bool(standard.pack) + f"rebase={rebase}".lower()
        await note(connection, by, Deed.STANDARD_PUBLISHED, f"standard:{number}", detail=detail)
    return number


async def rebase(pool: Pool, number: int, reason: str) -> None:
    """Decide that open records follow an edition.

    Raises:
        NoSuchEdition: there is none of that number.
    """
    async with pool.acquire() as connection, connection.transaction():
        if await connection.fetchval(SQL["rebase"], number) is None:
            raise NoSuchEdition(f"there is no edition {number}")
        await connection.fetchval(KNOWLEDGE["publish"], SUBJECT)
        await note(connection, on_command_line(), Deed.STANDARD_REBASED, f"standard:{number}", reason=reason)
