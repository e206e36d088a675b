"""The offices of the demo operator: what they begin with, what they do each day, and what lies there at the end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.demo.office import data
from bot.demo.office.appeals import Appeals
from bot.demo.office.archive import Files
from bot.demo.office.growth import Growth
from bot.demo.office.papers import Papers
from bot.demo.office.programs import Systems
from bot.demo.office.roster import Roster
from bot.demo.office.weeks import Weeks
from bot.demo.play import Play
from bot.demo.service.counters import Counters
from bot.satisfaction.months import Month
from bot.shifts.week import Week

FRIDAY = 4
AWHILE = timedelta(days=16)
"""Shoppers come every fortnight or so."""
TOLD = timedelta(days=2)
"""For so long before the end a system is told of what happens."""


@dataclass(frozen=True, slots=True)
class Office:
    """Everything that is not service."""

    play: Play
    texts: data.Office
    weeks: Weeks
    files: Files
    growth: Growth
    roster: Roster
    appeals: Appeals
    systems: Systems
    papers: Papers

    @classmethod
    def of(cls, play: Play, counters: Counters, texts: data.Office) -> "Office":
        """The offices of a play."""
        return cls(
            play,
            texts,
            Weeks(play.zone, play.chance),
            Files(play, texts.archive),
            Growth(play, counters, texts.growth),
            Roster(play, texts.shifts),
            Appeals(play, texts.appeals.titles),
            Systems(play, texts.programs),
            Papers(play),
        )

    async def begin(self, end: datetime) -> None:
        """What there is on the first day, and what will come until an end (aware)."""
        play, start = self.play, self.play.past.now
        former, latest = self.texts.growth
        grown = self.weeks.grown(former, self.weeks.before(start)) + self.weeks.grown(latest, self.weeks.before(end))
        await self.roster.begin(start.astimezone(play.zone).date())
        await self.systems.begin()
        await self.growth.begin()
        await self.papers.keep(self.texts.filters, self.texts.canned)
        for month in {Month.of(at, play.zone) for at in (end - AWHILE, end - 2 * AWHILE)}:
            await self.papers.shop(self.texts.shopped, month)
        past = [case for case in grown if case[0] <= start]
        await self.files.take_in([*past, *self.weeks.usual(play.operator.trouble, start)])
        for moment, trouble in grown:
            if moment > start:
                play.past.begin(self.growth.complain(moment, trouble))
        play.past.begin(self.systems.be_told(max(start, end - TOLD), end - timedelta(minutes=15)))
        play.past.begin(self._end(end))

    def begin_day(self, today: datetime) -> None:
        """What is done on a day that begins."""
        past, chance = self.play.past, self.play.chance
        past.begin(self.growth.look(today + timedelta(hours=8, minutes=chance.uniform(0, 20))))
        past.begin(self.appeals.come(today + timedelta(hours=11, minutes=chance.uniform(0, 300))))
        if today.weekday() == FRIDAY:
            past.begin(self._plan(today + timedelta(hours=15)))

    async def _plan(self, afternoon: datetime) -> None:
        """Plan the week after the next, which is planned already."""
        await self.play.past.until(afternoon)
        await self.roster.plan(Week.of(afternoon.date()).moved(2))

    async def _end(self, end: datetime) -> None:
        """What people ask for in the last half hour."""
        play = self.play
        await play.past.until(end - timedelta(minutes=30))
        await self.files.look_over(self.weeks.usual(play.operator.trouble, play.past.now - timedelta(days=3)))
        await self.papers.save(self.texts.filters)
        await self.systems.call()
