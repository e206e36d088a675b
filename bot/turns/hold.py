"""Holds the contacts of a batch: locks their rows, and reads how they stand where this process does not remember it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.db import Connection
from bot.sql import load
from bot.turns.memory import Memory
from bot.turns.standing import Standing, line, standing
from router.contact import Survey

SQL = load(__file__, "turns.sql")


@dataclass(slots=True)
class Hold:
    """The contacts that one transaction has locked."""

    connection: Connection
    memory: Memory
    now: datetime = field(init=False)
    """The database's time, read after the locks (aware UTC)."""
    writing: int = 0
    """The transaction, as PostgreSQL marks the rows that it writes."""

    async def lock(self, contact_ids: set[int]) -> dict[int, Standing]:
        """Lock contacts, leaving out those that another flush holds; returns how the others stand."""
        locked = await self.connection.fetchrow(SQL["lock_contacts"], list(contact_ids))
        assert locked is not None
        self.now, self.writing = locked["now"], locked["writing"]
        standings: dict[int, Standing] = {}
        unknown: list[int] = []
        for contact_id, version in zip(locked["ids"] or (), locked["versions"] or (), strict=True):
            if (where := self.memory.recall(contact_id, version)) is None:
                unknown.append(contact_id)
            else:
                standings[contact_id] = where
        if unknown:
            standings |= await self.read(unknown)
        return standings

    async def read(self, contact_ids: list[int]) -> dict[int, Standing]:
        """How locked contacts stand, with their open conversation, its running deadlines and their pending survey."""
        rows = await self.connection.fetch(SQL["load_contacts"], contact_ids)
        surveys = await self._surveys([row["survey_id"] for row in rows if row["survey_id"] is not None])
        standings = {row["id"]: standing(row, surveys.get(row["survey_id"])) for row in rows}
        await self._lines(standings)
        return standings

    async def _surveys(self, ids: list[int]) -> Mapping[int, Survey]:
        if not ids:
            return {}
        rows = await self.connection.fetch(SQL["load_surveys"], ids)
        return {
            row["id"]: Survey(row["id"], row["agent"], row["asked"], row["scored"], row["questionnaire"] or 0)
            for row in rows
        }

    async def _lines(self, standings: Mapping[int, Standing]) -> None:
        by_conversation = {number: where for where in standings.values() for number in where.stored}
        if not by_conversation:
            return
        for row in await self.connection.fetch(SQL["load_lines"], list(by_conversation)):
            lines = by_conversation[row["subject_id"]].lines
            lines["conversation", row["subject_id"]] += (line(row),)
