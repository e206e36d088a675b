"""What the desk knows of a customer beyond one contact: the shared thread, the whole history, and who is joined."""

from collections.abc import Sequence

from bot.db import Row, Statements
from bot.people.access import Dossier
from bot.sql import load

SQL = load(__file__, "shared.sql")
FIRST = 10**12
"""Numbers of a shared thread begin above this; those of a single contact's thread never come near it."""
NEWEST = 2**62
MOST = 500


async def read_said(pool: Statements, conversation_id: int, *, least: int, below: int, most: int) -> Sequence[Row]:
    """Messages of a conversation over all of its contacts, newest first, by their numbers in the shared thread."""
    return await pool.fetch(SQL["said"], conversation_id, least, below, most)


async def read_history(pool: Statements, dossier: Dossier) -> list[Row]:
    """The customer's other conversations on all channels, the latest first."""
    return await pool.fetch(SQL["history"], dossier.customer, dossier.id)


async def is_of_customer(pool: Statements, dossier: Dossier, conversation_id: int) -> bool:
    """Whether another conversation belongs to the customer of this one."""
    found: bool = await pool.fetchval(SQL["of_customer"], conversation_id, dossier.customer)
    return dossier.customer is not None and found


async def read_people(pool: Statements, dossier: Dossier) -> list[Row]:
    """The contacts behind which the customer stands, what they proved masked; empty for a contact that stands alone."""
    return [] if dossier.customer is None else await pool.fetch(SQL["people"], dossier.customer)
