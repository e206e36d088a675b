"""A leader's day in two browsers: watches, whispers, takes over and gives back; limits and the wall stay live."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.people.rights import Role
from tests.browser.ease import grave
from tests.browser.office import Office, open_office
from tests.servers import Addresses

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def office(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Office]:
    async with open_office(servers, template, browser) as opened:
        yield opened


async def test_a_leader_whispers_takes_over_and_gives_back_while_the_agent_types(office: Office) -> None:
    tab, one = await office.serve()
    await tab.keyboard.type("写到一半")
    leader = await office.desk.hire("chenjing", "陈静", role=Role.LEADER)
    other = await office.log_in(leader, await office.window())
    await other.goto(office.url(f"/desk/c/{one}?tab=all"))
    await expect(other.locator("#lead")).to_contain_text("坐席知道")
    assert await grave(other) == []
    await expect(tab.locator("#thread")).to_contain_text("陈静 正在旁听")
    await other.fill("#whisper-text", "先道歉")
    await other.keyboard.press("Enter")
    await expect(tab.locator("#thread")).to_contain_text("先道歉")
    await expect(other.locator("#whisper-text")).to_have_value("")
    await other.get_by_role("button", name="接管").click()
    await expect(other.locator("#head")).to_have_attribute("data-mode", "mine")
    await expect(tab.locator("#head")).to_have_attribute("data-mode", "other")
    await expect(tab.locator("#text")).to_have_value("写到一半")
    await office.desk.stage.pool.execute("UPDATE agents SET presence = 'busy' WHERE login = 'wangfang'")
    await other.get_by_role("button", name="还给").click()
    await expect(tab.locator("#head")).to_have_attribute("data-mode", "mine")
    await expect(tab.locator("#text")).to_have_value("写到一半")


async def test_the_wall_follows_what_happens_and_limits_are_given_away(office: Office) -> None:
    leader = await office.desk.hire("chenjing", "陈静", role=Role.LEADER)
    wang = await office.desk.hire("wangfang")
    tab = await office.log_in(leader)
    await tab.goto(office.url("/desk/wall"))
    waiting = tab.locator("#wall-tile-waiting .wall-value")
    await expect(waiting).to_have_text("0")
    one = await office.desk.queued(name="刘伟")
    await expect(waiting).to_have_text("1")
    assert await grave(tab) == []
    await tab.click("#wall-big")
    await expect(tab.locator(".wall-big")).to_be_visible()
    await tab.click("#wall-big")
    await tab.locator("#wall-tile-waiting .wall-ask").click()
    await expect(tab.locator("#wall-def-waiting")).to_be_visible()
    await waiting.get_by_role("link").click()
    await expect(tab.locator(".ledger")).to_contain_text("刘伟")
    await office.desk.stage.pool.execute("UPDATE agents SET presence = 'online' WHERE id = $1", wang.id)
    await tab.goto(office.url("/desk/deadlines"))
    assert await grave(tab) == []
    await tab.check("#limits-all")
    await tab.select_option("[name=whom]", f"agent:{wang.id}")
    await tab.get_by_role("button", name="改派选中的").click()
    await expect(tab.locator(".limits-said")).to_contain_text("已改派给 王芳")
    assert (await office.desk.row(one))["assignee"] == wang.id
