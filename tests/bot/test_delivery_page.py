"""The page of what has not arrived: why, who may decide, and that a decision that comes too late changes nothing."""

import re
from collections.abc import AsyncIterator

import pytest

from bot.outbox.letters import retry
from bot.outbox.outcome import undelivered
from bot.outbox.sender import Sender
from bot.people.rights import Role
from bot.turns.turn import Delivery
from tests.bot.desk_stage import DeskStage, Person, open_desk
from tests.bot.platform import Platform
from tests.bot.stage import FOLLOWER
from tests.bot.test_outbox import send


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def letter(desk: DeskStage, agent: Person, *, state: str = "in_doubt", error: str = "timeout") -> int:
    """An agent's answer that has not arrived; the id of its row."""
    await desk.stage.say("人工", FOLLOWER)
    one: int = await desk.stage.pool.fetchval("SELECT max(id) FROM conversations")
    await desk.give(one, agent.id)
    await desk.stage.reply(await desk.contact(one), agent.id, "您的退款已到账")
    number: int = await desk.stage.pool.fetchval("SELECT max(id) FROM outbox WHERE kind = 'agent'")
    await desk.stage.pool.execute("DELETE FROM outbox WHERE id <> $1", number)
    await desk.stage.pool.execute(
        "UPDATE outbox SET state = $2, error = $3, attempts = 2 WHERE id = $1", number, state, error
    )
    await desk.stage.pool.execute("DELETE FROM alerts")
    return number


async def decide(person: Person, number: int, act: str, *, status: int = 303, attempts: int = 2) -> str:
    """Decide about a row as the page showed it."""
    state = "failed" if status == 409 and attempts == 1 else "in_doubt"
    return await person.post(
        f"/desk/delivery/{number}/{act}", {"state": state, "attempts": str(attempts)}, status=status
    )


async def state_of(desk: DeskStage, number: int) -> str:
    found: str = await desk.stage.pool.fetchval("SELECT state FROM outbox WHERE id = $1", number)
    return found


async def test_the_page_says_in_plain_words_why_a_message_has_not_arrived(desk: DeskStage) -> None:
    agent, leader = await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    number = await letter(desk, agent)
    for person in (agent, leader):
        page = await person.get("/desk/delivery")
        assert "您的退款已到账" in page
        assert "不知道客户有没有收到" in page
        assert re.findall(rf"/desk/delivery/{number}/(\w+)", page) == ["arrived", "lost", "retry", "drop"]
    other = await desk.agent("lilei", "李雷")
    assert "您的退款已到账" not in await other.get("/desk/delivery")
    await decide(other, number, "drop", status=404)
    assert 'id="delivery-dot">1<' in await leader.get("/desk")
    assert "delivery-dot" not in await agent.get("/desk")
    assert await leader.get("/desk/delivery/count") == "1"


async def test_the_list_is_narrowed_by_account_and_state(desk: DeskStage) -> None:
    agent, leader = await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    await letter(desk, agent, state="failed", error="45015")
    for query, there in (
        ("of=wechat/demo", True),
        ("of=wechat", True),
        ("of=wechat/other", False),
        ("standing=parked", True),
        ("standing=failed", False),
        ("contact=999", False),
        ("standing=nonsense&contact=x", True),
    ):
        assert ("您的退款已到账" in await leader.get(f"/desk/delivery/list?{query}")) == there, query


@pytest.mark.parametrize(
    ("act", "state"), [("arrived", "sent"), ("lost", "failed"), ("retry", "queued"), ("drop", "dropped")]
)
async def test_a_person_decides_about_a_message_in_doubt_and_it_is_on_record(
    desk: DeskStage, act: str, state: str
) -> None:
    agent = await desk.agent()
    number = await letter(desk, agent)
    await agent.get("/desk/delivery")
    await decide(agent, number, act)
    assert await state_of(desk, number) == state
    row = await desk.stage.pool.fetchrow("SELECT act, state, attempts, agent_id FROM outbox_acts")
    assert row is not None
    assert tuple(row.values()) == (act, "in_doubt", 2, agent.id)
    assert "王芳" in (await agent.get("/desk/delivery")).split("最近的处理")[1]


