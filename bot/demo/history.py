"""The demo operator and its last weeks, lived through from an empty house to today."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from secrets import token_urlsafe

from bot.db import open_pool
from bot.deadlines.clock import MOST, OVERDUE, Clock
from bot.demo import basics, data, past, public
from bot.demo.days import Days, midnight
from bot.demo.last_hour import LastHour
from bot.demo.office import data as office
from bot.demo.office.office import Office
from bot.demo.platforms import Platforms
from bot.demo.play import Play
from bot.demo.service.chats import Chats
from bot.demo.service.counters import Counters
from bot.demo.service.errands import Errands
from bot.demo.service.mornings import Mornings
from bot.demo.service.troubles import Troubles
from bot.demo.staff import hire
from bot.house import House, open_house
from bot.people.agent import Presence
from bot.people.people import People
from bot.settings import Settings
from bot.sql import load
from bot.surveys.job import ask

SQL = load(__file__, "history.sql")
LOGIN = "demo-operator.json"
"""Where the password of everyone at the demo operator is kept in the data folder."""


class Occupied(Exception):
    """The demo operator cannot move in; the message says why."""


@dataclass(frozen=True, slots=True)
class Lived:
    """What came of it."""

    people: int
    customers: int
    matters: int
    messages: int
    password: str


async def live_through(settings: Settings, *, days: int, seed: int, tell: Callable[[float], None]) -> Lived:
    """Fill a migrated database, where nobody has written yet, with an operator and its last days.

    Args:
        settings: with both addresses filled in; nobody else may work with the database meanwhile.
        days: how many, up to now.
        seed: gives the same people and the same lives again.
        tell: called with the share of the days that is over.

    Raises:
        Occupied: somebody has written here, or another process works with the database.
    """
    chance = Random(seed)  # noqa: S311 - a play, not a secret
    operator = data.read()
    end = datetime.now(UTC)
    start = midnight(end.astimezone(settings.zone) - timedelta(days=days))
    password = _password(settings.data_dir)
    await _require_empty(settings)
    async with open_house(settings, connection=past.SETTINGS) as house:
        async with past.laid(house.pool, start):
            await basics.load(house.pool, settings.data_dir)
            await house.snapshot.refresh()
            then = past.Past(house.pool, start)
            people = People(house.pool, house.bus)
            staff = await hire(house.pool, people, operator, password, chance)
            everyone = public.customers(operator, chance)
            await public.keep_records(house.pool, everyone, operator, start, chance)
            play = Play(house, then, staff, everyone, operator, people, settings.zone, chance)
            matters = await _live(play, start, end, tell)
        messages = await house.pool.fetchval("SELECT count(*) FROM messages")
        return Lived(len(staff.clerks), len(everyone), matters, messages, password)


async def _live(play: Play, start: datetime, end: datetime, tell: Callable[[float], None]) -> int:
    """Live from a start to an end (aware); returns how many matters came up."""
    pool, texts, troubles = play.house.pool, office.read(), Troubles(play)
    questions = [row["question"] for row in await pool.fetch(basics.KNOWLEDGE["published"])]
    wrapups = [row["code"] for row in await pool.fetch(SQL["wrapups"])]
    counters, errands, platforms = Counters(play, troubles), Errands(play, texts.errand), Platforms(play)
    offices = Office.of(play, counters, texts)
    chats = Chats(play, troubles, questions, wrapups)
    life = Days(play, chats, counters, Mornings(play), errands, offices)
    last = LastHour(play, chats, errands, offices.appeals, troubles, platforms, texts.scene)

    async def begin() -> None:
        await offices.begin(end)
        last.begin(end)
        await life.live()

    async def follow() -> None:
        await _follow(play.house, platforms)
        tell((play.past.now - start) / (end - start))

    play.past.begin(begin())
    await play.past.run(end, follow)
    tell(1.0)
    for clerk in play.staff.clerks:
        if clerk is not last.clerk:
            await play.people.choose_presence(clerk.id, Presence.OFFLINE)
    return life.matters


async def _follow(house: House, platforms: Platforms) -> None:
    """What the house does by itself: deadlines fire, surveys are asked, platforms take what is sent."""
    waits = await house.pool.fetchrow(SQL["waits"], OVERDUE)
    if waits is None:
        return
    if waits["overdue"]:
        clock = Clock(house.pool, house.wire, house.index, house.writer)
        while await clock.sweep() == MOST:
            pass
    for survey in waits["surveys"]:
        await ask(survey, pool=house.pool, writer=house.writer, secret_key=house.settings.secret_key)
    if waits["outbox"]:
        await platforms.deliver()


async def _require_empty(settings: Settings) -> None:
    pool = await open_pool(settings.database_url or "", size=1, application="huiying-demo")
    try:
        if await pool.fetchval(SQL["begun"]):
            raise Occupied("customers have written here already; the demo operator moves into an empty database only")
        if await pool.fetchval(SQL["others"]):
            raise Occupied("another process works with this database; stop web, worker and jobs first")
    finally:
        await pool.close()


def password_of(data_dir: Path) -> str:
    """The password of everyone at the demo operator of this data folder; empty where there is none."""
    try:
        kept: str = json.loads((data_dir / LOGIN).read_text("utf-8"))["password"]
    except FileNotFoundError:
        return ""
    return kept


def _password(data_dir: Path) -> str:
    """A password for everyone at the demo operator, kept for its owner only."""
    made = token_urlsafe(9)
    with open(os.open(data_dir / LOGIN, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as kept:
        json.dump({"password": made}, kept)
    return made
