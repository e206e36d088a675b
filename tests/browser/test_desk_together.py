"""Several tabs, several people, and a server that goes away: nothing is lost, nothing is said twice."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route, expect

from bot.people.rights import Role
from channels.door import Address
from tests.browser.ease import grave
from tests.browser.office import Office, open_office
from tests.servers import Addresses

pytestmark = pytest.mark.asyncio(loop_scope="session")

CUSTOMER = Address("web", "demo", "v:1")


@pytest_asyncio.fixture(loop_scope="session")
async def office(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Office]:
    async with open_office(servers, template, browser) as opened:
        yield opened


@pytest.mark.parametrize("host", ["127.0.0.1", "desk.test"])
async def test_ten_tabs_load_and_hear_of_everything_with_https_or_without(office: Office, host: str) -> None:
    """A browser takes 127.0.0.1 for safe and allows locks there; another name over plain http is not."""
    office.host = host
    person = await office.desk.hire("wangfang")
    context = await office.window()
    tabs = [await office.log_in(person, context)]
    assert await tabs[0].evaluate("isSecureContext") == (host == "127.0.0.1")
    for _ in range(9):
        tabs.append(await context.new_page())
        await tabs[-1].goto(office.url("/desk?tab=waiting"), timeout=3000)
        await expect(tabs[-1].locator("#lists")).to_be_visible()
    await office.desk.queued(name="刘伟")
    for tab in tabs:
        await expect(tab.locator("#lists [data-tab=waiting] .count")).to_have_text("1")
    await tabs[0].close()
    await tabs[1].goto(office.url("/desk/questions"))
    await office.desk.queued("v:2", name="张敏")
    for tab in tabs[2:]:
        await expect(tab.locator("#lists [data-tab=waiting] .count")).to_have_text("2")
    if host == "desk.test":  # There a browser says of each page that it does not keep other sites' windows apart.
        office.faults[:] = [fault for fault in office.faults if "Cross-Origin-Opener-Policy" not in fault]


async def test_answers_wait_while_the_server_is_away_and_go_out_once_in_their_order(office: Office) -> None:
    tab, one = await office.serve(name="刘伟")
    lost: list[str] = []

    async def lose(route: Route) -> None:
        """The first answer is written, and its confirmation lost; then nothing gets through."""
        if not lost:
            await route.fetch()
        lost.append(str(route.request.post_data))
        await route.abort()

    await tab.route("**/say", lose)
    for text in ("第一句", "第二句", "第三句"):
        await tab.keyboard.type(text)
        await tab.keyboard.press("Enter")
        await expect(tab.locator("#parked")).to_contain_text(text)
        await expect(tab.locator("#text")).to_have_value("")
    await tab.keyboard.type("还没写完")
    assert await grave(tab) == []
    await tab.reload()
    await expect(tab.locator("#parked li")).to_have_count(3)
    await expect(tab.locator("#text")).to_have_value("还没写完")
    await tab.unroute("**/say", lose)
    await expect(tab.locator("#parked li")).to_have_count(0)
    await expect(tab.locator(".m-agent .text")).to_have_text(["第一句", "第二句", "第三句"])
    assert await office.desk.messages(one, "agent") == ["第一句", "第二句", "第三句"]
    assert await tab.evaluate("Object.keys(localStorage).filter(key => key.startsWith('desk.sends')).length") == 0
    office.faults.clear()


async def test_colleagues_in_one_conversation_see_each_other_look_and_write(office: Office) -> None:
    tab, one = await office.serve(name="刘伟")
    await office.desk.hire("chen", "陈静", role=Role.LEADER)
    leader = await office.log_in("chen")
    await expect(tab.locator("#company")).to_be_hidden()
    await leader.goto(office.url(f"/desk/c/{one}"))
    await expect(tab.locator("#company")).to_have_text("陈静 也在看这个会话")
    await expect(leader.locator("#company")).to_have_text("王芳 也在看这个会话")
    await tab.locator("#text").press_sequentially("您好")
    await expect(leader.locator("#company")).to_have_text("王芳 正在输入…")
    assert await grave(leader) == []
    await tab.keyboard.press("Enter")
    await expect(leader.locator("#company")).to_have_text("王芳 也在看这个会话")


async def test_a_new_version_is_offered_and_never_forced(office: Office) -> None:
    tab, _ = await office.serve(name="刘伟")
    await tab.keyboard.type("写到一半")
    await expect(tab.locator("#toasts .lasting")).to_have_count(0)
    older = re.compile('data-edition="[0-9a-f]{12}"')

    async def age(route: Route) -> None:
        """The page is of yesterday's edition."""
        response = await route.fetch()
        await route.fulfill(response=response, body=older.sub('data-edition="yesterday"', await response.text()))

    await tab.route("**/desk/c/*", age)
    await tab.reload()
    await expect(tab.locator("#toasts .lasting")).to_contain_text("坐席台有新版本")
    await expect(tab.locator("#text")).to_have_value("写到一半")
    await tab.unroute("**/desk/c/*", age)
    await tab.click("#toasts .lasting button")
    await expect(tab.locator("#toasts .lasting")).to_have_count(0)
    await expect(tab.locator("#text")).to_have_value("写到一半")
