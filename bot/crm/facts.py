"""What routing is told of a customer: region and level, brought in line whenever a contact's customer changes."""

from collections.abc import Iterable

from msgspec.structs import replace

from bot.db import Connection
from bot.sql import load
from bot.turns.standing import Standing

SQL = load(__file__, "crm.sql")


async def tell_facts(connection: Connection, standings: Iterable[Standing]) -> None:
    """Give contacts that a batch holds the region and level of their present customers; without one they have none."""
    for where in standings:
        customer = where.contact.customer
        row = None if customer is None else await connection.fetchrow(SQL["facts"], customer)
        region, level = ("", "") if row is None else (row["region"], row["level"])
        if (region, level) != (where.contact.region, where.contact.level):
            await connection.execute(SQL["set_facts"], where.contact.id, region, level)
            where.contact = replace(where.contact, region=region, level=level)
