"""Where a conversation stands in its queue, and how long that may take, counted when the turn is saved."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.db import Connection
from bot.sql import load
from bot.turns.rows import Rows
from bot.turns.standing import Standing
from router.effects import Say, TellPlace, Words, words
from router.handoff import CANCEL, LEAVE
from router.world import World

SQL = load(__file__, "turns.sql")
POINT = timedelta(seconds=60)
"""What one point of priority is worth."""


@dataclass(slots=True)
class Places:
    """Counts places; conversations of the same batch count in the order in which they were queued."""

    connection: Connection
    world: World
    queued: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    """Queue and waiting order of the conversations that this batch has queued or told, by id."""

    async def tell(self, where: Standing, effect: TellPlace, _rows: Rows) -> Say:
        """The words that tell a customer the place and, where people are on duty, the estimated wait."""
        conversation = where.contact.conversation
        assert conversation is not None
        assert conversation.queued is not None
        order = conversation.queued - POINT * conversation.priority
        self.queued[conversation.id] = (conversation.queue, order)
        waiting: int = await self.connection.fetchval(
            SQL["ahead_in_queue"], conversation.queue, list(self.queued), order, conversation.id
        )
        here = sum(
            queue == conversation.queue and (other, number) < (order, conversation.id)
            for number, (queue, other) in self.queued.items()
        )
        assert where.last_event is not None
        return self._say(effect.key, conversation.queue, waiting + here + 1, where.last_event)

    def _say(self, key: str, queue: str, position: int, now: datetime) -> Say:
        minutes = self.world.staff(queue).wait(position)
        if minutes is None:
            return Say(self._unknown(position, now), (LEAVE, CANCEL))
        if key != "queue.place":
            return Say(words(key, position=position), (CANCEL,))
        return Say(words(key, position=position, minutes=minutes), (CANCEL,))

    def _unknown(self, position: int, now: datetime) -> Words:
        """Nobody is on duty, so nobody can say how long it takes: until when people may come, and a message instead."""
        closes = self.world.standard.calendar.next_close(now)
        if closes is None:
            return words("queue.place_unknown", position=position)
        return words("queue.nobody", position=position, closes=closes)
