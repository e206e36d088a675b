"""Chats that are set aside: out of the way until their time, the customer's next words, or shortly before a limit."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.people.rights import Role
from bot.snoozes.snoozes import sweep, until_of
from channels.door import Address
from router.calendar import SHANGHAI
from tests.bot.desk_stage import DeskStage, Person, open_desk

NOON = datetime(2026, 11, 26, 4, tzinfo=UTC)
"""12:00 in Shanghai."""


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def cards(person: Person, tab: str) -> list[int]:
    page = await person.get(f"/desk/lists?tab={tab}&open=0")
    return [int(number) for number in re.findall(r'id="card-(\d+)"', page)]


async def answered(desk: DeskStage, agent: Person, who: str = "v:1") -> int:
    """A chat of the agent's in which nobody waits."""
    one = await desk.queued(who)
    await desk.give(one, agent.id)
    await desk.stage.reply(await desk.contact(one), agent.id)
    await agent.get(f"/desk/c/{one}")
    return one


async def ends(desk: DeskStage) -> list[str | None]:
    return [row["why"] for row in await desk.stage.pool.fetch("SELECT why FROM snoozes ORDER BY id")]


@pytest.mark.pure
@pytest.mark.parametrize(
    ("form", "until"),
    [
        ({"for": "30"}, NOON + timedelta(minutes=30)),
        ({"for": "30", "until": "2026-11-27T09:00"}, NOON + timedelta(minutes=30)),
        ({"for": "until", "until": "2026-11-27T09:00"}, datetime(2026, 11, 27, 1, tzinfo=UTC)),
        ({"for": "until", "until": "2026-11-26T11:59"}, None),
        ({"for": "until", "until": "2026-12-04T12:00"}, None),
        ({"for": "until", "until": "2026-11-27T09:00+00:00"}, None),
        ({"for": "until"}, None),
        ({"for": "31"}, None),
        ({}, None),
    ],
)
def test_a_chat_is_set_aside_for_a_while_or_until_a_time_within_a_week(
    form: dict[str, str], until: datetime | None
) -> None:
    assert until_of(form, NOON, SHANGHAI) == until


async def test_what_is_set_aside_is_back_at_its_time_and_its_owner_hears_of_it(desk: DeskStage) -> None:
    agent, leader = await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    one, pool = await answered(desk, agent), desk.stage.pool
    await agent.post(f"/desk/c/{one}/snooze", {"for": "60", "text": "等网络部回复"})
    assert (await cards(agent, "mine"), await cards(agent, "snoozed")) == ([], [one])
    assert "等网络部回复" in await agent.get(f"/desk/c/{one}")
    assert await cards(leader, "all") == [one], "leaders see it as before"
    assert await sweep(pool, desk.stage.bus) == 0
    await pool.execute("UPDATE snoozes SET until = clock_timestamp()")
    assert (await cards(agent, "mine"), await cards(agent, "snoozed")) == ([one], [])
    assert await sweep(pool, desk.stage.bus) == 1
    assert "搁置的会话到时间了" in await agent.get("/desk/alerts")
    assert await sweep(pool, desk.stage.bus) == 0
    for _ in range(2):
        await agent.post(f"/desk/c/{one}/snooze", {"for": "10"})
    await agent.post(f"/desk/c/{one}/wake")
    assert await cards(agent, "mine") == [one]
    assert await ends(desk) == ["time", "agent", "agent"]
    await agent.post(f"/desk/c/{one}/snooze", {"for": "0"}, status=409)


async def test_the_customer_s_next_words_bring_it_back_at_once(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await answered(desk, agent)
    await agent.post(f"/desk/c/{one}/snooze", {"for": "60"})
    await desk.stage.say("还在吗", Address("web", "demo", "v:1"))
    assert await cards(agent, "mine") == [one]
    await sweep(desk.stage.pool, desk.stage.bus)
    assert await ends(desk) == ["customer"]
    assert "搁置" not in await agent.get("/desk/alerts"), "the message itself is heard of"


async def test_nothing_is_set_aside_shortly_before_a_limit_and_none_passes_unseen(desk: DeskStage) -> None:
    agent, pool = await desk.agent(), desk.stage.pool
    one = await desk.queued()
    await desk.give(one, agent.id)
    await agent.get(f"/desk/c/{one}")
    await agent.post(f"/desk/c/{one}/snooze", {"for": "120"})
    assert await cards(agent, "snoozed") == [one]
    clauses = await pool.fetchval("SELECT count(*) FROM deadlines WHERE met IS NULL AND voided IS NULL")
    assert clauses == 1, "its limit runs on"
    await pool.execute("UPDATE deadlines SET due = clock_timestamp() + interval '9 minutes'")
    assert await cards(agent, "mine") == [one]
    await sweep(pool, desk.stage.bus)
    assert "搁置的会话快到答复时限了" in await agent.get("/desk/alerts")
    await agent.get(f"/desk/c/{one}")
    assert "请先答复客户" in await agent.post(f"/desk/c/{one}/snooze", {"for": "10"}, status=409)
    assert await ends(desk) == ["deadline"]


async def test_what_is_set_aside_holds_no_place_and_what_is_back_keeps_new_chats_away(desk: DeskStage) -> None:
    agent, pool, assigner = await desk.agent(), desk.stage.pool, desk.stage.assigner
    await pool.execute("UPDATE agents SET capacity = 2, presence = 'online', channel_limits = '{\"web\": 2}'")
    chats = [await answered(desk, agent, f"v:{number}") for number in range(2)]
    for number in range(2, 6):
        await desk.queued(f"v:{number}")
    assert await assigner.round() == 0, "no room"
    await agent.get(f"/desk/c/{chats[0]}")
    await agent.post(f"/desk/c/{chats[0]}/snooze", {"for": "60"})
    assert [await assigner.round() for _ in range(2)] == [1, 0], "its place is free while it sleeps"
    await agent.post(f"/desk/c/{chats[0]}/wake")
    carried = "SELECT count(*) FROM conversations WHERE assignee = $1 AND closed IS NULL"
    assert (await assigner.round(), await pool.fetchval(carried, agent.id)) == (0, 3), (
        "one beyond the limit, and no more"
    )
    await desk.stage.close(await desk.contact(chats[1]), agent.id)
    assert await assigner.round() == 0, "the limit is reached again, and no place is free"

    await pool.execute(
        "INSERT INTO snoozes (conversation_id, agent_id, until)"
        " SELECT id, assignee, clock_timestamp() + interval '1 hour' FROM conversations"
        " WHERE assignee = $1 AND closed IS NULL",
        agent.id,
    )
    assert [await assigner.round() for _ in range(2)] == [2, 0]
    assert await pool.fetchval(carried, agent.id) == 4, "twice the limit at the most, however much is set aside"


async def test_what_somebody_else_has_now_is_aside_no_more(desk: DeskStage) -> None:
    agent, leader = await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    one = await answered(desk, agent)
    await agent.post(f"/desk/c/{one}/snooze", {"for": "60"})
    await leader.get(f"/desk/c/{one}")
    await leader.post(f"/desk/c/{one}/take")
    assert await cards(leader, "mine") == [one]
    assert "刚刚有了变化" in await agent.post(f"/desk/c/{one}/snooze", {"for": "10"}, status=409)
    await sweep(desk.stage.pool, desk.stage.bus)
    assert await ends(desk) == ["left"]
