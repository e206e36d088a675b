"""Departments, business types and grades: those that come with the house hold until others are published."""

from functools import cache
from pathlib import Path

import router
from bot.audit.audit import By, Deed, note
from bot.db import Pool, Statements
from bot.sql import load
from router.tickets.rules import TicketRules, parse

SQL = load(__file__, "rules.sql")
KNOWLEDGE = load(__file__, "../knowledge/knowledge.sql")
SUBJECT = "tickets"
FILE = Path(router.__file__).parent / "tickets.toml"

_parsed = cache(parse)


class Needed(Exception):
    """Rules lack a department with which open tickets or people are; the message names it."""


def shipped_text() -> str:
    """The TOML that comes with the house."""
    return FILE.read_text(encoding="utf-8")


@cache
def shipped_rules() -> TicketRules:
    """What comes with the house. Raises: StandardError where it does not hold."""
    return parse(shipped_text())


async def rules_text(database: Statements) -> str:
    """The TOML in force."""
    text: str | None = await database.fetchval(SQL["published"])
    return text or shipped_text()


async def read_rules(database: Statements) -> TicketRules:
    """The rules in force."""
    return _parsed(await rules_text(database))


async def publish(pool: Pool, text: str, rules: TicketRules, by: By) -> int:
    """Put rules in force; running processes take them within seconds. Returns the number of this edition.

    What is under way keeps its department; a business type that is gone shows by its id.

    Raises:
        Needed: a department is gone that somebody still needs.
    """
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(SQL["lock"])
        if rows := await connection.fetch(SQL["needed"], list(rules.departments)):
            raise Needed(f"open tickets or people are with {', '.join(row['department'] for row in rows)}")
        await connection.execute(SQL["add"], text)
        edition: int = await connection.fetchval(KNOWLEDGE["publish"], SUBJECT)
        await note(connection, by, Deed.TICKET_RULES_PUBLISHED, f"tickets:{edition}")
    return edition
