"""Inviting a colleague at the desk: they see the thread and write notes, and answer where they may."""

from collections.abc import AsyncIterator

import pytest

from tests.bot.desk_stage import DeskStage, Person, open_desk


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def _invite(desk: DeskStage, form: dict[str, str]) -> tuple[Person, Person, int]:
    wang, li = await desk.agent(), await desk.agent("lihua", "李华")
    await desk.stage.pool.execute("UPDATE agents SET presence = 'online'")
    one = await desk.queued()
    await desk.give(one, wang.id)
    await li.get(f"/desk/c/{one}", status=404)
    await wang.get(f"/desk/c/{one}")
    await wang.post(f"/desk/c/{one}/invite", {"whom": f"agent:{li.id}", "text": "资费怎么解释", **form})
    return wang, li, one


async def test_who_was_invited_finds_the_chat_among_their_own_and_writes_notes_only(desk: DeskStage) -> None:
    wang, li, one = await _invite(desk, {})
    page = await li.get("/desk")
    assert f'href="/desk/c/{one}?tab=mine"' in page
    assert "协助 王芳" in page
    assert "同事请您协助一个会话" in page
    assert "资费怎么解释" in await li.get(f"/desk/c/{one}")
    await li.post(f"/desk/c/{one}/say", {"as": "note", "text": "按新规则解释"})
    await li.get(f"/desk/c/{one}")
    await li.post(f"/desk/c/{one}/say", {"as": "reply", "text": "您好"}, status=409)
    assert await desk.messages(one, "agent") == []
    assert "按新规则解释" in await desk.messages(one, "note")
    assert (await desk.row(one))["assignee"] == wang.id


async def test_who_may_answers_the_customer_and_the_owner_stays(desk: DeskStage) -> None:
    wang, li, one = await _invite(desk, {"answers": "yes"})
    await li.get(f"/desk/c/{one}")
    await li.post(f"/desk/c/{one}/say", {"as": "reply", "text": "我来解释"})
    assert await desk.messages(one, "agent") == ["我来解释"]
    row = await desk.row(one)
    assert (row["assignee"], row["waiting_since"]) == (wang.id, None)
    await li.get(f"/desk/c/{one}")
    await li.post(f"/desk/c/{one}/close", {"wrapup": "billing.balance"}, status=409)


async def test_the_owner_lets_them_go_and_they_answer_no_more(desk: DeskStage) -> None:
    wang, li, one = await _invite(desk, {"answers": "yes"})
    await wang.get(f"/desk/c/{one}")
    await wang.post(f"/desk/c/{one}/excuse", {"whom": str(li.id)})
    await li.get(f"/desk/c/{one}", status=404)
    await li.post(f"/desk/c/{one}/say", {"as": "reply", "text": "您好"}, status=404)
    assert f"/desk/c/{one}?" not in await li.get("/desk")


async def test_the_end_of_the_chat_ends_the_help(desk: DeskStage) -> None:
    wang, li, one = await _invite(desk, {"answers": "yes"})
    await wang.get(f"/desk/c/{one}")
    await wang.post(f"/desk/c/{one}/close", {"wrapup": "billing.balance"})
    await li.get(f"/desk/c/{one}", status=404)
