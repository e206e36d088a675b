"""Where the operator's counters stand, and which contact came from which of them."""

from dataclasses import dataclass
from datetime import datetime

from bot.db import Statements
from bot.sql import load

SQL = load(__file__, "outlets.sql")


@dataclass(frozen=True, slots=True)
class Outlet:
    """A place where the operator serves customers over a counter."""

    id: str
    """Stands in QR codes behind ``o:``; letters, digits, - and _, 32 at most."""
    name: str
    city: str = ""


async def put_outlet(database: Statements, outlet: Outlet) -> bool:
    """Take an outlet in, or give a known one its new name; returns whether it is new.

    Raises:
        asyncpg.CheckViolationError: the id has other characters.
    """
    added: bool = await database.fetchval(SQL["put"], outlet.id, outlet.name, outlet.city)
    return added


async def all_outlets(database: Statements) -> list[Outlet]:
    """All outlets, city by city."""
    return [Outlet(**row) for row in await database.fetch(SQL["all"])]


async def find_outlet(database: Statements, outlet_id: str) -> Outlet | None:
    """The outlet of that id."""
    row = await database.fetchrow(SQL["one"], outlet_id)
    return None if row is None else Outlet(**row)


async def keep_scan(database: Statements, contact_id: int, outlet_id: str, at: datetime) -> None:
    """Remember that a contact came by the code of an outlet; the code may be of one that nobody has entered yet."""
    await database.execute(SQL["keep"], contact_id, outlet_id, at)
