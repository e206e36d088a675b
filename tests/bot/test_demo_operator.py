"""The demo operator: a past that the house's own code has lived through, ready to be looked at."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestServer

from bot.app import application
from bot.db import open_pool
from bot.demo import basics, data, live
from bot.demo.deskhand import Deskhand, NotLetIn
from bot.demo.history import Lived, Occupied, live_through
from bot.doctor import examine
from bot.doors.making import make_doors, outside
from bot.house import open_house
from bot.improvements import weekly
from bot.queues.assigner import Assigner
from bot.settings import Settings, read
from bot.tasks import end
from bot.wire import Wire
from tests.bot.desk_stage import Person
from tests.desk_pages import addresses_of, is_page, looks_of
from tests.servers import Addresses, beside, create_database, drop_database

PATIENCE = 60.0
"""Seconds."""
REDIS_HOLDS = "the Redis index holds the ledger"
"""Brought in line when the house starts."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A house into which the demo operator has moved, and how that went."""

    settings: Settings
    began: datetime
    lived: Lived
    shares: Sequence[float]


def settings_of(database_url: str, redis_url: str, folder: Path) -> Settings:
    environ = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "DATA_DIR": str(folder), "DEMO": "1"}
    environ |= {"SECRET_KEY": "the key of these tests"}
    return read({f"HUIYING_{name}": value for name, value in environ.items()})


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path) -> Settings:
    return settings_of(database_url, redis_url, tmp_path)


async def started(settings: Settings) -> None:
    """The house has run before, without anybody in it, and looked at the week before."""
    async with open_house(settings, answers=False) as house:
        await basics.load(house.pool, settings.data_dir)
        await weekly.examine(house.pool, house.bus, settings.zone, datetime.now(UTC))


@pytest.fixture(scope="module")
def moved(servers: Addresses, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moved]:
    """Two days are lived through once, for all that look at them; nobody changes anything there."""
    name = f"{template}_demo"
    asyncio.run(create_database(servers.database_url, name, template=template))
    settings = settings_of(beside(servers.database_url, name), servers.redis_url, tmp_path_factory.mktemp("demo"))
    shares: list[float] = []
    began = datetime.now(UTC)
    asyncio.run(started(settings))
    lived = asyncio.run(live_through(settings, days=2, seed=3, tell=shares.append))
    yield Moved(settings, began, lived, shares)
    asyncio.run(drop_database(servers.database_url, name))


