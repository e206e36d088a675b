"""The demo operator: a past that the house's own code has lived through, ready to be looked at."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from aiohttp.test_utils import TestServer

from bot.app import application
from bot.db import open_pool
from bot.demo import basics, data, live
from bot.demo.deskhand import Deskhand, NotLetIn
from bot.demo.history import Occupied, live_through
from bot.doctor import examine
from bot.doors.making import make_doors, outside
from bot.house import open_house
from bot.queues.assigner import Assigner
from bot.settings import Settings, read
from bot.tasks import end
from bot.wire import Wire

PATIENCE = 60.0
"""Seconds."""
REDIS_HOLDS = "the Redis index holds the ledger"
"""Brought in line when the house starts."""


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path) -> Settings:
    environ = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "DATA_DIR": str(tmp_path), "DEMO": "1"}
    environ |= {"SECRET_KEY": "the key of these tests"}
    return read({f"HUIYING_{name}": value for name, value in environ.items()})


async def test_a_past_is_lived_through_and_leaves_a_healthy_house(settings: Settings) -> None:
    shares: list[float] = []
    began = datetime.now(UTC)
    lived = await live_through(settings, days=2, seed=3, tell=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
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
        async with Wire(settings.redis_url or "") as wire:
            assert [one for one in await examine(pool, wire) if not one.healthy and one.check != REDIS_HOLDS] == []
    finally:
        await pool.close()
    with pytest.raises(Occupied, match="empty"):
        await live_through(settings, days=1, seed=3, tell=shares.append)


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