async def test_what_did_not_arrive_leaves_the_customer_waiting_and_the_agent_is_told(desk: DeskStage) -> None:
    agent = await desk.agent()
    number = await letter(desk, agent)
    assert await desk.stage.pool.fetchval("SELECT waiting_since FROM conversations") is None
    await decide(agent, number, "lost")
    assert await desk.stage.pool.fetchval("SELECT waiting_since FROM conversations") is not None
    assert await desk.stage.pool.fetchval("SELECT kind FROM alerts") == "undelivered"


async def test_an_answer_that_arrived_after_all_leaves_nobody_waiting(desk: DeskStage) -> None:
    agent = await desk.agent()
    number = await letter(desk, agent)
    await desk.stage.pool.execute("UPDATE outbox SET state = 'sending'")
    lost = Delivery(number, 2, "in_doubt", error="timeout")
    contact = await desk.stage.pool.fetchval("SELECT contact_id FROM outbox")
    await desk.stage.writer.delivered(contact, lost, undelivered("agent", lost))
    assert await desk.stage.pool.fetchval("SELECT waiting_since FROM conversations") is not None
    await decide(agent, number, "arrived")
    assert await desk.stage.pool.fetchval("SELECT waiting_since FROM conversations") is None


async def test_an_answer_that_is_sent_again_and_arrives_leaves_nobody_waiting(desk: DeskStage) -> None:
    agent = await desk.agent()
    number = await letter(desk, agent)
    await decide(agent, number, "lost")
    await agent.post(f"/desk/delivery/{number}/retry", {"state": "failed", "attempts": "2"})
    assert await desk.stage.pool.fetchval("SELECT waiting_since FROM conversations") is not None
    doors = {"wechat": Platform()}
    assert await send(Sender(pool=desk.stage.pool, writer=desk.stage.writer, doors=doors)) == 1
    assert await state_of(desk, number) == "sent"
    assert await desk.stage.pool.fetchval("SELECT waiting_since FROM conversations") is None


async def test_a_decision_about_what_has_changed_meanwhile_is_refused(desk: DeskStage) -> None:
    agent, leader = await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    number = await letter(desk, agent)
    await decide(agent, number, "arrived")
    for act in ("arrived", "lost", "retry", "drop"):
        assert "刚刚有了变化" in await decide(leader, number, act, status=409)
    assert await state_of(desk, number) == "sent"
    await desk.stage.pool.execute("UPDATE outbox SET state = 'failed', attempts = 3")
    assert "刚刚有了变化" in await decide(leader, number, "retry", status=409, attempts=1)
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM outbox_acts") == 1


async def test_an_answer_that_waited_for_the_customer_goes_itself_once_they_have_written(desk: DeskStage) -> None:
    agent = await desk.agent()
    number = await letter(desk, agent, state="failed", error="budget")
    await desk.stage.pool.execute("UPDATE outbox SET notice = true")
    await desk.stage.pool.execute("UPDATE contacts SET budget_left = 1")
    assert "等客户来信" in await agent.get("/desk/delivery")
    assert await retry(desk.stage.pool, number)
    assert await desk.stage.pool.fetchval("SELECT notice FROM outbox")
    await desk.stage.pool.execute("UPDATE outbox SET state = 'failed', attempts = 3")
    await desk.stage.say("还在吗", FOLLOWER)
    left = await desk.stage.pool.fetchval("SELECT budget_left FROM contacts")
    one = await desk.stage.pool.fetchval("SELECT max(id) FROM conversations")
    assert "有 1 条答复没有送达，现在可以重发" in await agent.get(f"/desk/c/{one}")
    assert await retry(desk.stage.pool, number)
    assert not await desk.stage.pool.fetchval("SELECT notice FROM outbox WHERE id = $1", number)
    assert await desk.stage.pool.fetchval("SELECT budget_left FROM contacts") == left - 1


async def test_a_message_in_the_thread_leads_to_its_decision(desk: DeskStage) -> None:
    agent = await desk.agent()
    await letter(desk, agent)
    one = await desk.stage.pool.fetchval("SELECT max(id) FROM conversations")
    (link,) = re.findall(r'way-in_doubt"[^>]*href="(/desk/delivery\?contact=\d+)"', await agent.get(f"/desk/c/{one}"))
    assert "您的退款已到账" in await agent.get(link)
