"""Masked challenges: an answer is compared with what the CRM has told, by keyed hashes and a few times a day."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.customers.proofs import Proofs
from bot.db import Connection
from bot.sql import load
from router.contact import Contact
from router.forms.challenge import TRIES, Compared, Verdict

SQL = load(__file__, "challenges.sql")
DAY = timedelta(hours=24)


@dataclass(slots=True)
class Challenges:
    """Compares answers within a turn's transaction."""

    connection: Connection
    proofs: Proofs

    async def compare(self, contact: Contact, said: str, now: datetime) -> Compared:
        """What an answer is; nothing is changed by looking."""
        row = None if contact.customer is None else await self.connection.fetchrow(SQL["kept"], contact.customer)
        if row is None or row["id_tail"] is None:
            return Compared(Verdict.UNKNOWN)
        wrong: int = await self.connection.fetchval(SQL["wrong"], contact.customer, now - DAY)
        if wrong >= TRIES:
            return Compared(Verdict.OVER)
        if hmac.compare_digest(self.proofs.of_tail(row["number"], said), row["id_tail"]):
            return Compared(Verdict.RIGHT)
        left = TRIES - wrong - 1
        return Compared(Verdict.WRONG, left) if left else Compared(Verdict.OVER)

    async def note(self, contact: Contact, found: Compared, now: datetime) -> None:
        """Count a try, as long as there was anything to try."""
        if found.verdict is not Verdict.UNKNOWN:
            right = found.verdict is Verdict.RIGHT
            await self.connection.execute(SQL["note"], contact.customer, contact.id, now, right)
