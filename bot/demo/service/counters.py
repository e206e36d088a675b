"""Calls to the demo operator's hotline, and visits at its counters."""

from dataclasses import dataclass

from bot.demo.data import Trouble
from bot.demo.play import Play
from bot.demo.public import Customer
from bot.demo.service.chats import STARS
from bot.demo.service.troubles import Troubles
from channels.door import Address
from router.events import (
    CallAbandoned,
    CallEnded,
    CallOffered,
    CallPickedUp,
    CallScored,
    Outcome,
    Visited,
    VoicemailLeft,
)

CALLS_LEFT_OVER, VISITS_LEFT_OVER = 0.2, 0.4
"""The shares that a department has to solve."""


@dataclass(frozen=True, slots=True)
class Counters:
    """Lives of calls and visits."""

    play: Play
    troubles: Troubles

    async def call(self, one: Customer, where: Address, trouble: Trouble | None = None) -> None:
        """A customer calls; where nobody is free they leave a message, or hang up.

        Args:
            one: who.
            where: from where.
            trouble: what a department has to solve; None where that is left to chance.
        """
        play, call = self.play, f"demo-{self.play.number()}"
        await play.take(where, CallOffered(call, play.past.now), one.name)
        clerk = play.staff.free(one.city)
        if clerk is None:
            await play.pause(20, 60)
            said = play.chance.choice(play.operator.talk.voicemails) if play.happens(0.5) else ""
            left = VoicemailLeft(call, play.past.now, 14, said)
            await play.take(where, left if said else CallAbandoned(call, play.past.now))
            return
        contact = await play.contact(where)
        clerk.chats.add(contact)
        await play.pause(2, 9 if play.happens(0.93) else 40)
        await play.take(where, CallPickedUp(call, play.past.now, login=clerk.login))
        talked = play.chance.uniform(60, 480)
        await play.pause(talked, talked + 1)
        if trouble is not None or play.happens(CALLS_LEFT_OVER):
            await self.troubles.open(contact, clerk, trouble)
        await play.take(where, CallEnded(call, play.past.now, "caller", int(talked)))
        clerk.chats.discard(contact)
        if play.happens(0.5):
            stars = play.chance.choice(STARS)
            await play.pause(5, 30)
            await play.take(where, CallScored(call, play.past.now, (stars - 1) * 25, stars))

    async def visit(self, one: Customer) -> None:
        """A customer comes to an outlet."""
        play = self.play
        outlet, clerk = play.chance.choice(play.staff.outlets), play.chance.choice(play.staff.clerks)
        matter = play.chance.choice(play.operator.talk.visits)
        event = Visited(clerk.id, clerk.name, outlet.name, matter, "plan", Outcome.SETTLED, "已在柜台办理完成")
        where = Address("outlet", outlet.id, f"+86{one.phone}")
        await play.take(where, event, one.name)
        if play.happens(VISITS_LEFT_OVER):
            await self.troubles.open(await play.contact(where), clerk)
