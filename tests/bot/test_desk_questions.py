"""Questions and the bell: what waits is listed with its limit, answered once, and alerts are seen once."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.people.rights import Role
from channels.door import Address
from tests.bot.desk_stage import DeskStage, Person, open_desk


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def question(desk: DeskStage, text: str, kind: str = "follow_up") -> int:
    """A question of a customer that nobody has answered."""
    await desk.stage.say("您好", Address("web", "demo", "v:9"))
    number: int = await desk.stage.pool.fetchval(
        "INSERT INTO questions (contact_id, kind, text, asked)"
        " SELECT id, $1, $2, clock_timestamp() FROM contacts WHERE address = 'v:9' RETURNING id",
        kind,
        text,
    )
    return number


async def test_a_question_is_answered_on_the_customer_s_channel(desk: DeskStage) -> None:
    agent = await desk.agent()
    number = await question(desk, "冰岛漫游多少钱？")
    assert "冰岛漫游多少钱？" in await agent.get("/desk/questions")
    await agent.post(f"/desk/questions/{number}/answer", {"text": "每天 30 元"})
    said = await desk.stage.pool.fetchval("SELECT text FROM messages ORDER BY seq DESC LIMIT 1")
    assert "冰岛漫游多少钱？" in said
    assert "每天 30 元" in said
    page = await agent.get("/desk/questions")
    assert "每天 30 元" in page
    assert f"/desk/questions/{number}/answer" not in page


async def test_two_agents_who_answer_one_question_send_one_answer(desk: DeskStage) -> None:
    wang, li = await desk.agent(), await desk.agent("lilei", "李雷")
    number = await question(desk, "冰岛漫游多少钱？")
    for person in (wang, li):
        await person.get("/desk/questions")
    await wang.post(f"/desk/questions/{number}/answer", {"text": "每天 30 元"})
    page = await li.post(f"/desk/questions/{number}/answer", {"text": "每天 40 元"}, status=409)
    assert "已经有同事答复过这个问题了" in page
    sent = await desk.stage.pool.fetchval("SELECT count(*) FROM messages WHERE sender = 'agent'")
    assert sent == 1


async def test_a_question_answered_by_telephone_is_closed_and_the_customer_is_sent_nothing(desk: DeskStage) -> None:
    agent = await desk.agent()
    number = await question(desk, "冰岛漫游多少钱？")
    page = await agent.get("/desk/questions")
    assert "已电话答复" in page
    said = await desk.stage.pool.fetchval("SELECT count(*) FROM messages WHERE sender <> 'note'")
    await agent.post(f"/desk/questions/{number}/answer", {"text": "每天 30 元", "by": "telephone"})
    by = await desk.stage.pool.fetchval("SELECT answered_by FROM questions WHERE id = $1", number)
    assert by == agent.id
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM messages WHERE sender <> 'note'") == said
    note = await desk.stage.pool.fetchval("SELECT text FROM messages WHERE sender = 'note'")
    assert "已回电" in note
    assert "每天 30 元" in note


async def test_what_the_bot_did_not_know_is_a_list_of_its_own(desk: DeskStage) -> None:
    agent = await desk.agent()
    await question(desk, "你们家猫叫什么", "gap")
    await question(desk, "夜里的留言", "overnight")
    waiting, gaps = await agent.get("/desk/questions"), await agent.get("/desk/questions?list=gaps")
    assert ("夜里的留言" in waiting, "你们家猫叫什么" in waiting) == (True, False)
    assert ("夜里的留言" in gaps, "你们家猫叫什么" in gaps) == (False, True)
    assert await agent.get("/desk/questions/count") == "1"


async def test_an_empty_answer_is_refused_and_a_missing_question_is_not_found(desk: DeskStage) -> None:
    agent = await desk.agent()
    number = await question(desk, "冰岛漫游多少钱？")
    await agent.get("/desk/questions")
    await agent.post(f"/desk/questions/{number}/answer", {"text": "  "}, status=409)
    await agent.post("/desk/questions/999/answer", {"text": "x"}, status=404)


async def test_alerts_are_shown_until_they_are_seen_each_to_their_own(desk: DeskStage) -> None:
    wang, leader = await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    one = await desk.queued()
    await desk.give(one, wang.id)
    await desk.stage.pool.execute(
        "INSERT INTO alerts (audience, kind, conversation_id, raised)"
        " VALUES ('leader', 'breached.enquiry.first_response', $1, now()), ('leader', 'something.new', $1, now())",
        one,
    )
    mine, leaders = await wang.get("/desk/alerts"), await leader.get("/desk/alerts")
    assert ("新会话分给您了" in mine, "首次答复超时" in mine) == (True, False)
    assert ("新会话分给您了" in leaders, "首次答复超时" in leaders, "有一件事请您留意" in leaders) == (
        False,
        True,
        True,
    )
    await leader.post("/desk/alerts/seen", {"upto": "999999"})
    assert "没有新提醒" in await leader.get("/desk/alerts")
    assert "新会话分给您了" in await wang.get("/desk/alerts")
    await wang.get(f"/desk/c/{one}")
    assert "没有新提醒" in await wang.get("/desk/alerts")


async def test_the_thread_of_a_contact_is_read_back_page_by_page(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued()
    await desk.give(one, agent.id)
    for number in range(60):
        await desk.stage.say(f"第{number}条", Address("web", "demo", "v:1"))
    page = await agent.get(f"/desk/c/{one}")
    assert "第59条" in page
    assert "我的宽带坏了" not in page
    before = page.split("/older?before=")[1].split('"')[0]
    older = await agent.get(f"/desk/c/{one}/older?before={before}")
    assert "我的宽带坏了" in older
    assert "/older?before=" not in older


async def test_a_pushed_message_shows_how_far_it_has_got(desk: DeskStage) -> None:
    agent = await desk.agent()
    who = Address("wechat", "demo", "o1")
    await desk.stage.say("话费多扣了", who)
    await desk.stage.say("人工", who)
    one: int = await desk.stage.pool.fetchval("SELECT id FROM conversations")
    await desk.stage.pool.execute("UPDATE contacts SET budget_left = 5, budget_expires = now() + interval '1 day'")
    await desk.give(one, agent.id)
    await agent.get(f"/desk/c/{one}")
    await agent.post(f"/desk/c/{one}/say", {"as": "reply", "text": "您好"})
    page = await agent.get(f"/desk/c/{one}")
    assert "way-queued" in page
    assert "可主动发送" in page
    seq = await desk.stage.pool.fetchval("SELECT max(seq) FROM messages")
    await desk.stage.pool.execute("UPDATE outbox SET state = 'failed' WHERE to_seq = $1", seq)
    assert "未送达" in await agent.get(f"/desk/c/{one}/live?after={seq}&ways={seq}")
    await desk.stage.pool.execute("UPDATE outbox SET state = 'sent' WHERE to_seq = $1", seq)
    assert "已发送" in await agent.get(f"/desk/c/{one}/live?after={seq}&ways={seq}")


async def test_a_closed_conversation_shows_its_score(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued()
    await desk.give(one, agent.id)
    contact = await desk.contact(one)
    await desk.stage.reply(contact, agent.id)
    await desk.stage.close(contact, agent.id)
    await desk.stage.pool.execute("UPDATE surveys SET stars = 4, score = 75, scored = now(), comment = '<i>还行'")
    page = await agent.get(f"/desk/c/{one}")
    assert "4 星" in page
    assert "&lt;i&gt;还行" in page


async def test_a_complex_enquiry_waits_for_a_plan_of_whoever_marked_it(desk: DeskStage) -> None:
    wang = await desk.agent()
    one = await desk.queued(words="集团专线要搬到新园区，怎么收费？")
    await desk.give(one, wang.id)
    await wang.get(f"/desk/c/{one}")
    await wang.post(f"/desk/c/{one}/complex")
    await wang.get(f"/desk/c/{one}")
    await wang.post(f"/desk/c/{one}/complex")  # It waits for one plan only.
    row = await desk.stage.pool.fetchrow(
        "SELECT q.id, q.owner, q.kind, d.due - d.opened AS limit FROM questions q"
        " JOIN deadlines d ON d.subject = 'question' AND d.subject_id = q.id AND d.clause = 'enquiry.plan'"
    )
    assert row is not None
    assert (row["owner"], row["kind"], row["limit"]) == (wang.id, "plan", timedelta(hours=2))
    await desk.stage.shift(91)
    await desk.stage.clock.claim()
    warned = await desk.stage.pool.fetchrow("SELECT audience, agent_id FROM alerts WHERE kind = 'warned.enquiry.plan'")
    assert warned is not None
    assert tuple(warned.values()) == ("agent", wang.id)
    page = await wang.get("/desk/questions?list=mine")
    assert ("集团专线" in page, "发送初步方案" in page) == (True, True)
    await wang.post(f"/desk/questions/{row['id']}/answer", {"text": "先勘察，再报价，三天内答复"})
    assert "初步方案：先勘察" in (await desk.messages(one, "agent"))[-1]
    met = await desk.stage.pool.fetchval("SELECT met IS NOT NULL FROM deadlines WHERE clause = 'enquiry.plan'")
    assert met


async def test_a_question_is_taken_handed_over_answered_by_its_owner_and_offered_to_the_knowledge(
    desk: DeskStage,
) -> None:
    wang, li = await desk.agent(), await desk.agent("lilei", "李雷")
    number = await question(desk, "冰岛漫游多少钱？")
    form = re.compile(r'name="act" value="([0-9a-f]{32})"')

    async def own(person: Person, to: int, before: str, *, status: int = 303) -> None:
        found = form.search(await person.get("/desk/questions"))
        act = found[1] if found else "0" * 32
        await person.post(f"/desk/questions/{number}/own", {"act": act, "to": str(to), "before": before}, status=status)

    await own(wang, wang.id, "")
    await own(li, li.id, "", status=409)  # Somebody was here before.
    await own(li, li.id, str(wang.id), status=409)  # It is not theirs to hand over.
    await li.post(f"/desk/questions/{number}/answer", {"text": "每天 30 元"}, status=409)
    await own(wang, li.id, str(wang.id))
    assert "同事转交给您一个待答问题" in await li.get("/desk/alerts")
    await own(li, wang.id, str(li.id))
    await own(wang, li.id, str(wang.id))  # Back once more: the same words are another act.
    assert await desk.stage.pool.fetchval("SELECT owner FROM questions WHERE id = $1", number) == li.id
    await li.post(f"/desk/questions/{number}/answer", {"text": "每天 30 元"})
    assert "推荐入知识库" in await li.get("/desk/questions")
    await wang.post(f"/desk/questions/{number}/propose")
    await li.post(f"/desk/questions/{number}/propose", status=409)
    assert "已推荐入知识库" in await li.get("/desk/questions")
