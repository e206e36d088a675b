"""Disclosures: what the desk masks is shown to somebody who says why, and that they saw it is kept for ever."""

from bot.db import Row, Statements
from bot.sql import load
from channels.telephone import NUMBER
from router.contact import SPOKEN

SQL = load(__file__, "disclosures.sql")
CONTACT_NUMBER = "contact.number"
REASON = range(2, 201)
"""How many characters a reason has."""


def number_in(channel: str, address: str) -> str:
    """The telephone number by which a contact is known; empty where it is known by none."""
    return address if channel in SPOKEN and NUMBER.fullmatch(address) is not None else ""


async def disclose(database: Statements, *, agent: int, what: str, contact: int, reason: str) -> None:
    """Write down what is shown to whom, before it is shown. Raises: OSError and its like when PostgreSQL is away."""
    await database.execute(SQL["note"], agent, what, contact, reason)


async def listed(database: Statements, most: int) -> list[Row]:
    """What was shown unmasked, the latest first; nothing of it is in the rows."""
    return await database.fetch(SQL["listed"], most)
