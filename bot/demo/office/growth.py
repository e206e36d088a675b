"""Complaints about a topic that grow in a week, the weekly look that finds them, and what is done about it."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.demo.data import Trouble
from bot.demo.office.data import Topic
from bot.demo.play import Play
from bot.demo.public import ACCOUNT
from bot.demo.service.counters import Counters
from bot.improvements.limits import SQL, settle
from bot.improvements.weekly import examine
from bot.sql import load
from channels.door import Address

OWN = load(__file__, "growth.sql")
LEADERS = re.compile(r"p\dlead")
"""Log-ins of those who lead provinces, whom such tasks concern."""


@dataclass(frozen=True, slots=True)
class Growth:
    """What grows, and the tasks that come of it."""

    play: Play
    counters: Counters
    topics: tuple[Topic, Topic]
    """The one whose task is done, and the one at which somebody still is."""

    async def begin(self) -> None:
        """Look at all weeks anew."""
        await self.play.house.pool.execute(OWN["forget"])

    async def complain(self, moment: datetime, trouble: Trouble) -> None:
        """A customer calls at a moment (aware) about a trouble, and it is written down."""
        play = self.play
        await play.past.until(moment)
        one = play.chance.choice([one for one in play.public if not one.busy])
        await self.counters.call(one, Address("hotline", ACCOUNT, f"+86{one.phone}"), trouble)

    async def look(self, morning: datetime) -> None:
        """Examine the week before, if nobody has, and have somebody answer for what is found."""
        play, house = self.play, self.play.house
        await play.past.until(morning)
        await examine(house.pool, house.bus, play.zone, play.past.now)
        await settle(house.pool, house.writer)
        for row in await house.pool.fetch(SQL["listed"], "/", play.staff.manager.id):
            if row["owner"] is None:
                play.past.begin(self._improve(row["id"], (row["cause"], row["business"])))

    async def _improve(self, task: int, about: tuple[str, str]) -> None:
        """Somebody takes a task, and closes it a day later where what to do is known."""
        play, plans = self.play, {(one.cause, one.business): one.plan for one in self.topics}
        await play.hours(1, 3)
        leader, plan = await self._taken(task), plans.get(about, "")
        if leader is not None and plan:
            await play.office_hours(20, 26)
            await play.house.pool.execute(SQL["close"], task, leader, plan)
            await settle(play.house.pool, play.house.writer)

    async def _taken(self, task: int) -> int | None:
        """The first of those who lead a province that takes a task, as it concerns them; None where it does nobody."""
        pool, everyone = self.play.house.pool, await self.play.people.all()
        for one in [one for one in everyone if LEADERS.fullmatch(one.login)]:
            if await pool.fetchval(SQL["take"], task, one.id, one.unit) is not None:
                return one.id
        return None
