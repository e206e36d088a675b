"""What became of messages on their way: whether an outcome still counts, and what it means."""

from dataclasses import dataclass

from msgspec.structs import replace

from bot.db import Connection
from bot.outbox.keys import row_of
from bot.sql import load
from bot.turns.hold import Hold
from bot.turns.rows import Rows
from bot.turns.standing import Standing
from bot.turns.turn import Delivery, Turn
from router import budget
from router.events import Arrived, Bounced, Event, Undelivered

SQL = load(__file__, "turns.sql")


@dataclass(slots=True)
class Deliveries:
    """Writes down outcomes of deliveries within one transaction."""

    connection: Connection
    rows: Rows
    hold: Hold

    async def counts(self, turn: Turn, one: Delivery, where: Standing) -> bool:
        """Note an outcome, and whether anything follows from it."""
        if one.attempt == 0 and one.state == "queued":
            if await self.connection.fetchval(SQL["hold_offer"], one.outbox_id) is None:
                return False
            one = self._unclaimed(one, where)
        held = await self.connection.fetchrow(
            SQL["hold_delivery"], one.outbox_id, one.attempt, one.state, one.provider_id, one.error, one.retry_after,
            one.unsure,
        )  # fmt: skip
        self.rows.topics.add(f"contact:{turn.contact_id}")
        if held is not None and held["ticket_id"] and isinstance(turn.event, Undelivered):
            turn.event = replace(turn.event, ticket=held["ticket_id"])
        if held is not None and held["again"] and one.state == "sent":
            turn.event = Arrived(held["kind"])  # A person had it sent once more: it answers now.
        return held is not None and (one.state in ("failed", "in_doubt") or isinstance(turn.event, Arrived))

    async def bounced(self, event: Bounced, where: Standing) -> Event:
        """What it means that a message came back; nothing where it was given up before."""
        row = row_of(event.key)
        if row is None:
            return event
        kind = await self.connection.fetchval(SQL["bounce"], *row, event.reason, where.contact.id)
        return event if kind is None else Undelivered(kind, event.reason, unsure=False)

    def _unclaimed(self, offer: Delivery, where: Standing) -> Delivery:
        """No HTTP body could carry an offered reply: it is pushed, as far as the budget goes."""
        where.contact, allowed = budget.spent(where.contact, where.moment(self.hold.now), survey=False)
        where.touched = True
        return offer if allowed else replace(offer, state="failed", error="budget")
