"""Programs of the demo operator: keys for the API, and a system that is told of tickets.

The subscriber is played: what is due is taken from the log and noted down as the deliverer would, and nothing leaves
the house. When the demo ends, the subscription is switched off, so that a house that starts over it tells nobody; its
address lies below ``.example``, which leads nowhere (RFC 2606) for whoever switches it on again.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.demo.office.data import Programs
from bot.demo.play import Play
from bot.keys.keys import Draft, Right, add_key, find_key, revoke_key
from bot.subscriptions.deliverer import AFTER, LEASE, MOST, TAKEN
from bot.subscriptions.events import Type
from bot.subscriptions.subscriptions import SQL, Subscriptions
from bot.subscriptions.subscriptions import Draft as Subscription

READING = frozenset({Right.CONVERSATIONS_READ, Right.TICKETS_READ, Right.SURVEYS_READ, Right.DEADLINES_READ})
WRITING = frozenset({Right.TICKETS_READ, Right.TICKETS_WRITE})
EVENTS = frozenset({Type.TICKET_CREATED, Type.TICKET_SOLVED, Type.TICKET_ARCHIVED, Type.SURVEY_SCORED})
DOWN = 0.08
"""The share of calls at which the subscriber is down."""


@dataclass(slots=True)
class Systems:
    """The operator's other systems."""

    play: Play
    names: Programs
    _keys: list[str] = field(default_factory=list)
    _hook: int = 0

    async def begin(self) -> None:
        """Make keys; one of them is revoked at once, as another has taken its place."""
        play, pool, by = self.play, self.play.house.pool, self.play.staff.admin.by
        login = play.staff.clerks[0].login
        former, _ = await add_key(pool, Draft(self.names.former_key, READING), by)
        await revoke_key(pool, former, by)
        for draft in (Draft(self.names.key, READING), Draft(self.names.writing_key, WRITING, login=login)):
            _, secret = await add_key(pool, draft, by)
            self._keys.append(secret)

    async def be_told(self, since: datetime, until: datetime) -> None:
        """Let a system be told of what happens from one moment to another, and then no more."""
        play = self.play
        await play.past.until(since)
        draft = Subscription(self.names.hook, self.names.url, EVENTS)
        self._hook, _ = await self._kept.add(draft, play.staff.admin.by)
        await play.house.snapshot.refresh()
        while play.past.now < until - timedelta(hours=1):
            await play.pause(900, 1_800)
            await self._listen()
        await play.past.until(until)
        await self._listen()
        await self._kept.disable(self._hook, play.staff.admin.by)
        await play.house.snapshot.refresh()

    async def call(self) -> None:
        """Programs read with their keys."""
        for secret in self._keys:
            await find_key(self.play.house.pool, secret)

    @property
    def _kept(self) -> Subscriptions:
        return Subscriptions(self.play.house.pool, self.play.house.settings.secret_key, private=False)

    async def _listen(self) -> None:
        """Take what is due, or be down."""
        play, pool, chance = self.play, self.play.house.pool, self.play.chance
        for row in await pool.fetch(SQL["claim"], MOST, LEASE):
            down = play.happens(DOWN)
            outcome, after = ("503", AFTER[min(row["attempts"], len(AFTER) - 1)]) if down else (TAKEN, None)
            await pool.execute(SQL["tried"], row["id"], outcome, int(chance.uniform(18, 240)), after)
