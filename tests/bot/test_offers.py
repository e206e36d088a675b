"""Chats that agents accept by hand: offered to one at a time, offered on, and lost with nobody."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from channels.door import Address
from router.events import Accepted, Declined, Transferred
from router.routing import parse
from tests.bot.stage import Stage, open_stage
from tests.dialog import world

BY_HAND = """
default = "service"
[queue.service]
zh = "客服"
en = "Service"
accept = "30s"
hops = 2
[queue.broadband]
zh = "宽带"
en = "Broadband"
"""


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    at = replace(world(), routing=parse(BY_HAND))
    async with open_stage(database_url, redis_url, at=at) as opened:
        yield opened


async def _calls(stage: Stage, who: str = "c") -> int:
    receipt = await stage.say("人工", Address("web", "demo", who))
    assert receipt.message is not None
    return receipt.message.contact_id


async def _offered(stage: Stage) -> list[int | None]:
    return [row["offer_to"] for row in await stage.pool.fetch("SELECT offer_to FROM conversations ORDER BY id")]


async def _row(stage: Stage, query: str) -> list[object]:
    row = await stage.pool.fetchrow(query)
    return [] if row is None else list(row.values())


async def _run_out(stage: Stage) -> None:
    await stage.pool.execute("UPDATE conversations SET offer_until = clock_timestamp() WHERE offer_to IS NOT NULL")


async def test_a_chat_is_offered_and_is_nobodys_until_it_is_accepted(stage: Stage) -> None:
    agent = await stage.hire("a")
    contact = await _calls(stage)
    assert await stage.assigner.round() == 1
    assert await stage.assigner.round() == 0
    assert await _row(stage, "SELECT status, assignee, offer_to FROM conversations") == ["queued", None, agent]
    assert not (await stage.act(contact, Accepted(agent, "王芳"))).refused
    assert await _row(stage, "SELECT status, assignee, offer_to, offer_until FROM conversations") == [
        "assigned",
        agent,
        None,
        None,
    ]


async def test_an_offer_takes_a_place_of_the_agent(stage: Stage) -> None:
    agent = await stage.hire("a", capacity=1)
    await _calls(stage, "1")
    await _calls(stage, "2")
    assert await stage.assigner.round() == 1
    assert await stage.assigner.round() == 0
    assert await _offered(stage) == [agent, None]


async def test_what_one_declines_is_offered_to_another_and_for_a_while_not_to_them_again(stage: Stage) -> None:
    first = await stage.hire("a")
    contact = await _calls(stage)
    await stage.assigner.round()
    await stage.act(contact, Declined(first, "王芳"))
    assert await stage.assigner.round() == 0
    second = await stage.hire("b")
    assert await stage.assigner.round() == 1
    assert await _offered(stage) == [second]
    await stage.act(contact, Declined(second, "李华"))
    assert await stage.assigner.round() == 0
    assert await stage.pool.fetchval("SELECT count(*) FROM alerts WHERE kind = 'offers_passed'") == 1
    await stage.pool.execute("UPDATE conversations SET offer_until = offer_until - interval '1 minute'")
    assert await stage.assigner.round() == 1


async def test_who_lets_an_offer_pass_is_set_on_a_break_and_the_chat_goes_on(stage: Stage) -> None:
    first = await stage.hire("a")
    await _calls(stage)
    await stage.assigner.round()
    assert await stage.assigner.lapse() == 0
    await _run_out(stage)
    assert await stage.assigner.lapse() == 1
    assert await stage.assigner.lapse() == 0
    assert await stage.pool.fetchval("SELECT presence FROM agents WHERE id = $1", first) == "break"
    second = await stage.hire("b")
    assert await stage.assigner.round() == 1
    assert await _offered(stage) == [second]


async def test_an_offer_outlives_redis_and_the_assigner_that_made_it(stage: Stage) -> None:
    agent = await stage.hire("a")
    contact = await _calls(stage)
    await stage.assigner.round()
    await stage.wire.run([("FLUSHALL",)])
    assert await stage.assigner.round() == 0
    assert await _offered(stage) == [agent]
    assert not (await stage.act(contact, Accepted(agent, "王芳"))).refused


async def test_a_transfer_that_nobody_answers_comes_back_and_costs_nobody_a_break(stage: Stage) -> None:
    owner = await stage.hire("a")
    contact = await _calls(stage)
    await stage.assigner.round()
    await stage.act(contact, Accepted(owner, "王芳"))
    other = await stage.hire("b")
    version = await stage.version(contact)
    await stage.act(contact, Transferred(owner, "王芳", version, other, "李华", "光猫已重启过"))
    assert await _offered(stage) == [other]
    await _run_out(stage)
    assert await stage.assigner.lapse() == 1
    assert await _row(stage, "SELECT assignee, offer_to, version FROM conversations") == [owner, None, version]
    assert await stage.pool.fetchval("SELECT presence FROM agents WHERE id = $1", other) == "online"
    assert await _row(stage, "SELECT agent, to_agent, note FROM transfers") == [owner, other, "光猫已重启过"]
    notes = await stage.pool.fetch("SELECT text FROM messages WHERE sender = 'note' ORDER BY seq")
    assert [row["text"] for row in notes] == ["王芳 请 李华 接手这个会话", "光猫已重启过", "b 没有及时应答"]
