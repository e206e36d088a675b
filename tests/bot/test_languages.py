"""The bot speaks the language of the page on which a customer writes."""

from collections.abc import AsyncIterator

import pytest

from bot.words import words
from router.events import Assigned
from tests.bot.stage import CUSTOMER, Stage, open_stage

EN, ZH, TW = words("en"), words("zh"), words("zh-TW")


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


async def language(stage: Stage) -> str:
    found: str = await stage.pool.fetchval("SELECT language FROM contacts WHERE address = $1", CUSTOMER.contact)
    return found


async def test_a_new_customer_on_an_english_page_is_answered_in_english(stage: Stage) -> None:
    receipt = await stage.say("qwxz", language="en")
    assert receipt.replies[0].text == EN["nothing"]
    assert [choice.label for choice in receipt.replies[0].choices] == [EN["choice.human"], EN["choice.leave"]]
    assert await language(stage) == "en"


async def test_who_changes_the_pages_language_is_answered_in_it_from_the_next_message_on(stage: Stage) -> None:
    await stage.say("人工", language="zh")
    await stage.say("取消排队", choice="cancel_queue", language="zh")
    receipt = await stage.say("qwxz", language="en")
    assert receipt.replies[0].text == EN["nothing"]
    assert await language(stage) == "en"
    again = await stage.say("leave it", choice="leave")
    assert again.replies[0].text.startswith(EN["question.saved"][:12])


async def test_who_reads_traditional_characters_gets_answers_and_phrases_in_them(stage: Stage) -> None:
    answer = await stage.say("话费", language="zh-TW")
    assert answer.replies[0].text == "傳送查話費到10977。"
    suggested = await stage.say("查询", language="zh-TW")
    assert suggested.replies[0].text == TW["suggest"]
    assert "怎麼查流量" in [choice.label for choice in suggested.replies[0].choices]
    queued = await stage.say("人工", language="zh-TW")
    assert queued.replies[0].text.startswith("好的，正在為您轉接人工客服。")
    assert [choice.label for choice in queued.replies[0].choices] == [TW["choice.cancel_queue"]]


async def test_an_agents_own_words_reach_a_reader_of_traditional_characters_as_they_were_written(stage: Stage) -> None:
    heard = (await stage.say("人工", language="zh-TW")).message
    assert heard is not None
    agent = await stage.hire()
    await stage.act(heard.contact_id, Assigned(agent, "刘伟", None, await stage.version(heard.contact_id)))
    said = await stage.reply(heard.contact_id, agent, "您的宽带已经修好")
    assert said.replies[0].text == "您的宽带已经修好"
    greeted = await stage.pool.fetchval("SELECT text FROM messages WHERE text LIKE '%刘伟%'")
    assert greeted == TW["assigned"].replace("{agent}", "刘伟")


async def test_who_tells_no_language_is_answered_in_chinese(stage: Stage) -> None:
    receipt = await stage.say("qwxz")
    assert receipt.replies[0].text == ZH["nothing"]
    assert await language(stage) == "zh"
