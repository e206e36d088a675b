"""Tickets of the demo operator: written down from chats, calls and counters, and lived through to their archive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.demo.data import Trouble
from bot.demo.play import Play
from bot.demo.staff import Clerk, Handler
from bot.sql import load
from router.contact import SPOKEN
from router.events import TicketActed, TicketOpened
from router.tickets import acts
from router.tickets.acts import Draft, TicketAct
from router.tickets.grades import GRAVE
from router.tickets.ticket import Grade, TicketKind

SQL = load(__file__, "troubles.sql")
LATE = 0.06
"""The share of tickets that are solved after their limit."""
EXTENDED = 0.08
LATER = timedelta(hours=24)
"""By how much a limit is put off."""
UNSETTLED = 0.08


@dataclass(frozen=True, slots=True)
class Troubles:
    """The lives of tickets."""

    play: Play

    async def open(self, contact: int, clerk: Clerk, trouble: Trouble | None = None) -> None:
        """Write a ticket down, about anything where nothing is named; its life goes on by itself."""
        play = self.play
        trouble = trouble or play.chance.choice(play.operator.trouble)
        draft = Draft(trouble.kind, trouble.text, trouble.business, cause=trouble.cause, people=trouble.people)
        if not (await play.act(contact, TicketOpened(clerk.id, clerk.name, draft))).refused:
            row = await play.house.pool.fetchrow(SQL["latest"], contact)
            assert row is not None
            able = [one for one in play.staff.handlers if one.department == row["department"]]
            one = Life(play, row["id"], contact, row["channel"] in SPOKEN, clerk, play.chance.choice(able))
            play.past.begin(one.live(trouble.kind, Grade(row["grade"]) if row["grade"] else None))


@dataclass(frozen=True, slots=True)
class Life:
    """The life of one ticket."""

    play: Play
    ticket: int
    contact: int
    spoken: bool
    """Whether the customer can only be told by telephone or face to face."""
    clerk: Clerk
    handler: Handler

    async def live(self, kind: TicketKind, grade: Grade | None) -> None:
        """From the department's inbox to the archive."""
        await self.play.hours(0.05, 0.6)
        await self._do(self.handler, acts.Taken())
        if kind is TicketKind.COMPLAINT:
            await self._look_into(grade)
        await self._solve()
        while self.play.happens(UNSETTLED):
            await self.play.office_hours(18, 44)
            await self._do(self.clerk, acts.Visited(False, self._say("unsettled"), 2))
            await self._solve()
        await self.play.office_hours(18, 44)
        await self._do(self.clerk, acts.Visited(True, self._say("settled"), self.play.chance.choice((4, 5, 5))))
        await self.play.hours(1, 12)
        await self._do(self.clerk, acts.Archived())

    async def _look_into(self, grade: Grade | None) -> None:
        """The first hours of a complaint."""
        if grade in GRAVE:
            await self._do(self.clerk, acts.Responded(self.clerk.id, self.clerk.name))
        await self.play.hours(0.3, 1.2)
        await self._do(self.handler, acts.Verified(self._say("verified")))
        await self._do(self.handler, acts.Replied(self._say("progress"), self.spoken))
        if grade in GRAVE:
            await self._do(self.handler, acts.Planned(self.handler.name, self._say("plans")))
        if grade is Grade.MAJOR:
            await self._do(self.clerk, acts.Informed(f"SX-{self.ticket:06d}"))

    async def _solve(self) -> None:
        await self.play.office_hours(2, 20)
        await self._do(self.handler, acts.Reported(self._say("progress"), True))
        if self.play.happens(EXTENDED):
            await self._extend()
        if self.play.happens(LATE):
            await self.play.hours(40, 50)
        await self.play.office_hours(1, 16)
        await self._do(self.handler, acts.Solved(self._say("solutions"), self.spoken))

    async def _extend(self) -> None:
        limit: datetime | None = await self.play.house.pool.fetchval(SQL["solve_by"], self.ticket)
        if limit is not None:
            await self._do(self.handler, acts.Extended(limit + LATER, self._say("delays"), True))
            await self.play.hours(12, 30)

    async def _do(self, who: Clerk | Handler, act: TicketAct) -> None:
        """Do something, unless the house has gone on by itself, as when the clock archives."""
        version = await self.play.house.pool.fetchval(SQL["version"], self.ticket)
        await self.play.act(self.contact, TicketActed(who.id, who.name, self.ticket, version, act))

    def _say(self, what: str) -> str:
        sentences: Sequence[str] = getattr(self.play.operator.talk, what)
        return self.play.chance.choice(sentences)
