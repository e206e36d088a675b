"""Days of the demo operator: who comes to work, and who writes, calls or walks in when."""

from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.demo.office.office import Office
from bot.demo.play import Play
from bot.demo.public import Customer
from bot.demo.service.chats import Chats
from bot.demo.service.counters import Counters
from bot.demo.service.errands import Errands
from bot.demo.service.mornings import Mornings
from bot.demo.staff import Clerk, shifts
from bot.people.agent import Presence

PER_DAY = 45
"""Matters on a working day; fewer on Saturdays and Sundays."""
CURVE = (1, 0, 0, 0, 0, 1, 2, 4, 9, 14, 15, 12, 9, 11, 13, 13, 12, 10, 9, 10, 9, 7, 4, 2)
"""How many matters come in an hour of the day, beside the other hours."""


def midnight(moment: datetime) -> datetime:
    """The midnight before a moment, in the moment's zone."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(slots=True)
class Days:
    """The life of the operator from one day to another."""

    play: Play
    chats: Chats
    counters: Counters
    mornings: Mornings
    errands: Errands
    office: Office
    matters: int = 0
    """How many have begun."""

    async def live(self) -> None:
        """Day after day, from a midnight on."""
        past, chance = self.play.past, self.play.chance
        today = midnight(past.now.astimezone(self.play.zone))
        while True:
            for clerk in self.play.staff.clerks:
                past.begin(self._work(clerk, today))
            for moment in self._moments(today):
                past.begin(self._matter(moment))
            past.begin(self.mornings.call_back(today + timedelta(hours=7, minutes=chance.uniform(10, 50))))
            past.begin(self.mornings.win_back(today + timedelta(hours=10, minutes=chance.uniform(0, 90))))
            self.office.begin_day(today)
            today = midnight(today + timedelta(hours=36))
            await past.until(today)

    def _moments(self, today: datetime) -> list[datetime]:
        chance = self.play.chance
        number = PER_DAY if today.weekday() < 5 else PER_DAY // 2
        hours = chance.choices(range(24), CURVE, k=number)
        return sorted(today + timedelta(hours=hour, seconds=chance.uniform(0, 3599)) for hour in hours)

    async def _work(self, clerk: Clerk, today: datetime) -> None:
        for moment, presence, reason in shifts(clerk, today, self.play.chance):
            await self.play.past.until(moment)
            clerk.present = presence is Presence.ONLINE
            await self.play.people.choose_presence(clerk.id, presence, reason)

    async def _matter(self, moment: datetime) -> None:
        await self.play.past.until(moment)
        free = [one for one in self.play.public if not one.busy]
        if not free:
            return
        one = self.play.chance.choice(free)
        one.busy = True
        self.matters += 1
        try:
            await self._kind(one)
        finally:
            one.busy = False

    def _kind(self, one: Customer) -> Coroutine[None, None, None]:
        where = self.play.chance.choice(one.contacts)
        if where.channel == "hotline":
            return self.counters.call(one, where)
        if self.play.happens(0.04):
            return self.counters.visit(one)
        if self.play.happens(0.05):
            return self.errands.live(one, where)
        return self.chats.live(one, where)
