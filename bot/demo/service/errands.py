"""Business that the demo operator's customers do by themselves, and the agents who take it on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.business.shown import SQL, title
from bot.demo.office.data import Errand
from bot.demo.play import Play
from bot.demo.public import Customer
from bot.demo.staff import Clerk
from channels.door import Address
from router.events import RequestMoved
from router.requests import STEPS, RequestState

CONFIRM = "form:confirm"
AGO = timedelta(days=12)
"""What customers ask about lies so far back."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A request on record."""

    contact: int
    id: int
    title: str
    note: str
    """What the customer is told when it is done."""


@dataclass(frozen=True, slots=True)
class Errands:
    """Lives of requests."""

    play: Play
    errands: Sequence[Errand]

    async def live(self, one: Customer, where: Address) -> None:
        """A customer fills a form in; later somebody takes the request in hand, and does it."""
        play, errand = self.play, self.play.chance.choice(self.errands)
        await self.file(one, where, errand)
        clerk = play.staff.free(one.city) or play.chance.choice(play.staff.clerks)
        contact = await play.contact(where)
        row = await play.house.pool.fetchrow(SQL["of_contact"], contact)
        if row is not None:
            form = play.house.snapshot.world.forms.get(row["form"])
            request = Filed(contact, row["id"], title(form, row["form"], "zh"), errand.note)
            play.past.begin(self._settle(clerk, request))

    async def file(self, one: Customer, where: Address, errand: Errand) -> None:
        """A customer answers what the form asks, and confirms it."""
        play = self.play
        day = (play.past.now - AGO).astimezone(play.zone).date()
        await play.prove(one, where)
        await play.say(one, where, errand.phrase)
        told = {"name": one.name, "phone": one.phone, "day": day.isoformat(), "code": play.house.proofs.demo_code}
        for answer in errand.answers:
            await play.pause(8, 40)
            await play.say(one, where, answer.format_map(told))
        await play.pause(4, 15)
        await play.say(one, where, "", CONFIRM)

    async def _settle(self, clerk: Clerk, one: Filed) -> None:
        play = self.play
        await play.office_hours(0.1, 1.5)
        await self._move(clerk, one, RequestState.NEW)
        await play.office_hours(0.3, 6)
        await self._move(clerk, one, RequestState.IN_HAND)

    async def _move(self, clerk: Clerk, one: Filed, before: RequestState) -> None:
        after = STEPS[before]
        note = one.note if after is RequestState.DONE else ""
        await self.play.act(one.contact, RequestMoved(clerk.id, one.id, before.value, after.value, one.title, note))
