"""Checks before sending: what an answer had better not say is shown, corrected, or sent with a reason on record."""

from collections.abc import AsyncIterator

import pytest

from tests.bot.desk_stage import DeskStage, Person, open_desk


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def say(who: Person, one: int, text: str, *, status: int = 303, kind: str = "reply", **form: str) -> str:
    await who.get(f"/desk/c/{one}")
    return await who.post(f"/desk/c/{one}/say", {"as": kind, "text": text, **form}, status=status)


async def test_an_answer_is_looked_at_in_the_send_and_goes_with_a_reason_that_stays_on_record(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued()
    await desk.give(one, agent.id)
    text = "我保证<b>明天</b>恢复，有事打 13800138000"
    page = await say(agent, one, text, status=409)
    assert '<mark class="checked-warn" title="承诺用语：只承诺做得到的">保证</mark>' in page
    assert "我保证&lt;b&gt;明天&lt;/b&gt;恢复，有事打 13800138000</textarea>" in page
    await say(agent, one, text, status=409, reason="客户经理的工作号码")
    seen = "promise:保证\npersonal.phone:138****8000"
    await say(agent, one, f"{text}，点 http://evil.com", status=409, reason="客户经理的工作号码", seen=seen)
    assert await desk.messages(one, "agent") == []
    await say(agent, one, text, reason=" 客户经理的\n工作号码 ", seen=seen)
    assert await desk.messages(one, "agent") == [text]
    row = await desk.stage.pool.fetchrow(
        "SELECT s.*, m.text FROM sent_anyway s JOIN messages m USING (contact_id, seq)"
    )
    assert row is not None
    assert (row["text"], row["conversation_id"], row["agent_id"]) == (text, one, agent.id)
    assert (row["found"], row["reason"]) == (seen.split("\n"), "客户经理的 工作号码")


async def test_what_is_blocked_no_reason_sends_and_a_note_is_nobody_s_business(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued()
    await desk.give(one, agent.id)
    page = await say(agent, one, "不归我管", status=409, reason="因为", seen="rude:不归我管")
    assert "这样的话不能发给客户" in page
    assert 'name="reason"' not in page
    await say(agent, one, "客户骂我们不归我管，手机 13800138000", kind="note")
    assert await desk.messages(one, "agent") == []
    assert len(await desk.messages(one, "note")) == 1


async def test_the_same_answer_once_more_is_pointed_out_but_a_form_that_comes_again_is_not(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued()
    await desk.give(one, agent.id)
    await agent.get(f"/desk/c/{one}")
    form = {**agent.fields, "as": "reply", "text": "正在为您查"}
    for _ in range(2):
        agent.fields = dict(form)
        await agent.post(f"/desk/c/{one}/say")
    page = await say(agent, one, "正在为您查。", status=409)
    assert "和刚发出的一条相同" in page
    await say(agent, one, "正在为您查。", reason="客户没看到", seen="repeat:")
    assert await desk.messages(one, "agent") == ["正在为您查", "正在为您查。"]


async def test_a_live_page_is_shown_what_was_found_and_the_next_send_takes_it_away(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued()
    await desk.give(one, agent.id)
    await agent.get(f"/desk/c/{one}")
    live = {"HX-Request": "true"}
    held = await agent.post(f"/desk/c/{one}/say", {"as": "reply", "text": "绝对没问题"}, status=409, headers=live)
    assert '<hx-partial hx-target="#checked"' in held
    assert "textarea" not in held
    sent = await agent.post(f"/desk/c/{one}/say", {"as": "reply", "text": "没问题"}, status=200, headers=live)
    assert '<div id="checked" class="checked" hidden>' in sent


async def test_an_answer_to_an_open_question_is_looked_at_as_well(desk: DeskStage) -> None:
    agent = await desk.agent()
    contact = await desk.contact(await desk.queued())
    one = await desk.stage.pool.fetchval(
        "INSERT INTO questions (contact_id, kind, text, asked) VALUES ($1, 'follow_up', '?', now()) RETURNING id",
        contact,
    )
    await agent.get("/desk/questions")
    path = f"/desk/questions/{one}/answer"
    page = await agent.post(path, {"text": "保证修好"}, status=409)
    assert f'name="reason" form="answer-{one}"' in page
    assert "保证修好</textarea>" in page
    await agent.post(path, {"text": "不归我管", "reason": "x", "seen": "rude:不归我管"}, status=409)
    await agent.post(path, {"text": "保证修好", "reason": "已约师傅", "seen": "promise:保证"})
    row = await desk.stage.pool.fetchrow(
        "SELECT s.reason, m.text FROM sent_anyway s JOIN messages m USING (contact_id, seq)"
    )
    assert row is not None
    assert row["reason"] == "已约师傅"
    assert "保证修好" in row["text"]
