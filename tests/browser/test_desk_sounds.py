"""What calls an agent back to the desk: sounds, notices of the system, the count in title and icon."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, expect
from playwright.async_api import Page as Tab

from channels.door import Address
from tests.browser.office import Office, open_office
from tests.browser.until import until
from tests.hours import open_at
from tests.servers import Addresses

pytestmark = pytest.mark.asyncio(loop_scope="session")

CUSTOMER = Address("web", "demo", "v:1")
LISTEN = """
const start = OscillatorNode.prototype.start;
window.tones = 0;
window.notices = [];
OscillatorNode.prototype.start = function (at) { window.tones += 1; return start.call(this, at); };
window.Notification = class extends EventTarget {
  static permission = "granted";
  static requestPermission = async () => "granted";
  constructor(title, options) { super(); window.notices.push([title, options.body, options.tag]); }
  close() {}
};
"""
"""Counts what sounds and is shown, for nobody in a test can hear or see it."""
HIDE = """
Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
document.hasFocus = () => false;
document.dispatchEvent(new Event("visibilitychange"));
"""


@pytest_asyncio.fixture(loop_scope="session")
async def office(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Office]:
    async with open_office(servers, template, browser) as opened:
        yield opened


async def _heard(context: BrowserContext) -> int:
    """How many tones sounded in all tabs of a browser."""
    return sum([int(await tab.evaluate("window.tones")) for tab in context.pages])


async def _shown(context: BrowserContext) -> list[list[str]]:
    """What notices were shown by all tabs of a browser."""
    return [notice for tab in context.pages for notice in await tab.evaluate("window.notices")]


async def test_of_several_hidden_tabs_one_sounds_one_notifies_without_content_and_all_count(office: Office) -> None:
    person = await office.desk.hire("wangfang")
    one = await office.desk.queued(name="刘伟")
    await office.desk.give(one, person.id)
    await office.desk.stage.reply(await office.desk.contact(one), person.id)
    context = await office.window()
    await context.add_init_script(LISTEN)
    tabs = [await office.log_in("wangfang", context)]
    await tabs[0].click("#settings-button")
    await tabs[0].check("input[name=notify]")
    await expect(tabs[0].locator("#settings-kept")).to_have_text("已保存")
    for path in ("/desk", "/desk/requests"):
        tabs.append(await context.new_page())
        await tabs[-1].goto(office.url(path))
        await tabs[-1].click("h1, .seat-who strong")
    for tab in tabs:
        await tab.evaluate(HIDE)
    before = await _heard(context)
    await office.desk.stage.say("宽带还是不行", CUSTOMER)
    for tab in tabs:
        await expect(tab).to_have_title(re.compile("^（1）"))
        await expect(tab.locator("link[rel=icon]")).to_have_attribute("href", re.compile("^data:image/png"))
    assert await _heard(context) == before + 1
    assert await _shown(context) == [["客户发来新消息", "", f"desk-{one}"]]
    await _turn(tabs[0], "content", on=True)
    await _turn(tabs[0], "sound.message", on=False)
    await office.desk.stage.say("急用", CUSTOMER)
    await expect(tabs[1].locator(f"#card-{one} .unread")).to_have_text("2")
    await until(tabs[0], "window.notices.length === 2")
    assert (await _shown(context))[-1] == ["刘伟", "急用", f"desk-{one}"]
    assert await _heard(context) == before + 1


async def _turn(tab: Tab, name: str, *, on: bool) -> None:
    async with tab.expect_response("**/desk/preferences"):
        await tab.set_checked(f"input[name='{name}']", on)


async def test_nothing_sounds_before_the_first_click_nor_in_quiet_hours(office: Office) -> None:
    person = await office.desk.hire("wangfang")
    one = await office.desk.queued(name="刘伟")
    await office.desk.give(one, person.id)
    context = await office.window()
    await context.add_init_script(LISTEN)
    tab = await office.log_in("wangfang", context)
    await tab.reload()
    await office.desk.stage.say("在吗", CUSTOMER)
    await expect(tab.locator(f"#card-{one} .unread")).to_have_text("2")
    assert await _heard(context) == 0
    await tab.reload()  # The list may know of a message before the stream tells it, and a click lets it sound.
    await tab.click("#settings-button")
    quiet_from, quiet_until = open_at(await tab.evaluate("new Date().getHours()")).split("-")
    await tab.fill("input[name=quiet_from]", quiet_from)
    await tab.fill("input[name=quiet_until]", quiet_until)
    await tab.check("input[name=quiet]")
    await expect(tab.locator("#settings-kept")).to_have_text("已保存")
    await office.desk.stage.say("还在吗", CUSTOMER)
    await expect(tab.locator(f"#card-{one} .unread")).to_have_text("3")
    assert await _heard(context) == 0
    await tab.click("[data-try=message]")
    assert await _heard(context) == 1
