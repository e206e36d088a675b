"""The demo's last hour: whatever time of day it is when it ends, somebody is at the desk, and customers wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.demo.office.appeals import Appeals
from bot.demo.office.data import Scene
from bot.demo.platforms import Platforms
from bot.demo.play import Play
from bot.demo.public import Customer
from bot.demo.service.chats import Chats
from bot.demo.service.errands import Errands
from bot.demo.service.troubles import Troubles
from bot.demo.staff import Clerk
from bot.people.agent import Presence
from bot.snoozes.snoozes import snooze
from bot.sql import load
from channels.door import Address
from router.events import Assigned, CallEnded, CallOffered, CallPickedUp, CallScored, Noted, Replied

SQL = load(__file__, "last_hour.sql")
LOGIN = "p1c1a1"
"""Who is at the desk."""
ASIDE = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class LastHour:
    """What is under way at the end."""

    play: Play
    chats: Chats
    errands: Errands
    appeals: Appeals
    troubles: Troubles
    platforms: Platforms
    scenes: tuple[Scene, ...]

    @property
    def clerk(self) -> Clerk:
        """Who is at the desk."""
        return next(one for one in self.play.staff.clerks if one.login == LOGIN)

    def begin(self, end: datetime) -> None:
        """Let all of it come before an end (aware)."""
        begin = self.play.past.begin
        begin(self._sit_down(end - timedelta(minutes=58)))
        for scene in self.scenes:
            begin(self._scene(scene, end))
        begin(self._errand(end - timedelta(minutes=35)))
        begin(self._ask_in_vain(end - timedelta(minutes=32)))
        begin(self._complain_of_a_call(end - timedelta(minutes=28)))

    async def _sit_down(self, moment: datetime) -> None:
        await self.play.past.until(moment)
        await self.play.people.choose_presence(self.clerk.id, Presence.ONLINE)

    async def _scene(self, scene: Scene, end: datetime) -> None:
        play = self.play
        await play.past.until(end - timedelta(minutes=scene.minutes))
        one, where = self._somebody(scene.channel)
        await play.prove(one, where)
        for text in scene.said:
            await play.say(one, where, text.format(phone=one.phone))
            await play.pause(8, 25)
        if scene.fate != "waits":
            await self._serve(scene, one, where, end)

    async def _serve(self, scene: Scene, one: Customer, where: Address, end: datetime) -> None:
        """The clerk takes the chat and answers; what becomes of it is the scene's fate."""
        play, clerk, contact = self.play, self.clerk, await self.play.contact(where)
        if scene.fate == "refused":
            self.platforms.refuse(contact)
        row = await play.house.pool.fetchrow(SQL["open"], contact)
        assert row is not None
        await play.act(contact, Assigned(clerk.id, clerk.name, None, row["version"]))
        await play.pause(40, 90)
        await play.act(contact, Replied(clerk.id, clerk.name, scene.reply, await play.version(contact) or 0))
        await play.pause(60, 120)
        if scene.fate == "served":
            await play.act(contact, Noted(clerk.id, scene.note))
        if scene.fate == "aside":
            await snooze(play.house.pool, row["id"], clerk.id, end + ASIDE, scene.note)
        if scene.trouble is not None:
            await self.troubles.open(contact, clerk, scene.trouble)
        if scene.appeal:
            await self.appeals.open(contact, clerk.id, scene.appeal)
        if scene.last:
            await play.past.until(end - timedelta(minutes=4))
            await play.say(one, where, scene.last)

    async def _errand(self, moment: datetime) -> None:
        """A request that nobody has taken in hand yet."""
        await self.play.past.until(moment)
        await self.errands.file(*self._somebody("web"), self.errands.errands[-1])

    async def _ask_in_vain(self, moment: datetime) -> None:
        """A question that nobody has answered yet."""
        await self.play.past.until(moment)
        await self.chats.leave_question(*self._somebody("app"))

    async def _complain_of_a_call(self, moment: datetime) -> None:
        """A caller gives one star, about which nobody has called back yet."""
        play, call = self.play, f"demo-{self.play.number()}"
        await play.past.until(moment)
        one, where = self._somebody("hotline")
        await play.take(where, CallOffered(call, play.past.now), one.name)
        await play.pause(3, 8)
        await play.take(where, CallPickedUp(call, play.past.now, login=LOGIN))
        await play.pause(120, 240)
        await play.take(where, CallEnded(call, play.past.now, "caller", 180))
        await play.pause(5, 20)
        await play.take(where, CallScored(call, play.past.now, 0, 1))

    def _somebody(self, channel: str) -> tuple[Customer, Address]:
        """A customer who is in no matter, and from now on in this one."""
        one = next(
            one for one in self.play.public if not one.busy and any(where.channel == channel for where in one.contacts)
        )
        one.busy = True
        return one, next(where for where in one.contacts if where.channel == channel)
