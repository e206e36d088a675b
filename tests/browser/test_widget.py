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


async def test_who_logs_out_leaves_nothing_behind(site: Site) -> None:
    tab = await site.tab()
    await tab.goto(site.carrier())
    await tab.click("button.launcher")
    chat = tab.frame_locator("iframe")
    await chat.locator("#start").click()
    await chat.locator("#text").fill("你好")
    await chat.locator("#text").press("Enter")
    await expect(chat.locator("#log .bubble")).to_have_count(2)
    await tab.evaluate("Huiying('logout')")
    await expect(chat.locator("#log .bubble")).to_have_count(0)
    await site.house.happened(lambda: site.house.tokens == {})
    await tab.reload()
    await tab.click("button.launcher")
    await expect(chat.locator("#start-label")).to_have_text("开始咨询")


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


async def test_a_strict_policy_of_the_site_needs_only_two_words_for_us(site: Site) -> None:
    ours = str(site.server.make_url("")).rstrip("/")
    strict = f"default-src 'none'; script-src {ours}; frame-src {ours}; require-trusted-types-for 'script'"
    tab = await site.tab()
    await tab.set_viewport_size({"width": 1200, "height": 800})
    await tab.goto(site.carrier(policy=strict))
    await expect(tab.locator(".launcher .talk")).to_be_visible()
    await expect(tab.locator(".launcher .fold")).to_be_hidden()
    await tab.click("button.launcher")
    await tab.frame_locator("iframe").locator("html[data-ready]").wait_for()
    await expect(tab.locator(".panel")).to_have_css("border-radius", "20px")
    await expect(tab.locator(".launcher .talk")).to_be_hidden()
    await expect(tab.locator(".launcher .fold")).to_be_visible()


async def test_the_site_s_own_names_styles_and_direction_are_left_alone(site: Site) -> None:
    style = "<style>*{color:red!important;font-size:40px} button{width:300px!important;transform:scale(3)}</style>"
    tab = await site.tab()
    await tab.goto(site.carrier(head=style, root="lang=zh dir=rtl"))
    await tab.locator("button.launcher").wait_for()
    ours = await tab.evaluate(
        """() => {
             const bare = document.createElement("iframe");
             document.body.append(bare);
             const known = new Set(Object.getOwnPropertyNames(bare.contentWindow));
             bare.remove();
             const fresh = Object.getOwnPropertyNames(window).filter((one) => !known.has(one));
             return fresh.filter((one) => !/^(on|webkit|__pw|\\d)/.test(one));
           }"""
    )
    assert ours == ["Huiying"]
    box = await tab.locator("button.launcher").bounding_box()
    assert box is not None
    assert (box["width"], box["height"], box["x"]) == (56, 56, 390 - 56 - 20)
    assert await tab.locator("huiying-widget").evaluate("(one) => getComputedStyle(one).direction") == "ltr"


async def test_the_focus_stays_where_the_visitor_is_when_a_chat_opens_by_itself(site: Site) -> None:
    tab = await site.tab()
    await tab.set_viewport_size({"width": 1200, "height": 800})
    await tab.goto(site.carrier(body="<input id=own autofocus>"))
    await tab.click("button.launcher")
    chat = tab.frame_locator("iframe")
    await chat.locator("#start").click()
    await chat.locator("#text").fill("你好")
    await chat.locator("#text").press("Enter")
    await expect(chat.locator("#log .bubble")).to_have_count(2)
    await tab.reload()
    await chat.locator("html[data-ready][data-view=chat]").wait_for()
    await expect(chat.locator("#log .bubble").last).to_be_in_viewport()
    await expect(tab.locator("#own")).to_be_focused()
    await tab.evaluate("Huiying.close()")
    await expect(tab.locator("iframe")).to_be_hidden()
    await expect(tab.locator("#own")).to_be_focused()


async def test_a_site_of_one_page_may_take_the_widget_away_and_put_it_back(site: Site) -> None:
    tab = await site.tab()
    await tab.goto(site.carrier())
    await tab.evaluate("window.told = []; Huiying.on('open', () => told.push('open'))")
    await tab.click("button.launcher")
    await tab.frame_locator("iframe").locator("html[data-ready]").wait_for()
    assert await tab.evaluate("document.documentElement.style.overflow") == "hidden"
    await tab.evaluate("document.body.replaceWith(document.createElement('body'))")
    assert await tab.evaluate("document.documentElement.style.overflow") == ""
    await expect(tab.locator("huiying-widget")).to_have_count(0)
    await tab.evaluate(
        """(address) => {
             const again = document.createElement("script");
             again.src = address;
             again.dataset.account = "demo";
             document.body.append(again);
           }""",
        str(site.server.make_url("/widget.js?again")),
    )
    await expect(tab.locator("huiying-widget")).to_have_count(1)
    await tab.evaluate("Huiying('init', {account: 'demo', lang: 'en'})")
    await expect(tab.locator("button.launcher")).to_have_attribute("aria-label", "Chat with us")
    await tab.click("button.launcher")
    await tab.frame_locator("iframe").locator("html[lang=en][data-ready]").wait_for()
    assert await tab.evaluate("told") == ["open", "open"]
    await tab.evaluate("Huiying.destroy()")
    await expect(tab.locator("huiying-widget")).to_have_count(0)


async def test_a_telephone_s_screen_is_the_chat_s_and_its_keyboard_hides_nothing(site: Site) -> None:
    tab = await site.tab()
    await tab.goto(site.carrier())
    await tab.click("button.launcher")
    chat = tab.frame_locator("iframe")
    await chat.locator("#start").click()
    panel = tab.locator(".panel")
    assert await panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    await expect(panel).to_have_attribute("aria-modal", "true")
    await tab.evaluate(
        """Object.defineProperty(visualViewport, "height", {value: 500});
           Object.defineProperty(visualViewport, "offsetTop", {value: 44});
           visualViewport.dispatchEvent(new Event("resize"))"""
    )
    box = await chat.locator("#composer").bounding_box()
    assert box is not None
    assert box["y"] > 44
    assert box["y"] + box["height"] <= 544
