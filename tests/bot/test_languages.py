"""The bot speaks the language of the page on which a customer writes."""

from collections.abc import AsyncIterator

import pytest

from bot.words import words
from tests.bot.stage import CUSTOMER, Stage, open_stage

EN, ZH = words("en"), words("zh")


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


async def test_who_tells_no_language_is_answered_in_chinese(stage: Stage) -> None:
    receipt = await stage.say("qwxz")
    assert receipt.replies[0].text == ZH["nothing"]
    assert await language(stage) == "zh"
