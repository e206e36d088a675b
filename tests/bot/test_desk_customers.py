"""The desk shows a customer over all channels: one thread, one history, and who is joined by what."""

import re
from collections.abc import AsyncIterator

import pytest

from bot.people.rights import Role
from channels.door import Address
from router.events import Proved
from tests.bot.desk_stage import DeskStage, open_desk
from tests.bot.stage import PROOFS

PHONE = PROOFS.of_phone("13812341234")
WEB, WECHAT = Address("web", "demo", "v:1"), Address("wechat", "demo", "o-1")


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def joined(desk: DeskStage) -> None:
    for who in (WEB, WECHAT):
        await desk.stage.say("", who, event=Proved(PHONE))


async def test_words_of_all_channels_stand_in_one_thread_and_answers_go_where_the_last_came_from(
    desk: DeskStage,
) -> None:
    await joined(desk)
    agent = await desk.agent()
    number = await desk.queued()
    await desk.give(number, agent.id)
    await desk.stage.say("我换到微信了", WECHAT)
    page = await agent.get(f"/desk/c/{number}")
    thread = page[page.index('id="thread"') :]
    assert thread.index("我的宽带坏了") < thread.index("我换到微信了")
    assert "微信" in page
    await agent.post(f"/desk/c/{number}/say", {"text": "马上为您查", "as": "reply"})
    said = await desk.stage.pool.fetchrow(
        "SELECT c.channel FROM messages m JOIN contacts c ON c.id = m.contact_id WHERE m.text = '马上为您查'"
    )
    assert said is not None
    assert said["channel"] == "wechat"
    numbers = [int(seq) for seq in re.findall(r'<li id="m-\d+-(\d+)"', await agent.get(f"/desk/c/{number}"))]
    assert numbers == sorted(set(numbers))
    live = await agent.get(f"/desk/c/{number}/live?after={numbers[-2]}")
    assert "马上为您查" in live
    assert "我换到微信了" not in live


async def test_a_page_that_was_open_before_other_channels_came_in_gets_the_whole_thread(desk: DeskStage) -> None:
    agent = await desk.agent()
    number = await desk.queued()
    await desk.give(number, agent.id)
    await desk.stage.say("话费", WECHAT)
    await joined(desk)
    live = await agent.get(f"/desk/c/{number}/live?after=3")
    assert 'hx-target="#thread" hx-swap="innerHTML"' in live
    assert live.index("我的宽带坏了") < live.index("话费")


async def test_the_history_is_that_of_all_channels(desk: DeskStage) -> None:
    agent = await desk.agent(role=Role.LEADER)
    await desk.stage.say("我在微信问过", WECHAT)
    await desk.stage.pool.execute("UPDATE contacts SET conversation_id = NULL")
    await desk.stage.pool.execute("UPDATE conversations SET closed = opened, status = 'closed', wrapup = 'idle'")
    past = await desk.stage.pool.fetchval("SELECT id FROM conversations")
    await desk.stage.pool.execute("UPDATE deadlines SET voided = opened, next_at = NULL")
    await joined(desk)
    number = await desk.queued()
    page = await agent.get(f"/desk/c/{number}")
    assert "我在微信问过" in page
    assert "138****1234" in page
    assert "我在微信问过" in await agent.get(f"/desk/c/{number}/earlier/{past}")


async def test_a_leader_takes_a_contact_away_with_a_reason_and_an_agent_cannot(desk: DeskStage) -> None:
    await joined(desk)
    number = await desk.queued()
    agent, leader = await desk.agent(), await desk.agent("lizhang", "李章", role=Role.LEADER)
    wechat = await desk.stage.pool.fetchval("SELECT id FROM contacts WHERE channel = 'wechat'")
    for person, reason, status in ((agent, "不是本人", 403), (leader, "", 409), (leader, "不是本人", 303)):
        await person.get(f"/desk/c/{number}")
        await person.post(f"/desk/c/{number}/unjoin", {"contact": str(wechat), "text": reason}, status=status)
    rows = await desk.stage.pool.fetch("SELECT channel, customer_id FROM contacts ORDER BY channel")
    assert [(row["channel"], row["customer_id"] is None) for row in rows] == [("web", False), ("wechat", True)]
    row = await desk.stage.pool.fetchrow("SELECT unjoined_by, unjoin_why FROM joins WHERE unjoined IS NOT NULL")
    assert row is not None
    assert (row["unjoined_by"], row["unjoin_why"]) == (leader.id, "不是本人")
