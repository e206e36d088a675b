"""Drafts at the desk: kept for each agent, conversation and kind until they are sent, and never brought back."""

from collections.abc import AsyncIterator

import pytest

from bot.people.rights import Role
from tests.bot.desk_stage import DeskStage, Person, open_desk

PAGE, OTHER = "0123456789abcdef", "fedcba9876543210"


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def typed(
    who: Person, one: int, text: str, *, kind: str = "reply", page: str = PAGE, number: int, sends: int = 0,
    status: int = 200,
) -> str:  # fmt: skip
    """Save a draft as an open page does."""
    form = {"as": kind, "text": text, "page": page, "number": str(number), "sends": str(sends)}
    return await who.post(f"/desk/c/{one}/draft", form, status=status)


async def kept(desk: DeskStage, one: int) -> list[tuple[str, str]]:
    """What is kept in a conversation."""
    rows = await desk.stage.pool.fetch(
        "SELECT kind, text FROM drafts WHERE conversation_id = $1 AND text <> '' ORDER BY kind", one
    )
    return [(row["kind"], row["text"]) for row in rows]


async def test_a_draft_is_kept_until_it_is_sent_and_no_late_save_brings_it_back(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued()
    await desk.give(one, agent.id)
    await typed(agent, one, "您好，您的", number=1)
    await typed(agent, one, "您好，您的<账单>", number=3)
    await typed(agent, one, "您好", number=2)
    await typed(agent, one, "客户着急", kind="note", number=4)
    assert await kept(desk, one) == [("note", "客户着急"), ("reply", "您好，您的<账单>")]
    page = await agent.get(f"/desk/c/{one}")
    assert "您好，您的&lt;账单&gt;</textarea>" in page
    assert '<em class="card-draft">' in page
    await agent.post(f"/desk/c/{one}/say", {"as": "reply", "text": "您好，您的<账单>"})
    refused = await typed(agent, one, "您好，您的<账单>", number=5)
    assert refused == '{"text": "", "sends": 1, "sent": "\\u60a8\\u597d\\uff0c\\u60a8\\u7684<\\u8d26\\u5355>"}'
    await typed(agent, one, "您好，您的<账单>", page=OTHER, number=1)
    assert await kept(desk, one) == [("note", "客户着急")]
    await typed(agent, one, "还有", number=6, sends=1)
    await agent.get(f"/desk/c/{one}")
    await agent.post(f"/desk/c/{one}/say", {"as": "note", "text": "客户着急"})
    assert await kept(desk, one) == [("reply", "还有")]
    await agent.get(f"/desk/c/{one}")
    await agent.post(f"/desk/c/{one}/close", {"wrapup": "billing.balance"})
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM drafts") == 0
    assert await typed(agent, one, "太晚了", number=7, sends=1) == "null"
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM drafts") == 0


async def test_an_answer_that_is_refused_leaves_its_draft(desk: DeskStage) -> None:
    agent, leader = await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    one = await desk.queued()
    await desk.give(one, agent.id)
    await agent.get(f"/desk/c/{one}")
    await agent.post(f"/desk/c/{one}/say", {"as": "reply", "text": "第一句"})
    await typed(agent, one, "写了很久", number=1, sends=1)
    await agent.get(f"/desk/c/{one}")
    await leader.get(f"/desk/c/{one}")
    await leader.post(f"/desk/c/{one}/take")
    await agent.post(f"/desk/c/{one}/say", {"as": "reply", "text": "写了很久"}, status=409)
    assert await kept(desk, one) == [("reply", "写了很久")]


async def test_a_draft_is_its_writer_s_alone_and_only_where_the_chat_is_theirs_to_see(desk: DeskStage) -> None:
    agent, leader, other = (
        await desk.agent(),
        await desk.agent("chenjing", "陈静", role=Role.LEADER),
        await desk.agent("lihua", "李华"),
    )
    one = await desk.queued()
    await desk.give(one, agent.id)
    await typed(agent, one, "只有我看得到", number=1)
    await typed(other, one, "看不到的会话", number=1, status=404)
    await typed(leader, one, "班长的话", kind="note", number=1)
    assert "只有我看得到" not in await leader.get(f"/desk/c/{one}")
    await typed(agent, one, "坏的", kind="sms", number=2, status=400)
    await typed(agent, one, "坏的", page="x", number=2, status=400)
    await typed(agent, one, "长" * 2001, number=3, status=400)
    assert await kept(desk, one) == [("note", "班长的话"), ("reply", "只有我看得到")]
