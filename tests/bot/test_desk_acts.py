"""The desk: an agent takes, answers, notes, hands back, requeues and closes; what comes too late changes nothing."""

from collections.abc import AsyncIterator

import pytest

from bot.people.rights import Role
from bot.reach.reaches import reach_at
from tests.bot.desk_stage import DeskStage, open_desk


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def test_an_agent_takes_a_waiting_conversation_and_answers(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued()
    assert f'href="/desk/c/{one}?tab=waiting"' in await agent.get("/desk?tab=waiting")
    assert "我的宽带坏了" in await agent.get(f"/desk/c/{one}")
    await agent.post(f"/desk/c/{one}/take")
    await agent.get(f"/desk/c/{one}")
    await agent.post(f"/desk/c/{one}/say", form={"as": "reply", "text": "您好，马上为您查"})
    assert await desk.messages(one, "agent") == ["您好，马上为您查"]
    row = await desk.row(one)
    assert (row["status"], row["assignee"], row["waiting_since"]) == ("assigned", agent.id, None)


async def test_a_note_is_kept_and_never_sent(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued()
    await agent.get(f"/desk/c/{one}")
    await agent.post(f"/desk/c/{one}/say", form={"as": "note", "text": "客户情绪激动"})
    assert await desk.messages(one, "note") == ["客户情绪激动"]
    assert await desk.messages(one, "agent") == []
    assert "客户情绪激动" in await agent.get(f"/desk/c/{one}")


async def test_the_same_form_sent_twice_says_it_once(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued()
    await desk.give(one, agent.id)
    await agent.get(f"/desk/c/{one}")
    form = dict(agent.fields)
    for _ in range(2):
        agent.fields = dict(form)
        await agent.post(f"/desk/c/{one}/say", form={"as": "reply", "text": "您好"})
    assert await desk.messages(one, "agent") == ["您好"]


async def test_a_reply_to_a_conversation_that_moved_on_is_refused_and_what_was_typed_stays(desk: DeskStage) -> None:
    agent, leader = await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    one = await desk.queued()
    await desk.give(one, agent.id)
    await agent.get(f"/desk/c/{one}")
    await agent.post(f"/desk/c/{one}/say", form={"as": "reply", "text": "第一句"})
    await agent.get(f"/desk/c/{one}")
    await leader.get(f"/desk/c/{one}")
    await leader.post(f"/desk/c/{one}/take")
    typed = '写了很久的<b>"答复"'
    page = await agent.post(f"/desk/c/{one}/say", status=409, form={"as": "reply", "text": typed})
    assert "写了很久的&lt;b&gt;&#34;答复&#34;</textarea>" in page
    assert "这个会话刚刚有了变化" in page
    assert "陈静" in page
    assert await desk.messages(one, "agent") == ["第一句"]


async def test_who_never_served_a_conversation_loses_sight_of_it_when_it_is_taken(desk: DeskStage) -> None:
    agent, leader = await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    one = await desk.queued()
    await agent.get(f"/desk/c/{one}")
    await leader.get(f"/desk/c/{one}")
    await leader.post(f"/desk/c/{one}/take")
    await agent.post(f"/desk/c/{one}/take", status=404)
    assert (await desk.row(one))["assignee"] == leader.id


async def test_a_refused_act_of_a_live_page_changes_the_page_and_not_the_composer(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued()
    await desk.give(one, agent.id)
    await agent.get(f"/desk/c/{one}")
    stale = {**agent.fields, "version": "1", "as": "reply", "text": "太晚了"}
    async with agent.session.post(
        f"{agent.base}/desk/c/{one}/say", data=stale, headers={"HX-Request": "true"}
    ) as response:
        page = await response.text()
        assert response.status == 409
        assert "desk:refused" in response.headers["HX-Trigger"]
    assert 'hx-target="#head"' in page
    assert "textarea" not in page


async def test_closing_needs_a_wrap_up_code(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued()
    await desk.give(one, agent.id)
    await agent.get(f"/desk/c/{one}")
    for code in ("", "billing", "no-such-code"):
        await agent.post(f"/desk/c/{one}/close", status=409, form={"wrapup": code})
    await agent.get(f"/desk/c/{one}")
    await agent.post(f"/desk/c/{one}/close", form={"wrapup": "billing.balance"})
    row = await desk.row(one)
    assert (row["status"], row["wrapup"]) == ("closed", "billing.balance")
    assert "余额与账单查询" in await agent.get("/desk?tab=closed")
    assert "这个会话已经结束" in await agent.get(f"/desk/c/{one}")


async def test_a_conversation_goes_back_to_the_bot_or_to_a_queue(desk: DeskStage) -> None:
    agent = await desk.agent()
    one, other = await desk.queued("v:1"), await desk.queued("v:2")
    await desk.give(one, agent.id)
    await desk.give(other, agent.id)
    await agent.get(f"/desk/c/{one}")
    await agent.post(f"/desk/c/{one}/back")
    await agent.get(f"/desk/c/{other}")
    await agent.post(f"/desk/c/{other}/transfer", status=409, form={"whom": "queue:nowhere"})
    await agent.post(f"/desk/c/{other}/transfer", form={"whom": "queue:service"})
    assert (await desk.row(one))["status"] == "bot"
    assert ((await desk.row(other))["status"], (await desk.row(other))["assignee"]) == ("queued", None)


async def test_an_empty_or_endless_text_is_refused(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued()
    await desk.give(one, agent.id)
    await agent.get(f"/desk/c/{one}")
    for text in ("", " \n ", "长" * 2001):
        await agent.post(f"/desk/c/{one}/say", status=409, form={"as": "reply", "text": text})
    await agent.post(f"/desk/c/{one}/say", status=303, form={"as": "reply", "text": "a\x00b\r\nc"})
    assert await desk.messages(one, "agent") == ["ab\nc"]


async def test_a_customer_learns_that_the_assignee_has_opened_the_chat_and_of_nobody_else(desk: DeskStage) -> None:
    agent, other = await desk.agent(), await desk.agent("lihua", "李华", role=Role.LEADER)
    conversation = await desk.queued()
    contact = await desk.contact(conversation)
    await desk.give(conversation, agent.id)
    await other.get(f"/desk/c/{conversation}")
    assert (await reach_at(desk.stage.pool, contact)).heard == 0
    await agent.get(f"/desk/c/{conversation}")
    assert (await reach_at(desk.stage.pool, contact)).heard > 0