async def test_a_past_is_lived_through_and_leaves_a_healthy_house(moved: Moved) -> None:
    settings, began, lived = moved.settings, moved.began, moved.lived
    assert list(moved.shares) == sorted(moved.shares)
    assert moved.shares[-1] == 1.0
    pool = await open_pool(settings.database_url or "", size=2)
    try:
        first, last = (await pool.fetch("SELECT min(sent_at), max(sent_at) FROM messages"))[0].values()
        assert (last - first).days >= 1
        assert last <= datetime.now(UTC)
        assert first < began
        answered = await pool.fetchval(
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY first - queued) FROM (SELECT v.queued, (SELECT"
            " min(sent_at) FROM messages m WHERE m.conversation_id = v.id AND m.sender = 'agent') AS first"
            " FROM conversations v WHERE v.queued IS NOT NULL AND v.call_id IS NULL) t WHERE first IS NOT NULL"
        )
        assert 10 < answered.total_seconds() < 1_800
        assert await pool.fetchval("SELECT count(*) FROM surveys WHERE scored IS NOT NULL")
        states = {row["state"] for row in await pool.fetch("SELECT DISTINCT state FROM tickets")}
        assert states >= {"in_hand", "told"}
        assert await pool.fetchval(
            "SELECT bool_and(h.department = t.department) FROM tickets t JOIN agents h ON h.id = handler"
        )
        assert await pool.fetchval("SELECT count(*) FROM messages") == lived.messages
        assert not await pool.fetchval("SELECT count(*) FROM pg_namespace WHERE nspname = 'past'")
        columns = await pool.fetchval("SELECT count(*) FROM pg_attrdef WHERE pg_get_expr(adbin, adrelid) ~ 'past'")
        ages = await pool.fetch("SELECT created FROM contacts UNION ALL SELECT at FROM audit")
        assert (columns, all(row["created"] < began for row in ages)) == (0, True)
        # What was being told in the very moment of the switch may wait still: the deliverer lets it go.
        assert not await pool.fetchval("SELECT count(*) FROM subscriptions WHERE disabled IS NULL")
        assert await pool.fetchval("SELECT count(*) FROM hook_deliveries WHERE due IS NULL")
        assert await pool.fetchval("SELECT count(*) FROM improvements WHERE closed IS NOT NULL")
        async with Wire(settings.redis_url or "") as wire:
            assert [one for one in await examine(pool, wire) if not one.healthy and one.check != REDIS_HOLDS] == []
    finally:
        await pool.close()
    with pytest.raises(Occupied, match="empty"):
        await live_through(settings, days=1, seed=3, tell=lambda _: None)


async def test_no_page_of_the_desk_is_empty_after_it(moved: Moved) -> None:
    async with open_house(moved.settings, answers=False) as house, outside() as calls, AsyncExitStack() as stack:
        app = application(house, make_doors(house, calls))
        server = TestServer(app)
        await server.start_server()
        stack.push_async_callback(server.close)
        looks = await looks_of(house.pool, addresses_of(app))
        empty, pages = [], 0
        for login in sorted({look.login for look in looks}):
            session = await stack.enter_async_context(ClientSession(cookie_jar=CookieJar(unsafe=True)))
            person = Person(str(server.make_url("")).rstrip("/"), session, 0, login)
            await person.get("/desk/login")
            await person.post("/desk/login", {"login": login, "password": moved.lived.password})
            for look in looks:
                if look.login == login:
                    page = await person.get(look.path)
                    pages += is_page(page)
                    empty += [look] if look.lacks(page) else []
    assert (empty, pages > 35) == ([], True)


async def test_nobody_moves_in_where_others_work(settings: Settings) -> None:
    other = await open_pool(settings.database_url or "", size=1)
    try:
        with pytest.raises(Occupied, match="another process"):
            await live_through(settings, days=1, seed=1, tell=lambda _: None)
    finally:
        await other.close()


async def test_played_customers_write_through_real_doors_and_a_played_agent_answers(settings: Settings) -> None:
    async with open_house(settings) as house, outside() as session:
        (first, *_) = await basics.load(house.pool, settings.data_dir)
        await house.snapshot.refresh()
        server = TestServer(application(house, make_doors(house, session)))
        await server.start_server()
        base_url = str(server.make_url("")).rstrip("/")
        operator, seen = data.read(), live.Traffic()
        hand = Deskhand(base_url, first.login, first.password, operator.talk, Random(1), rest=0.05)
        assigner = Assigner(house.pool, house.wire, house.bus, house.writer, lambda: house.snapshot.world.routing)

        def tell(traffic: live.Traffic) -> None:
            seen.said, seen.refused = traffic.said, traffic.refused

        life = asyncio.create_task(
            live.run(
                base_url,
                settings.accounts,
                operator,
                ["怎么查话费"],
                per_minute=600,
                hands=[hand],
                tell=tell,
                pause=0.05,
            )
        )
        try:
            async with asyncio.timeout(PATIENCE):
                while hand.answered < 2 and not life.done():
                    await assigner.round()
                    await asyncio.sleep(0.05)
        finally:
            await end(life)
            await server.close()
        assert (hand.answered >= 2, seen.refused) == (True, 0)
        assert await house.pool.fetchval("SELECT count(*) FROM messages WHERE sender = 'agent'") >= hand.answered


async def test_a_played_agent_whom_nobody_knows_is_not_let_in(settings: Settings) -> None:
    async with open_house(settings, answers=False) as house, outside() as session:
        server = TestServer(application(house, make_doors(house, session)))
        await server.start_server()
        hand = Deskhand(str(server.make_url("")).rstrip("/"), "nobody", "wrong", data.read().talk, Random(1))
        try:
            with pytest.raises(NotLetIn):
                await hand.work()
        finally:
            await server.close()
