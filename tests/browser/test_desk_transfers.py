"""Passing a conversation on, in two browsers: one agent asks, the other one answers."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.office import Office, open_office
from tests.servers import Addresses

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def office(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Office]:
    async with open_office(servers, template, browser) as opened:
        yield opened


async def test_a_colleague_is_found_asked_and_takes_over_and_both_desks_follow(office: Office) -> None:
    tab, one = await office.serve()
    li = await office.desk.hire("lihua", "李华")
    other = await office.log_in(li, await office.window())
    await other.click("button[value=online]")
    await expect(other.locator("button[value=online]")).to_have_attribute("aria-pressed", "true")
    await tab.keyboard.type("写到一半")
    await tab.keyboard.press("Alt+KeyT")
    await tab.keyboard.type("lihua")
    await expect(tab.locator(".target:visible")).to_have_count(1)
    await tab.keyboard.press("Enter")
    await tab.keyboard.type("光猫已重启过，要上门")
    await tab.locator("#transfer-form button.primary").click()
    await expect(tab.locator("#head")).to_contain_text("等 李华 接受")
    await expect(tab.locator("#head")).to_have_attribute("data-mode", "mine")
    await expect(other.locator(".offer")).to_contain_text("光猫已重启过")
    await other.locator(".offer").get_by_role("button", name="接受").click()
    await expect(other.locator("#head")).to_have_attribute("data-mode", "mine")
    await expect(other.locator("#handover")).to_contain_text("光猫已重启过")
    await expect(other.locator(".offer")).to_have_count(0)
    await expect(tab.locator("#head")).to_have_attribute("data-mode", "other")
    await expect(tab.locator("#text")).to_have_value("写到一半")
    assert (await office.desk.row(one))["assignee"] == li.id


async def test_what_is_declined_leaves_the_other_page_as_it_was(office: Office) -> None:
    tab, _ = await office.serve()
    other = await office.log_in(await office.desk.hire("lihua", "李华"), await office.window())
    await other.click("button[value=online]")
    await expect(other.locator("button[value=online]")).to_have_attribute("aria-pressed", "true")
    await tab.keyboard.press("Alt+KeyT")
    await tab.locator(".target", has_text="李华").click()
    await tab.locator("#transfer-form button.primary").click()
    await other.locator(".offer").get_by_role("button", name="不接").click()
    await expect(other.locator(".offer")).to_have_count(0)
    await expect(tab.locator("#toasts")).to_contain_text("同事没有接手")
    await expect(tab.locator("#head")).to_have_attribute("data-mode", "mine")


async def test_a_colleague_who_was_invited_answers_in_the_owner_s_chat(office: Office) -> None:
    tab, _ = await office.serve()
    other = await office.log_in(await office.desk.hire("lihua", "李华"), await office.window())
    await other.click("button[value=online]")
    await expect(other.locator("button[value=online]")).to_have_attribute("aria-pressed", "true")
    await tab.keyboard.press("Alt+KeyT")
    await tab.locator(".target", has_text="李华").click()
    await tab.get_by_label("允许对方直接答复客户").check()
    await tab.locator("#invite").click()
    await expect(tab.locator(".helpers")).to_contain_text("李华")
    await expect(tab.locator("#transfer")).to_be_hidden()
    await other.locator("#lists .card a").first.click()
    await expect(other.locator("#composer")).to_have_attribute("data-mode", "guest")
    await other.fill("#text", "我来解释")
    await other.keyboard.press("Enter")
    await expect(tab.locator(".m-agent .text")).to_have_text("我来解释")
    await tab.locator(".helpers button").click()
    await expect(tab.locator(".helpers")).to_have_count(0)
