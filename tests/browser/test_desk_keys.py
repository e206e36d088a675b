"""Keys and the palette: the whole desk without a mouse, and each person's own way to send."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from playwright.async_api import Page as Tab

from tests.browser.ease import grave
from tests.browser.office import Office, open_office
from tests.router.test_forms import office as guided
from tests.servers import Addresses

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def office(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Office]:
    async with open_office(servers, template, browser, at=guided()) as opened:
        yield opened


async def _found(tab: Tab, typed: str) -> str:
    """What the palette marks for what is typed."""
    await tab.keyboard.press("Control+KeyK")
    await expect(tab.locator("#palette-find")).to_be_focused()
    await tab.keyboard.type(typed)
    return await tab.locator("#palette-list [aria-selected=true] strong").inner_text()


async def test_everything_on_the_page_is_done_from_the_palette_by_a_few_letters(office: Office) -> None:
    tab, one = await office.serve(name="刘伟")
    other = await office.desk.queued("v:2", name="欧阳晓敏")
    assert await _found(tab, "jshh") == "结束会话"
    await tab.keyboard.press("Escape")
    await expect(tab.locator("#text")).to_be_focused()
    assert await _found(tab, "qsd") == "请稍等"
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#text")).to_have_value("好的，我正在为您查询，请稍等一下。")
    await expect(tab.locator("#text")).to_be_focused()
    assert await _found(tab, "gzbx") == "发给客户填写 · 故障报修"
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#thread")).to_contain_text("请问哪项服务出了故障？")
    await tab.keyboard.press("Control+KeyK")
    await expect(tab.locator("#palette-list")).to_contain_text("欧阳晓敏")
    await tab.keyboard.type("oyx")
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#stage")).to_have_attribute("data-conversation", str(other))
    assert await _found(tab, "接入") == "接入"
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#composer")).to_have_attribute("data-mode", "mine")
    assert await _found(tab, "ywsq") == "业务申请"
    assert await grave(tab) == []
    await tab.keyboard.press("Enter")
    await tab.wait_for_url("**/desk/requests")
    await tab.keyboard.press("Control+KeyK")
    await tab.keyboard.type("刘伟")
    await expect(tab.locator("#palette-list [aria-selected=true]")).to_contain_text("刘伟")
    await tab.keyboard.press("Enter")
    await tab.wait_for_url(f"**/desk/c/{one}?tab=mine")


async def test_the_help_lists_the_keys_and_each_of_them_does_what_it_says(office: Office) -> None:
    tab, one = await office.serve(name="刘伟")
    other = await office.desk.queued("v:2", name="张敏")
    await office.desk.give(other, 1)
    await tab.locator("#text").blur()
    await tab.keyboard.press("?")
    await expect(tab.locator("#help")).to_be_visible()
    assert await grave(tab) == []
    await tab.keyboard.press("Escape")
    await tab.keyboard.press("Alt+KeyP")
    await expect(tab.locator("#composer")).to_have_attribute("data-as", "note")
    await tab.keyboard.press("Alt+KeyL")
    await expect(tab.locator("#composer")).to_have_attribute("data-as", "reply")
    await tab.keyboard.press("Alt+Digit2")
    await tab.wait_for_url("**?tab=waiting")  # A page of its own, whose keys do something once it has loaded.
    await expect(tab.locator("#lists")).to_have_attribute("data-tab", "waiting")
    await tab.keyboard.press("Alt+Digit1")
    await tab.wait_for_url("**?tab=mine")
    await expect(tab.locator("#lists")).to_have_attribute("data-tab", "mine")
    await tab.keyboard.press("Alt+KeyT")
    await expect(tab.locator("#transfer")).to_be_visible()
    await tab.keyboard.press("Escape")
    await expect(tab.locator(f"#card-{other}")).to_be_visible()
    await tab.keyboard.press("Control+Alt+KeyE")
    await tab.check("input[value='billing.balance']", force=True)
    await tab.click("#close-form .primary")
    await expect(tab.locator("#stage")).to_have_attribute("data-conversation", str(other))
    assert (await office.desk.row(one))["status"] == "closed"
    await office.desk.stage.reply(await office.desk.contact(other), 1)
    await tab.keyboard.press("Alt+KeyM")
    await expect(tab.locator("#snooze [name=for]:checked")).to_be_focused()
    assert await grave(tab) == []
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#handover")).to_contain_text("已搁置到")
    await expect(tab.locator(f"#card-{other}")).to_have_count(0)
    await tab.keyboard.press("Alt+Digit6")
    await expect(tab.locator(f"#card-{other}")).to_contain_text("搁置到")
    await tab.keyboard.press("Alt+KeyM")
    await expect(tab.locator(f"#card-{other}")).to_have_count(0)
    await tab.keyboard.press("Alt+KeyG")
    await tab.wait_for_url(f"**/desk/c/{other}/ticket")


async def test_each_person_chooses_how_to_send_and_whether_single_keys_do_anything(office: Office) -> None:
    tab, one = await office.serve(name="刘伟")
    await tab.click("#settings-button")
    await expect(tab.locator("#settings")).to_be_visible()
    assert await grave(tab) == []
    await tab.check("input[name=send_by][value=ctrl]")
    await expect(tab.locator("#settings-kept")).to_have_text("已保存")
    await tab.uncheck("input[name=single_keys]")
    await expect(tab.locator("body")).to_have_attribute("data-send-by", "ctrl")
    await tab.keyboard.press("Escape")
    await tab.fill("#text", "第一行")
    await tab.press("#text", "Enter")
    await tab.keyboard.type("第二行")
    await tab.press("#text", "Control+Enter")
    await expect(tab.locator("#text")).to_have_value("")
    assert await office.desk.messages(one, "agent") == ["第一行\n第二行"]
    second = await office.log_in("wangfang")
    await expect(second.locator("body")).to_have_attribute("data-send-by", "ctrl")
    await second.keyboard.press("?")
    await second.keyboard.press("Control+KeyK")
    await expect(second.locator("#palette")).to_be_visible()
    await expect(second.locator("#help")).to_be_hidden()


async def test_the_customer_s_pane_is_as_wide_as_one_wants_it_or_away_and_stays_so(office: Office) -> None:
    tab, _ = await office.serve(name="刘伟")
    pane, thread = tab.locator(".context"), tab.locator(".thread-pane")
    before = await pane.bounding_box()
    assert before is not None
    await tab.mouse.move(before["x"] + 1, 400)
    await tab.mouse.down()
    await tab.mouse.move(before["x"] - 79, 400)
    await tab.mouse.up()
    wider = await pane.bounding_box()
    assert wider is not None
    assert abs(wider["width"] - before["width"] - 79) <= 4
    await tab.keyboard.press("End")
    await expect(tab.locator("#splitter")).to_have_attribute("aria-valuenow", "560")
    assert await grave(tab) == []
    await tab.keyboard.press("Alt+KeyI")
    await expect(pane).to_be_hidden()
    await tab.reload()
    await expect(thread).to_be_visible()
    await expect(pane).to_be_hidden()
    await tab.keyboard.press("Alt+KeyI")
    await expect(tab.locator("#splitter")).to_have_attribute("aria-valuenow", "560")
    await tab.set_viewport_size({"width": 1000, "height": 800})
    await expect(pane).to_be_hidden()
    await tab.click(".head .pane-context")
    await expect(pane).to_be_visible()
