"""The built-in CRM: a table that the operator fills from files, and that keeps what another CRM has told."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from bot.crm.record import Found, Record
from bot.db import Statements
from bot.sql import load

SQL = load(__file__, "crm.sql")


class BuiltIn:
    """Knows what the table holds.

    Args:
        database: connections to PostgreSQL.
    """

    def __init__(self, database: Statements) -> None:
        self._database = database

    async def find(self, customer: int) -> Found | None:
        """The record of one of our customers, by the operator's number or a telephone number they have proved."""
        row = await self._database.fetchrow(SQL["find"], customer)
        return None if row is None else Found(msgspec.json.decode(row["record"], type=Record), row["told"])

    async def number(self, customer: int) -> str:
        """What the operator calls one of our customers; empty where nobody has told."""
        found: str | None = await self._database.fetchval(SQL["number"], customer)
        return found or ""

    async def keep(
        self, record: Record, told: datetime, *, phone: bytes | None = None, tail: bytes | None = None
    ) -> None:
        """Take a record in.

        Args:
            record: what is known; the end of the identity number is not kept with it.
            told: when the CRM said so (aware UTC).
            phone: the blind index of its telephone number.
            tail: the keyed hash of the end of its identity number.
        """
        written = msgspec.json.encode(replace(record, id_tail="")).decode()
        await self._database.execute(SQL["put"], record.number, phone, written, told, tail)

    async def tell(self, numbers: Sequence[str]) -> None:
        """Let routing know the region and level of these customers' contacts."""
        await self._database.execute(SQL["tell"], list(numbers))
