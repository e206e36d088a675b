"""Requests of business: a finished form with all its answers, written in the turn that finished it."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from bot.db import Connection
from bot.sql import load
from bot.turns.rows import Rows
from bot.turns.standing import Standing
from router.effects import Effect, FileRequest, MoveRequest, Option, Refuse, Say, words

SQL = load(__file__, "requests.sql")
HUMAN = Option("human", words("choice.human"))


@dataclass(frozen=True, slots=True)
class Requests:
    """Files and moves requests within a turn's transaction."""

    connection: Connection
    rows: Rows

    async def file(self, where: Standing, effect: FileRequest, now: datetime) -> tuple[int, Say]:
        """Put a finished form on record; returns its number and what the customer is told."""
        held, progress = where.contact.conversation, effect.progress
        self.rows.topics.add("requests")
        number: int = await self.connection.fetchval(
            SQL["file"],
            where.contact.id,
            held.id if held else None,
            progress.form,
            progress.version,
            effect.urgent,
            msgspec.json.encode(progress.answers).decode(),
            progress.started,
            progress.agent,
            now,
            effect.call,
        )
        key = "form.done.urgent" if effect.urgent else "form.done"
        return number, Say(words(key, form=effect.title, number=number), (HUMAN,), key="form.done")

    async def move(self, where: Standing, effect: MoveRequest, now: datetime) -> Effect:
        """Take a request on; returns what is said, or that somebody was here before."""
        self.rows.topics.add("requests")
        moved = await self.connection.fetchval(
            SQL["move"],
            effect.request_id,
            where.contact.id,
            effect.before,
            effect.after,
            now,
            effect.agent,
            effect.note,
        )
        return Refuse("stale") if moved is None else effect.said
