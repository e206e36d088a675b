"""The widget on somebody else's site, in a real browser."""

import time
from collections.abc import AsyncIterator

import jwt
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.site import Site, open_site
from tests.channels.web_house import SECRET

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def site(browser: Browser) -> AsyncIterator[Site]:
    async with open_site(browser) as opened:
        yield opened


async def test_the_widget_opens_the_chat_on_another_site(site: Site) -> None:
    tab = await site.context.new_page()
    await tab.goto(str(site.shop.make_url("/")))
    await tab.click("button[aria-label=在线客服]")
    chat = tab.frame_locator("iframe")
    await chat.locator("html[data-ready]").wait_for()
    await chat.locator("#start").click()
    await chat.locator("#text").fill("你好")
    await chat.locator("#text").press("Enter")
    await expect(chat.locator("#log .bubble")).to_have_text(["你好", "您说：你好"])
    await chat.locator("#fold").click()
    await expect(tab.locator("iframe")).to_be_hidden()
    site.house.add(site.visitor, "agent", "还在吗")
    await expect(tab.get_by_label("在线客服，1 条新消息")).to_be_visible()
    await tab.evaluate("Huiying('open')")
    await expect(tab.locator("iframe")).to_be_visible()


async def test_the_widget_hands_over_who_the_customer_is(site: Site) -> None:
    proof = jwt.encode({"sub": "8613800000000", "aud": "huiying", "exp": int(time.time()) + 600}, SECRET)
    tab = await site.context.new_page()
    await tab.goto(str(site.shop.make_url("/")))
    await tab.evaluate("proof => { Huiying('identify', proof); Huiying('open'); }", proof)
    chat = tab.frame_locator("iframe")
    await chat.locator("#start").click()
    await chat.locator("#text").fill("你好")
    await chat.locator("#text").press("Enter")
    await expect(chat.locator("#log .bubble")).to_have_count(2)
    assert site.visitor.contact == "u:8613800000000"


async def test_a_site_that_is_not_listed_cannot_frame_the_page(site: Site) -> None:
    tab = await site.context.new_page()
    await tab.goto(str(site.shop.make_url("/")).replace("127.0.0.1", "localhost"))
    await tab.evaluate("Huiying('open')")
    await expect(tab.frame_locator("iframe").locator("#text")).to_have_count(0)
    assert site.house.tokens == {}
