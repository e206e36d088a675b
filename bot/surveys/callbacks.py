"""Call-backs within a turn's transaction: opened by a low score, taken on by leaders, measured by the standard."""

from dataclasses import dataclass
from datetime import datetime

from bot.db import Connection
from bot.sql import load
from bot.turns.ledgers import Ledgers
from bot.turns.rows import Rows
from bot.turns.standing import Standing
from router.callbacks import Callback, Step
from router.effects import Audience, KeepCallback

SQL = load(__file__, "callbacks.sql")


@dataclass(frozen=True, slots=True)
class Callbacks:
    """Writes call-backs; the contact's lock is held."""

    connection: Connection
    ledgers: Ledgers
    rows: Rows

    async def scored(self, where: Standing, survey_id: int, score: int, now: datetime) -> None:
        """A score was recorded: a low one is called back about (clause ``survey.low``)."""
        if score >= self.ledgers.world.standard.surveys.low:
            return
        number = await self.connection.fetchval(SQL["open"], survey_id, score, now)
        if number is None:
            return
        await self.ledgers.derive_apart(where, Callback(number, now), number, now)
        conversation = where.contact.conversation
        at = conversation.id if conversation else None
        self.rows.alert(Audience.LEADER, None, "survey.low", where.contact.id, at, now)
        self.rows.topics.add("surveys")

    async def move(self, where: Standing, effect: KeepCallback, now: datetime) -> str:
        """Take a call-back on; returns why it was refused, empty where it was not."""
        act = effect.act
        values: dict[str, tuple[object, ...]] = {
            Step.TAKE: (),
            Step.CALL: (now, act.cause, act.plan, act.departments),
            Step.REVISIT: (now, act.won_back, act.remark),
        }
        found = act.callback_id, where.contact.id, act.agent, *values[act.step]
        row = await self.connection.fetchrow(SQL[act.step], *found)
        if row is None:
            return "stale"
        callback = Callback(act.callback_id, row["opened"], row["called"], row["revisited"])
        await self.ledgers.derive_apart(where, callback, callback.id, now)
        return ""
