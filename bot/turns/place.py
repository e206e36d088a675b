"""Where a conversation stands in its queue, and how long that may take, counted when the turn is saved."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.db import Connection
from bot.sql import load
from bot.turns.rows import Rows
from bot.turns.standing import Standing
from router.effects import Say, TellPlace, words
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
        return self._say(effect.key, conversation.queue, waiting + here + 1)

    def _say(self, key: str, queue: str, position: int) -> Say:
        minutes = self.world.staff(queue).wait(position)
        if key != "queue.place":
            return Say(words(key, position=position), (CANCEL,))
        if minutes is None:
            return Say(words("queue.place_unknown", position=position), (LEAVE, CANCEL))
        return Say(words(key, position=position, minutes=minutes), (CANCEL,))
