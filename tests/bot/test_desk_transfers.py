"""Transfers at the desk: a colleague is asked, accepts or does not, and reads what the first one noted."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from router.events import Offered
from router.routing import parse
from tests.bot.desk_stage import DeskStage, Person, open_desk

NOTE = "光猫已重启过，<b>要上门</b>"
OVERFLOWING = """
default = "service"
[queue.service]
zh = "市客服"
en = "City"
overflow = "broadband"
overflow_after = "10m"
[queue.broadband]
zh = "宽带"
en = "Broadband"
"""


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def _pass_on(desk: DeskStage) -> tuple[Person, Person, int]:
    """An agent passes a conversation on to a colleague who is online."""
    wang, li = await desk.agent(), await desk.agent("lihua", "李华")
    await desk.stage.pool.execute("UPDATE agents SET presence = 'online'")
    one = await desk.queued()
    await desk.give(one, wang.id)
    await wang.get(f"/desk/c/{one}")
    await wang.post(f"/desk/c/{one}/transfer", {"whom": f"agent:{li.id}", "text": NOTE})
    return wang, li, one


async def test_a_colleague_accepts_and_reads_the_note_at_the_top_of_the_thread(desk: DeskStage) -> None:
    wang, li, one = await _pass_on(desk)
    assert "等 李华 接受" in await wang.get(f"/desk/c/{one}")
    page = await li.get("/desk/questions")
    assert f'action="/desk/c/{one}/accept"' in page
    assert "要上门&lt;/b&gt;" in page
    await li.post(f"/desk/c/{one}/accept")
    page = await li.get(f"/desk/c/{one}")
    assert page.index("转接留言") < page.index('id="thread"')
    assert (await desk.row(one))["assignee"] == li.id
    assert any("李华 已接手" in text for text in await desk.messages(one, "system"))
    assert await desk.messages(one, "note") == ["王芳 请 李华 接手这个会话", NOTE]
    assert "转接留言" not in await wang.get(f"/desk/c/{one}")


async def test_a_colleague_who_declines_leaves_it_with_its_owner(desk: DeskStage) -> None:
    wang, li, one = await _pass_on(desk)
    await li.get("/desk")
    await li.post(f"/desk/c/{one}/decline")
    assert (await desk.row(one))["assignee"] == wang.id
    await li.get(f"/desk/c/{one}", status=404)
    assert "同事没有接手" in await wang.get("/desk/alerts")


async def test_an_offer_that_came_to_an_end_is_refused_in_words(desk: DeskStage) -> None:
    _, li, one = await _pass_on(desk)
    await li.get("/desk")
    await li.post(f"/desk/c/{one}/accept")
    await li.get(f"/desk/c/{one}")
    assert "应答时间已过" in await li.post(f"/desk/c/{one}/accept", {"act": "1" * 32}, status=409)


async def test_only_somebody_who_is_there_can_be_asked(desk: DeskStage) -> None:
    wang, li = await desk.agent(), await desk.agent("lihua", "李华")
    one = await desk.queued()
    await desk.give(one, wang.id)
    for presence, listed in (("offline", False), ("break", True)):
        await desk.stage.pool.execute("UPDATE agents SET presence = $2 WHERE id = $1", li.id, presence)
        choices = await wang.get(f"/desk/c/{one}/transfer")
        assert (f'value="agent:{li.id}" required disabled' in choices) is listed
        await wang.get(f"/desk/c/{one}")
        for whom in (f"agent:{li.id}", "agent:x", "agent:", "queue:", "nonsense", ""):
            await wang.post(f"/desk/c/{one}/transfer", {"whom": whom}, status=409)
    assert (await desk.row(one))["offer_to"] is None


async def test_the_next_level_is_the_queue_that_the_present_one_overflows_into(desk: DeskStage) -> None:
    desk.stage.see(replace(desk.stage.world, routing=parse(OVERFLOWING)))
    wang = await desk.agent()
    one, other = await desk.queued(), await desk.queued("v:2")
    await desk.give(one, wang.id)
    await desk.stage.pool.execute("UPDATE conversations SET queue = 'broadband' WHERE id = $1", other)
    choices = await wang.get(f"/desk/c/{one}/transfer")
    level = choices[choices.index("上一级") : choices.index("同事")]
    assert 'value="queue:broadband"' in level
    assert "1 人在排队" in level
    await wang.get(f"/desk/c/{one}")
    await wang.post(f"/desk/c/{one}/transfer", {"whom": "queue:broadband", "text": "要上门"})
    row = await desk.row(one)
    assert (row["status"], row["queue"]) == ("queued", "broadband")
    assert "要上门" in await desk.messages(one, "note")


async def test_what_is_offered_to_one_is_not_taken_by_another(desk: DeskStage) -> None:
    wang, li = await desk.agent(), await desk.agent("lihua", "李华")
    one = await desk.queued()
    contact = await desk.contact(one)
    await desk.stage.act(contact, Offered(li.id, None, await desk.stage.version(contact)))
    assert "等待应答" in await wang.get("/desk?tab=waiting")
    await wang.get(f"/desk/c/{one}")
    await wang.post(f"/desk/c/{one}/take", status=409)
    assert f'action="/desk/c/{one}/accept"' in await li.get("/desk")
    assert "data-offer" not in await wang.get("/desk/offers")
