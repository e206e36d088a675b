"""The composer in a real browser: knowledge goes in at a click, and what had better not be said is pointed out."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from channels.door import Address
from tests.bot.test_knowledge_pane import ARTICLES, INDEX
from tests.browser.ease import grave
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


async def test_what_goes_on_is_offered_after_a_composition_and_taken_by_one_key_or_not_at_all(office: Office) -> None:
    tab, one = await office.serve()
    offers, text = tab.locator("#typed button"), tab.locator("#text")
    devtools = await tab.context.new_cdp_session(tab)
    asked: list[str] = []  # A draft is saved later than a suggestion is asked for.
    tab.on("request", lambda request: asked.append(request.url) if request.url.endswith("/assist/typed") else None)

    async with tab.expect_response(lambda response: response.url.endswith("/draft")):
        await devtools.send("Input.imeSetComposition", {"text": "haode", "selectionStart": 5, "selectionEnd": 5})
    assert not asked, "nothing is asked while an input method composes"
    await devtools.send("Input.insertText", {"text": "好的"})
    await expect(offers.first).to_contain_text("，我正在为您查询，请稍等一下。")
    assert await grave(tab) == []
    await tab.keyboard.press("Tab")
    await expect(text).to_have_value("好的，我正在为您查询，请稍等一下。")
    await expect(text).to_be_focused()
    await expect(offers).to_have_count(0)

    await text.fill("怎么查话费")
    await offers.first.click()
    await expect(text).to_have_value("发送 CXYE 到 10086 <即可> 查询。")
    await text.fill("好的")
    await expect(offers).to_have_count(1)
    await tab.keyboard.press("Escape")
    await expect(offers).to_have_count(0)
    await text.fill("好的呀")
    await text.fill("好的")
    await expect(offers).to_have_count(1)
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".m-agent .text")).to_have_text("好的")
    await expect(offers).to_have_count(0)

    await tab.evaluate("document.getElementById('settings').showPopover()")
    await tab.uncheck("[name=suggest]")
    await expect(tab.locator("#settings-kept")).not_to_be_empty()
    await tab.keyboard.press("Escape")
    so_far = len(asked)
    async with tab.expect_response(lambda response: response.url.endswith("/draft")):
        await text.fill("好的")
    assert len(asked) == so_far, "switched off, nothing is asked"
    used = await office.desk.stage.pool.fetchval("SELECT used FROM knowledge_lookups")
    assert used == "balance"
    assert await office.desk.messages(one, "agent") == ["好的"]
