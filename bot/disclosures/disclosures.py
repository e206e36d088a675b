"""Disclosures: what the desk masks is shown to somebody who says why, and that they saw it is kept for ever."""

from bot.audit.audit import By, Deed, note
from bot.db import Statements
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


async def disclose(database: Statements, by: By, *, what: str, contact: int, reason: str) -> None:
    """Write down what is shown to whom, before it is shown. Raises: OSError and its like when PostgreSQL is away."""
    await note(database, by, Deed.DISCLOSE, f"contact:{contact}", detail=what, reason=reason)
