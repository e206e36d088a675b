"""Knowledge beside the thread: suggested for the last question, searched, used or missing, and all of it counted."""

from collections.abc import AsyncIterator

import pytest

from channels.door import Address
from router.faq.index import Index
from router.faq.match import Entry
from router.world import Article
from tests.bot.desk_stage import DeskStage, open_desk

ARTICLES = {
    "balance": Article("balance", "怎么查话费余额", "发送 CXYE 到 10086 <即可> 查询。", "billing", ""),
    "broadband": Article("broadband", "宽带断网怎么办", "请先重启光猫，再看指示灯。", "network", ""),
}
INDEX = Index.build([Entry(one.id, one.question, (), one.answer) for one in ARTICLES.values()])


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url, published=lambda: (INDEX, ARTICLES)) as opened:
        yield opened


async def looked(desk: DeskStage) -> list[tuple[object, ...]]:
    rows = await desk.stage.pool.fetch("SELECT kind, text, used, missing FROM knowledge_lookups ORDER BY id")
    return [tuple(row.values()) for row in rows]


async def gaps(desk: DeskStage) -> list[str]:
    rows = await desk.stage.pool.fetch("SELECT text FROM questions WHERE kind = 'gap' ORDER BY id")
    return [row["text"] for row in rows]


async def test_what_the_customer_asked_is_looked_up_and_what_became_of_it_is_on_record(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued(words="怎么查话费余额")
    await desk.give(one, agent.id)
    before = await gaps(desk)
    page = await agent.get(f"/desk/c/{one}/knowledge")
    assert "怎么查话费余额" in page
    assert "发送 CXYE 到 10086 &lt;即可&gt; 查询。" in page
    assert 'class="know-score"' in page
    assert await looked(desk) == []
    path = f"/desk/c/{one}/knowledge"
    await agent.get(f"/desk/c/{one}")
    await agent.post(f"{path}/used", {"entry": "balance"}, status=204)
    await agent.post(f"{path}/used", {"entry": "nothing"}, status=204)
    await agent.post(path, {"q": "宽带 13800138000"}, status=200)
    lookup = await desk.stage.pool.fetchval("SELECT max(id) FROM knowledge_lookups")
    for _ in range(2):
        assert "已记为知识缺口" in await agent.post(f"{path}/none", {"lookup": str(lookup)}, status=200)
    await agent.post(f"{path}/used", {"entry": "broadband", "lookup": str(lookup)}, status=204)
    await desk.stage.say("外星人怎么开户", Address("web", "demo", "v:1"))
    await agent.get(f"/desk/c/{one}")
    await agent.post(f"{path}/none", status=200)
    assert await looked(desk) == [
        ("suggestion", "怎么查话费余额", "balance", False),
        ("search", "宽带 138****8000", None, True),
        ("suggestion", "外星人怎么开户", None, True),
    ]
    assert await gaps(desk) == [*before, "宽带 138****8000", "外星人怎么开户"]
    assert await desk.messages(one, "agent") == []


async def test_an_agent_s_empty_search_finds_and_counts_nothing(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued()
    await desk.give(one, agent.id)
    assert "know-insert" not in await agent.post(f"/desk/c/{one}/knowledge", {"q": " ？ "}, status=200)
    assert await looked(desk) == []


async def test_canned_replies_and_answers_go_on_where_an_agent_types_as_long_as_the_chat_is_theirs(
    desk: DeskStage,
) -> None:
    agent, other = await desk.agent(), await desk.agent("lihua", "李华")
    one = await desk.queued(words="怎么查话费余额")
    path = f"/desk/c/{one}/assist/typed"
    await agent.get(f"/desk/c/{one}")
    assert "typed-offer" not in await agent.post(path, {"text": "好的"}, status=200)
    await desk.give(one, agent.id)
    going_on = await agent.post(path, {"text": "您稍等。好的"}, status=200)
    assert 'data-text="，我正在为您查询，请稍等一下。" data-replaces="0" data-canned="' in going_on
    asked = await agent.post(path, {"text": "您好，查话费余额"}, status=200)
    assert 'data-text="发送 CXYE 到 10086 &lt;即可&gt; 查询。" data-replaces="8" data-entry="balance"' in asked
    sentence = await agent.post(path, {"text": "发送 cx"}, status=200)
    assert 'data-text="YE 到 10086 &lt;即可&gt; 查询。" data-replaces="0" data-entry="balance"' in sentence
    assert "typed-offer" not in await agent.post(path, {"text": "好"}, status=200)
    await other.post(path, {"text": "好的"}, status=404)
    assert await looked(desk) == [], "what is only shown leaves no trace"
