"""Cases within a turn's transaction: put on record, taken from mark to mark, measured by their pack."""

from dataclasses import dataclass
from datetime import datetime

from bot.db import Connection, Row
from bot.sql import load
from bot.turns.ledgers import Ledgers
from bot.turns.standing import Standing
from router.cases import Case
from router.effects import MarkCase, OpenCase

SQL = load(__file__, "cases.sql")


@dataclass(frozen=True, slots=True)
class Cases:
    """Writes cases; the contact's lock is held."""

    connection: Connection
    ledgers: Ledgers

    async def follow(self, where: Standing, effect: OpenCase | MarkCase, now: datetime) -> str:
        """Carry out an effect on a case; returns why it was refused, empty where it was not."""
        found = await (
            self._open(where, effect, now) if isinstance(effect, OpenCase) else self._mark(where, effect, now)
        )
        if found is None:
            return "stale"
        await self.ledgers.derive_apart(where, found, found.id, now)
        if isinstance(effect, MarkCase) and effect.last:  # It is over: what still runs applies no longer.
            self.ledgers.derive(where, Case(found.id, found.kind, {}, {}), found.id, now)
        return ""

    async def _open(self, where: Standing, effect: OpenCase, now: datetime) -> Case:
        number: int = await self.connection.fetchval(
            SQL["open"], where.contact.id, effect.kind, effect.title, dict(effect.facts), effect.mark, now, effect.owner
        )
        return Case(number, effect.kind, effect.facts, {effect.mark: now})

    async def _mark(self, where: Standing, effect: MarkCase, now: datetime) -> Case | None:
        """Set a mark; None where it has been reached, or the case is closed."""
        row = await self.connection.fetchrow(SQL["hold"], effect.case_id, where.contact.id)
        held = None if row is None or row["closed"] is not None else case_of(row)
        if held is None or effect.mark in held.marks:
            return None
        await self.connection.execute(SQL["mark"], held.id, effect.mark, now, effect.last)
        return Case(held.id, held.kind, held.facts, {**held.marks, effect.mark: now})


def case_of(row: Row) -> Case:
    """Read a case's row."""
    marks = {name: datetime.fromisoformat(at) for name, at in row["marks"].items()}
    return Case(row["id"], row["kind"], row["facts"], marks)
