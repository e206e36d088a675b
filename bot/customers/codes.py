"""One-time codes for telephone numbers: sent within limits, tried a few times, good for a few minutes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.customers.proofs import Proofs
from bot.db import Connection, Row
from bot.sql import load
from bot.turns.rows import Rows
from router.binding import MINUTES, TRIES, Checked, CodeState, Verdict
from router.customers import Proof, ProofKind
from router.world import Binding

SQL = load(__file__, "customers.sql")
APART = timedelta(seconds=30)
"""Between two codes for one contact at least."""
PER_HOUR = 5
"""Codes for one number, and codes for one contact, within an hour at the most."""
PER_DAY = 10
"""The same within a day."""


@dataclass(slots=True)
class Codes:
    """Sends and checks codes within a turn's transaction."""

    connection: Connection
    rows: Rows
    proofs: Proofs

    async def send(self, contact_id: int, phone: str, now: datetime) -> tuple[CodeState, Proof]:
        """Have a code sent once this is committed, as far as the limits go."""
        proof = self.proofs.of_phone(phone)
        if self.proofs.binding is Binding.OFF:
            return CodeState.OFF, proof
        blind = bytes.fromhex(proof.value)
        sent = await self.connection.fetchrow(SQL["codes_sent"], contact_id, blind, now)
        assert sent is not None
        if max(sent["hour"], sent["hour_of_contact"]) >= PER_HOUR or sent["day"] >= PER_DAY:
            return CodeState.LIMITED, proof
        if sent["last"] is not None and now - sent["last"] < APART:
            return CodeState.LIMITED, proof
        code = self.proofs.new_code()
        stored = self.proofs.hash_of(code, contact_id, blind)
        expires = now + timedelta(minutes=MINUTES)
        await self.connection.execute(SQL["add_code"], contact_id, blind, proof.shown, stored, now, expires)
        if self.proofs.binding is Binding.SMS:
            self.rows.codes.append((phone, code))
        return CodeState.SENT, proof

    async def latest(self, contact_id: int) -> Row | None:
        """The code that was sent last and not used."""
        return await self.connection.fetchrow(SQL["latest_code"], contact_id)

    def check(self, row: Row | None, code: str, contact_id: int, now: datetime) -> Checked:
        """What a code is; nothing is changed by looking."""
        if row is None or row["expires"] <= now or row["tries"] >= TRIES:
            return Checked(Verdict.OVER)
        if not self.proofs.matches(code, row["code_hash"], contact_id, row["blind"]):
            left = TRIES - row["tries"] - 1
            return Checked(Verdict.WRONG, left) if left else Checked(Verdict.OVER)
        return Checked(Verdict.RIGHT, proof=Proof(ProofKind.PHONE, row["blind"].hex(), row["shown"], "code"))

    async def note(self, row: Row | None, found: Checked, now: datetime) -> None:
        """Count a try; a code that was right is good no more."""
        if row is not None:
            used = now if found.proof is not None else None
            await self.connection.execute(SQL["note_try"], row["id"], used)
