"""What everybody in the demo's past shares: the house, the time, chance, and how to speak and act before the house."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from bot.demo.data import Operator
from bot.demo.past import Past
from bot.demo.public import Customer
from bot.demo.staff import Staff
from bot.house import House
from bot.people.people import People
from bot.sql import load
from channels.door import Address, Inbound, Receipt
from router.events import AgentAct, CustomerEvent, Proved, Said

SQL = load(__file__, "play.sql")
OFFICE = (time(8, 30), time(18, 30))
"""When departments and offices work (operator's zone)."""


@dataclass(frozen=True, slots=True)
class Play:
    """The stage on which the demo's lives are lived."""

    house: House
    past: Past
    staff: Staff
    public: Sequence[Customer]
    operator: Operator
    people: People
    zone: ZoneInfo
    chance: Random
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    # Customers ----------------------------------------------------------------------------------------------------

    async def prove(self, one: Customer, where: Address) -> None:
        """A customer is logged in where they write from, once."""
        if where not in one.known:
            one.known.add(where)
            subject = self.house.proofs.of_subject(one.number, realm="demo", means="jwt:demo")
            await self.take(where, Proved(subject), one.name)

    async def say(self, one: Customer, where: Address, text: str, choice: str = "") -> Receipt:
        """A customer writes, or touches what was offered; an answer that waits to be fetched is fetched."""
        receipt = await self.take(where, Said(text, choice=choice), one.name)
        if receipt.outbox_id is not None:
            self.house.writer.fulfil(receipt.outbox_id)
        return receipt

    async def take(self, where: Address, event: CustomerEvent, name: str = "") -> Receipt:
        """Something comes from a customer, now."""
        return await self.house.writer.take(Inbound(where, f"demo-{self.number()}", event, self.past.now, name))

    async def contact(self, where: Address) -> int:
        """Who is at an address that has been written from."""
        found: int = await self.house.pool.fetchval(SQL["contact"], *where)
        return found

    async def version(self, contact: int) -> int | None:
        """The version of the open chat of a contact's customer; None where there is none."""
        found: int | None = await self.house.pool.fetchval(SQL["version"], contact)
        return found

    # People, time and chance ----------------------------------------------------------------------------------------

    async def act(self, contact: int, act: AgentAct) -> Receipt:
        """Put what somebody did to a contact before the house."""
        return await self.house.writer.act(contact, f"demo-act-{self.number()}", act)

    async def pause(self, least: float, most: float) -> None:
        """Let some time go by, between so many seconds and so many."""
        await self.past.until(self.past.now + timedelta(seconds=self.chance.uniform(least, max(least, most))))

    async def hours(self, least: float, most: float) -> None:
        """Let some hours go by."""
        await self.pause(least * 3_600, most * 3_600)

    async def office_hours(self, least: float, most: float) -> None:
        """Let some hours go by, and then the night."""
        await self.hours(least, most)
        begin, end = OFFICE
        local = self.past.now.astimezone(self.zone)
        if local.time() < begin or local.time() > end:
            day = local.date() + timedelta(days=1 if local.time() > end else 0)
            await self.past.until(datetime.combine(day, begin, self.zone))
            await self.hours(0, 2)

    def happens(self, share: float) -> bool:
        """Whether something happens that does in such a share of cases."""
        return self.chance.random() < share

    def number(self) -> int:
        """A number that nothing else in the play has."""
        return next(self._numbers)
