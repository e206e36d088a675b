"""Who works at the demo operator: provinces and cities with leaders and agents, managers, and departments' handlers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from bot.audit.audit import By, on_command_line
from bot.db import Pool
from bot.demo.data import Operator, names
from bot.outlets.outlets import Outlet, put_outlet
from bot.people.agent import Presence
from bot.people.passwords import Passwords
from bot.people.people import People
from bot.people.rights import Role
from bot.people.units import HEADQUARTERS, Level, add_unit
from bot.sql import load
from bot.tickets.rules import shipped_rules

SQL = load(__file__, "staff.sql")
AGENTS_EACH = 4
NIGHT = 4
"""Agents of the headquarters, who serve late."""
ORIGIN = "192.0.2.10"
"""From where people of the offices come: an address that nobody has (RFC 5737)."""
HANDLERS_EACH = 2
"""Handlers of each department."""
CAPACITY = 4
EARLY = (time(8), time(12, 30), time(17, 30))
LATE = (time(13), time(18), time(22))
"""When a shift begins, breaks for half an hour, and ends (operator's zone)."""


@dataclass(slots=True)
class Clerk:
    """An agent of the demo."""

    id: int
    login: str
    name: str
    city: str
    shift: tuple[time, time, time]
    speed: float
    """How many times as long as usual they take."""
    present: bool = False
    chats: set[int] = field(default_factory=set)
    """Contacts in their hands."""

    @property
    def free(self) -> bool:
        """Whether they can take one more."""
        return self.present and len(self.chats) < CAPACITY


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who leads, or works at the headquarters."""

    id: int
    login: str
    name: str

    @property
    def by(self) -> By:
        """As the trail names them."""
        return By(self.id, self.login, ORIGIN)


@dataclass(frozen=True, slots=True)
class Handler:
    """Somebody of a department who solves tickets."""

    id: int
    name: str
    department: str


@dataclass(slots=True)
class Staff:
    """Everyone who serves."""

    clerks: list[Clerk]
    outlets: list[Outlet]
    handlers: list[Handler]
    colleagues: dict[str, Colleague]
    """Everyone else, by their log-ins."""

    @property
    def manager(self) -> Colleague:
        """Who runs operations."""
        return self.colleagues["manager"]

    @property
    def admin(self) -> Colleague:
        """Who runs the system."""
        return self.colleagues["admin"]

    def free(self, city: str) -> Clerk | None:
        """Who has room, of the customer's city first, and the fewest chats."""
        able = [clerk for clerk in self.clerks if clerk.free]
        return min(able, key=lambda one: (one.city != city, len(one.chats), one.id), default=None)


async def hire(pool: Pool, people: People, operator: Operator, password: str, chance: Random) -> Staff:
    """Found units and outlets and take everyone in; all of them log in with this password."""
    kept = await Passwords().hash(password)
    by = on_command_line()
    people_names = names(operator, chance)
    clerks: list[Clerk] = []
    outlets: list[Outlet] = []
    handlers: list[Handler] = []
    colleagues: dict[str, Colleague] = {}

    async def take_in(login: str, role: Role, unit: int, city: str, department: str = "") -> None:
        name = next(people_names)
        skills = ["mobile", "broadband"] if role is not Role.AGENT or chance.random() < 0.5 else ["mobile"]
        work = (city, skills, CAPACITY, unit, department)
        number = await pool.fetchval(SQL["hire"], login, name, kept, role.value, *work)
        if role is Role.HANDLER:
            handlers.append(Handler(number, name, department))
        elif role is Role.AGENT:
            shift = EARLY if len(clerks) % 2 else LATE
            clerks.append(Clerk(number, login, name, city, shift, chance.uniform(0.6, 1.6)))
        else:
            colleagues[login] = Colleague(number, login, name)

    for role in (Role.MANAGER, Role.ADMIN, Role.TRAINER, Role.INSPECTOR, Role.AUDITOR):
        await take_in(role.value, role, HEADQUARTERS, "总部")
    for number in range(1, NIGHT + 1):
        await take_in(f"hq{number}", Role.AGENT, HEADQUARTERS, "总部")
    for place, province in enumerate(operator.province, 1):
        above = await add_unit(pool, HEADQUARTERS, Level.PROVINCE, province.name, by)
        await take_in(f"p{place}lead", Role.LEADER, above, province.name)
        for spot, city in enumerate(province.cities, 1):
            unit = await add_unit(pool, above, Level.CITY, city, by)
            await take_in(f"p{place}c{spot}lead", Role.LEADER, unit, city)
            for number in range(1, AGENTS_EACH + 1):
                await take_in(f"p{place}c{spot}a{number}", Role.AGENT, unit, city)
            outlets.append(Outlet(f"p{place}c{spot}", f"{city}中心营业厅", city))
    for department in shipped_rules().departments:
        for number in range(1, HANDLERS_EACH + 1):
            await take_in(f"{department}{number}", Role.HANDLER, HEADQUARTERS, "总部", department)
    for outlet in outlets:
        await put_outlet(pool, outlet)
    return Staff(clerks, outlets, handlers, colleagues)


def agent_logins(operator: Operator) -> list[str]:
    """The log-ins of all agents of cities, first of each city first."""
    cities = [
        f"p{place}c{spot}"
        for place, province in enumerate(operator.province, 1)
        for spot in range(1, len(province.cities) + 1)
    ]
    return [f"{city}a{number}" for number in range(1, AGENTS_EACH + 1) for city in cities]


def works(clerk: Clerk, day: date) -> bool:
    """Whether somebody works on a day: on one day of each weekend they are off."""
    return day.weekday() < 5 or (clerk.id + day.toordinal()) % 2 == 0


def shifts(clerk: Clerk, midnight: datetime, chance: Random) -> Iterator[tuple[datetime, Presence, str]]:
    """When somebody comes, rests, comes back and goes on a day, give or take some minutes."""
    if not works(clerk, midnight.date()):
        return
    begin, rest, end = (
        midnight + timedelta(hours=at.hour, minutes=at.minute + chance.uniform(-8, 8)) for at in clerk.shift
    )
    yield begin, Presence.ONLINE, ""
    yield rest, Presence.BREAK, "meal"
    yield rest + timedelta(minutes=chance.uniform(25, 40)), Presence.ONLINE, ""
    yield end, Presence.OFFLINE, ""
