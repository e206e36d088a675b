"""The demo operator's customers: 200 of them, some on several channels, with what a CRM knows of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from bot.crm.built_in import BuiltIn
from bot.crm.record import MONTHS, Month, Record
from bot.db import Pool
from bot.demo.data import Operator, names
from channels.door import Address

CUSTOMERS = 200
ACCOUNT = "demo"
CHANNELS = (
    ("wechat",),
    ("wechat",),
    ("web",),
    ("app",),
    ("app", "wechat"),
    ("web", "app"),
    ("hotline",),
    ("hotline", "app"),
)
"""What customers use, in turn."""


@dataclass(slots=True)
class Customer:
    """A customer of the demo."""

    number: str
    """The operator's own number of them."""
    name: str
    city: str
    phone: str
    contacts: tuple[Address, ...]
    """Where they write from; the hotline last."""
    busy: bool = False
    """Whether they are in a matter already."""
    known: set[Address] = field(default_factory=set)
    """Contacts that have proved who they are."""


def customers(operator: Operator, chance: Random) -> list[Customer]:
    """All customers."""
    called = names(operator, chance)
    return [_customer(number, next(called), chance.choice(operator.cities)) for number in range(1, CUSTOMERS + 1)]


def _customer(number: int, name: str, city: str) -> Customer:
    phone = f"1390000{number:04d}"
    contacts = tuple(
        Address(channel, ACCOUNT, f"+86{phone}" if channel == "hotline" else f"demo-{channel}-{number:04d}")
        for channel in CHANNELS[number % len(CHANNELS)]
    )
    return Customer(f"C{number:06d}", name, city, phone, contacts)


async def keep_records(
    pool: Pool, everyone: Sequence[Customer], operator: Operator, now: datetime, chance: Random
) -> None:
    """Write down what the CRM knows of them at a moment (aware)."""
    crm = BuiltIn(pool)
    for one in everyone:
        await crm.keep(_record(one, operator, now.date(), chance), now)
    await crm.tell([one.number for one in everyone])


def _record(one: Customer, operator: Operator, today: date, chance: Random) -> Record:
    usual = chance.uniform(39, 199)
    return Record(
        number=one.number,
        name=one.name,
        region=one.city,
        level=chance.choice(operator.levels),
        package=chance.choice(operator.packages),
        balance=int(chance.uniform(-20, 180) * 100),
        consumption=tuple(
            Month(month, int(usual * chance.uniform(0.8, 1.4) * 100)) for month in _months_before(today, MONTHS)
        ),
        since=today - timedelta(days=chance.randrange(60, 5_000)),
        broadband=chance.choice(operator.broadband),
        real_name=chance.random() < 0.97,
    )


def _months_before(day: date, count: int) -> list[str]:
    found = []
    for _ in range(count):
        day = day.replace(day=1) - timedelta(days=1)
        found.append(f"{day:%Y-%m}")
    return found
