"""Leaders in chats of others: on record, beside the customer's sight, and taken back without loss."""

from collections.abc import AsyncIterator

import pytest

from bot.people.rights import Role
from channels.door import Address
from tests.bot.desk_stage import DeskStage, Person, open_desk


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def served(desk: DeskStage) -> tuple[Person, Person, int]:
    """An agent who serves somebody, and their leader."""
    wang, leader = await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    await desk.stage.pool.execute("UPDATE agents SET presence = 'online'")
    one = await desk.queued()
    await desk.give(one, wang.id)
    return wang, leader, one


async def trail(desk: DeskStage, deed: str) -> list[tuple[str, str]]:
    rows = await desk.stage.pool.fetch("SELECT what, detail FROM audit WHERE deed = $1 ORDER BY id", deed)
    return [(row["what"], row["detail"]) for row in rows]


async def test_watching_is_on_record_once_a_day_and_told_or_silent_as_it_is_set(desk: DeskStage) -> None:
    wang, leader, one = await served(desk)
    assert "旁听中，坐席知道" in await leader.get(f"/desk/c/{one}")
    await leader.get(f"/desk/c/{one}")
    await leader.get(f"/desk/c/{one}/live?after=0&ways=&tab=all")
    assert await trail(desk, "watch") == [(f"conversation:{one}", "told")]
    assert await desk.messages(one, "note") == ["陈静 正在旁听这个会话"]
    await desk.stage.pool.execute("UPDATE desk_settings SET value = 'silent' WHERE name = 'watching'")
    other = await desk.queued("v:2")
    await desk.give(other, wang.id)
    assert "坐席不知道" in await leader.get(f"/desk/c/{other}")
    assert (await trail(desk, "watch"))[1:] == [(f"conversation:{other}", "silent")]
    assert await desk.messages(other, "note") == []
    await wang.get(f"/desk/c/{one}")  # Who serves watches nobody.
    assert len(await trail(desk, "watch")) == 2


async def test_a_whisper_is_read_by_the_agent_and_leaders_and_by_nobody_else(desk: DeskStage) -> None:
    wang, leader, one = await served(desk)
    li = await desk.agent("lihua", "李华")
    await desk.stage.pool.execute("UPDATE agents SET presence = 'online'")
    await leader.get(f"/desk/c/{one}")
    await leader.post(f"/desk/c/{one}/whisper", {"text": "先道歉，再退费"})
    assert "班长给您留了悄悄话" in await wang.get("/desk")
    shown = await wang.get(f"/desk/c/{one}")
    assert "先道歉，再退费" in shown
    assert "悄悄话，仅坐席和班长可见" in shown
    await wang.get(f"/desk/c/{one}")
    await wang.post(f"/desk/c/{one}/invite", {"whom": f"agent:{li.id}", "text": "请看"})
    beside = await li.get(f"/desk/c/{one}")
    assert "请看" in beside
    assert "先道歉" not in beside
    assert "先道歉" not in await li.get(f"/desk/c/{one}/live?after=1&ways=&tab=mine")
    assert await desk.messages(one, "agent") == []
    sent = await desk.stage.pool.fetchval("SELECT count(*) FROM outbox")
    assert sent == 0
    await wang.get(f"/desk/c/{one}")
    await wang.post(f"/desk/c/{one}/whisper", {"text": "我不是班长"}, status=403)
    assert await trail(desk, "whisper") == [(f"conversation:{one}", f"to agent {wang.id}")]


async def test_who_joined_answers_beside_the_owner_and_leaves_again(desk: DeskStage) -> None:
    wang, leader, one = await served(desk)
    await leader.get(f"/desk/c/{one}")
    await leader.post(f"/desk/c/{one}/join")
    await leader.get(f"/desk/c/{one}")
    await leader.post(f"/desk/c/{one}/say", {"as": "reply", "text": "我是班长，我来处理"})
    assert await desk.messages(one, "agent") == ["我是班长，我来处理"]
    assert (await desk.row(one))["assignee"] == wang.id
    await leader.get(f"/desk/c/{one}")
    await leader.post(f"/desk/c/{one}/excuse", {"whom": str(leader.id)})
    await leader.get(f"/desk/c/{one}")
    await leader.post(f"/desk/c/{one}/say", {"as": "reply", "text": "还有"}, status=409)


async def test_what_is_taken_over_can_be_given_back_to_who_is_at_the_desk(desk: DeskStage) -> None:
    wang, leader, one = await served(desk)
    await leader.get(f"/desk/c/{one}")
    await leader.post(f"/desk/c/{one}/take")
    assert (await desk.row(one))["assignee"] == leader.id
    assert "被接管了" in await wang.get("/desk")
    assert 'data-mode="other"' in await wang.get(f"/desk/c/{one}")  # They have never answered, and still see it.
    await desk.stage.pool.execute("UPDATE agents SET presence = 'break' WHERE id = $1", wang.id)
    assert "还给 王芳" in await leader.get(f"/desk/c/{one}")
    await leader.post(f"/desk/c/{one}/return", status=409)
    await desk.stage.pool.execute("UPDATE agents SET presence = 'busy' WHERE id = $1", wang.id)
    await leader.get(f"/desk/c/{one}")
    await leader.post(f"/desk/c/{one}/return")
    assert (await desk.row(one))["assignee"] == wang.id
    assert [detail for _, detail in await trail(desk, "take_over")] == [f"agent {wang.id} -> {leader.id}"]
    assert [detail for _, detail in await trail(desk, "give_back")] == [f"agent {leader.id} -> {wang.id}"]
    await wang.get(f"/desk/c/{one}")
    await wang.post(f"/desk/c/{one}/return", status=409)  # It was never theirs to give back.


async def test_a_leader_looks_into_the_bot_s_chat_takes_it_and_hands_it_back(desk: DeskStage) -> None:
    leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    await desk.stage.say("话费", Address("web", "demo", "v:1"))
    one: int = await desk.stage.pool.fetchval("SELECT id FROM conversations")
    page = await leader.get(f"/desk/c/{one}")
    assert "机器人接待中，您在旁听" in page
    assert await desk.messages(one, "note") == []
    await leader.post(f"/desk/c/{one}/take")
    assert [detail for _, detail in await trail(desk, "take_over")] == [f"bot -> agent {leader.id}"]
    await leader.get(f"/desk/c/{one}")
    await leader.post(f"/desk/c/{one}/back")
    assert (await desk.row(one))["status"] == "bot"
