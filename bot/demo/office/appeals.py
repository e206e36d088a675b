"""Appeals at the ministry (pack ``miit_appeals``): opened from chats, and taken from mark to mark."""

from dataclasses import dataclass
from datetime import datetime

from bot.demo.play import Play
from bot.sql import load
from router.events import CaseMarked, CaseOpened

SQL = load(__file__, "appeals.sql")
KIND = "appeal"
A_DAY = 0.4
"""The share of days on which there is one."""
GO_ON = 0.35
"""The share of those who appeal to the ministry though they were answered."""


@dataclass(frozen=True, slots=True)
class Appeals:
    """Lives of appeals."""

    play: Play
    titles: tuple[str, ...]

    async def come(self, morning: datetime) -> None:
        """On some days somebody complains in such a way that it is put on record."""
        play = self.play
        await play.past.until(morning)
        row = await play.house.pool.fetchrow(SQL["complained"])
        if row is not None and play.happens(A_DAY):
            await self.open(row["contact_id"], row["agent"], play.chance.choice(self.titles))

    async def open(self, contact: int, agent: int, title: str) -> None:
        """An agent puts an appeal on record, where the pack is in force by then; its life goes on by itself."""
        play = self.play
        if not (await play.act(contact, CaseOpened(agent, KIND, title))).refused:
            play.past.begin(self._live(contact, agent))

    async def _live(self, contact: int, agent: int) -> None:
        play = self.play
        case: int = await play.house.pool.fetchval(SQL["latest"], contact, KIND)
        await play.office_hours(20, 96)
        await play.act(contact, CaseMarked(agent, case, KIND, "answered"))
        if play.happens(GO_ON):
            await play.office_hours(24, 72)
            await play.act(contact, CaseMarked(agent, case, KIND, "appealed"))
            await play.office_hours(24, 96)
            await play.act(contact, CaseMarked(agent, case, KIND, "decided"))
