"""The composer in a real browser: knowledge goes in at a click, and what had better not be said is pointed out."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from channels.door import Address
from tests.bot.test_knowledge_pane import ARTICLES, INDEX
from tests.browser.office import Office, open_office
from tests.servers import Addresses

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def office(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Office]:
    async with open_office(servers, template, browser, published=lambda: (INDEX, ARTICLES)) as opened:
        yield opened


async def test_an_agent_takes_an_answer_from_the_knowledge_and_is_told_what_had_better_not_be_said(
    office: Office,
) -> None:
    tab, one = await office.serve()
    await office.desk.stage.say("怎么查话费余额", Address("web", "demo", "v:1"))
    await tab.locator("#suggested .know-insert").first.click()
    await expect(tab.locator("#text")).to_have_value("发送 CXYE 到 10086 <即可> 查询。")
    await tab.keyboard.type("我保证")
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#checked mark")).to_have_text("保证")
    await expect(tab.locator("#text")).to_have_value("发送 CXYE 到 10086 <即可> 查询。我保证")
    assert await office.desk.messages(one, "agent") == []
    await tab.fill("#checked-reason", "活动规则里写明")
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".m-agent")).to_have_count(1)
    await expect(tab.locator("#checked")).to_be_hidden()
    await expect(tab.locator("#text")).to_have_value("")
    assert await office.desk.stage.pool.fetchval("SELECT reason FROM sent_anyway") == "活动规则里写明"
    assert await office.desk.stage.pool.fetchval("SELECT used FROM knowledge_lookups") == "balance"
    await tab.fill("#know-q", "宽带")
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#looked-up")).to_contain_text("宽带断网怎么办")
    await tab.locator("#looked-up .know-none").click()
    await expect(tab.locator("#looked-up .know-marked")).to_be_visible()
    await tab.get_by_role("button", name="会话小结").click()
    await tab.locator("#assisted .know-insert").click()
    await expect(tab.get_by_role("button", name="保存备注")).to_be_visible()
    await expect(tab.locator("#text")).to_have_value("话费账单；我的宽带坏了")
    office.faults[:] = [fault for fault in office.faults if "409" not in fault]
