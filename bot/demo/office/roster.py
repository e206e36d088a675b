"""The roster: kinds of shifts, and week by week who has which."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.demo.play import Play
from bot.demo.staff import EARLY, LATE, Clerk, works
from bot.shifts.shifts import Plan, Shift, add_shift, all_shifts, plan
from bot.shifts.week import Week

CODES = {EARLY: "early", LATE: "late"}
BREAK = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Roster:
    """Plans the weeks of all who serve."""

    play: Play
    names: dict[str, str]
    """Of the kinds of shifts, by their codes."""

    async def begin(self, today: date) -> None:
        """Keep the kinds of shifts, and plan this week and the next."""
        for times, code in CODES.items():
            await add_shift(self.play.house.pool, code, self.names[code], _periods(*times), self.play.staff.manager.by)
        for weeks in (0, 1):
            await self.plan(Week.of(today).moved(weeks))

    async def plan(self, week: Week) -> None:
        """Plan a week."""
        play = self.play
        kinds = await all_shifts(play.house.pool)
        plans = [Plan(clerk.id, day, _shift(clerk, day, kinds)) for clerk in play.staff.clerks for day in week.days]
        await plan(play.house.pool, plans, play.zone, play.staff.manager.by, source=f"{week.first}.xlsx")


def _shift(clerk: Clerk, day: date, kinds: dict[str, Shift]) -> Shift | None:
    return kinds[CODES[clerk.shift]] if works(clerk, day) else None


def _periods(begin: time, rest: time, end: time) -> list[str]:
    """The two halves of a shift, with the break between them."""
    again = (datetime.combine(date.min, rest) + BREAK).time()
    return [f"{begin:%H:%M}-{rest:%H:%M}", f"{again:%H:%M}-{end:%H:%M}"]
