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


async def test_the_widget_stands_where_and_as_the_site_wishes_and_tells_what_happens(site: Site) -> None:
    tab = await site.tab()
    await tab.goto(str(site.shop.make_url("/?more=data-position=left%20data-color=%23ffe08a%20data-lang=en")))
    button = tab.locator("button.launcher")
    await expect(button).to_have_attribute("aria-label", "Chat with us")
    box = await button.bounding_box()
    assert box is not None
    assert box["x"] < 60
    assert await button.evaluate("(one) => getComputedStyle(one).color") == "rgb(0, 0, 0)"
    await tab.evaluate(
        "window.told = []; for (const one of ['open', 'ready', 'close']) Huiying('on', one, () => told.push(one))"
    )
    await button.click()
    chat = tab.frame_locator("iframe")
    await chat.locator("html.embedded[data-ready]").wait_for()
    await chat.locator("#search").press("Escape")
    await expect(tab.locator("iframe")).to_be_hidden()
    await expect(button).to_be_focused()
    assert await tab.evaluate("told") == ["open", "ready", "close"]
    assert site.house.tokens == {}


async def test_a_message_of_a_stranger_in_the_frames_neighbourhood_is_not_heard(site: Site) -> None:
    tab = await site.tab()
    await tab.goto(str(site.shop.make_url("/")))
    await tab.evaluate("Huiying('open')")
    await tab.frame_locator("iframe").locator("html[data-ready]").wait_for()
    await tab.evaluate("postMessage({huiying: 'close'}, '*'); postMessage({huiying: 'unread', count: 9}, '*')")
    await tab.evaluate("new Promise((done) => setTimeout(done))")
    await expect(tab.locator("iframe")).to_be_visible()
