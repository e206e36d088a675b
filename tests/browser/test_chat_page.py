"""A customer's conversation on the chat page, in a real browser, in front of the real door and a small house."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route, WebSocketRoute, expect

from channels.door import Choice
from channels.web.house import Reach, Standing
from tests.browser.site import HOT, STARS, Site, bubbles, open_site, say

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def site(browser: Browser) -> AsyncIterator[Site]:
    async with open_site(browser) as opened:
        yield opened


async def test_opening_the_page_stores_nothing_and_greets(site: Site) -> None:
    tab = await site.visit()
    await expect(tab.locator("#greeting .bubble")).to_contain_text("汇通移动")
    await expect(tab.locator("#standing")).to_have_text("智能客服在线")
    assert site.house.tokens == {}
    assert site.house.received == []


async def test_a_question_is_answered_in_order(site: Site) -> None:
    tab = await site.visit()
    await say(tab, "怎么查话费")
    await expect(bubbles(tab)).to_have_text(["怎么查话费", "您说：怎么查话费"])
    await say(tab, "流量呢")
    await expect(bubbles(tab)).to_have_text(["怎么查话费", "您说：怎么查话费", "流量呢", "您说：流量呢"])
    assert site.words == ["怎么查话费", "流量呢"]


async def test_a_person_is_one_tap_away(site: Site) -> None:
    tab = await site.visit()
    await tab.click("#human")
    await expect(bubbles(tab)).to_have_text(["转人工", "您说：转人工"])
    assert site.house.received[0].event.choice == "human"  # type: ignore[union-attr]


async def test_a_hot_question_is_asked_with_its_id(site: Site) -> None:
    tab = await site.visit()
    await tab.click("#shortcuts >> text=怎么开通国际漫游")
    await expect(bubbles(tab)).to_have_count(2)
    assert site.house.received[0].event.choice == "faq:roaming"  # type: ignore[union-attr]


async def test_enter_while_an_input_method_composes_sends_nothing(site: Site) -> None:
    tab = await site.visit()
    await tab.focus("#text")
    devtools = await site.context.new_cdp_session(tab)
    await devtools.send("Input.imeSetComposition", {"text": "hua fei", "selectionStart": 7, "selectionEnd": 7})
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229, "nativeVirtualKeyCode": 229}
    await devtools.send("Input.dispatchKeyEvent", {"type": "keyDown", **enter})
    await devtools.send("Input.insertText", {"text": "话费"})
    await expect(tab.locator("#text")).to_have_value("话费")
    assert site.house.received == []
    await tab.press("#text", "Enter")
    await expect(bubbles(tab)).to_have_count(2)
    assert site.words == ["话费"]


async def test_shift_enter_starts_a_new_line(site: Site) -> None:
    tab = await site.visit()
    await tab.fill("#text", "一")
    await tab.press("#text", "Shift+Enter")
    await tab.type("#text", "二")
    await tab.press("#text", "Enter")
    await expect(bubbles(tab)).to_have_count(2)
    assert site.words == ["一\n二"]


async def test_a_text_beyond_the_limit_is_not_sent(site: Site) -> None:
    tab = await site.visit()
    await tab.fill("#text", "字" * 4_001)
    await expect(tab.locator("#send")).to_be_disabled()
    await expect(tab.locator("#count")).to_contain_text("超出 1 字")
    await tab.press("#text", "Enter")
    await tab.fill("#text", "字" * 4_000)
    await expect(tab.locator("#send")).to_be_enabled()
    assert site.house.received == []


async def test_the_thread_and_the_draft_survive_a_reload(site: Site) -> None:
    tab = await site.visit()
    await say(tab, "你好")
    await expect(bubbles(tab)).to_have_count(2)
    await tab.fill("#text", "还没写完")
    await tab.reload()
    await expect(bubbles(tab)).to_have_text(["你好", "您说：你好"])
    await expect(tab.locator("#text")).to_have_value("还没写完")
    assert len(site.house.tokens) == 1


async def test_what_an_agent_says_arrives_by_itself(site: Site) -> None:
    tab = await site.visit()
    await say(tab, "人工")
    await expect(bubbles(tab)).to_have_count(2)
    site.house.stand(site.visitor, Standing("queued", place=3))
    await expect(tab.locator("#standing")).to_have_text("排队中，第 3 位")
    await expect(tab.locator("#cancel")).to_be_visible()
    site.house.stand(site.visitor, Standing("assigned", agent="王芳"))
    await expect(tab.locator("#standing")).to_have_text("客服 王芳 为您服务")
    site.house.add(site.visitor, "agent", "您好，请讲")
    await expect(tab.locator("#log .from-agent .bubble")).to_have_text("您好，请讲")
    await expect(tab.locator("#log .from-agent .sender")).to_have_text("客服 王芳")


async def test_a_person_learns_that_the_customer_writes_and_has_read_and_keeps_their_name(site: Site) -> None:
    tab = await site.visit()
    await say(tab, "人工")
    await expect(bubbles(tab)).to_have_count(2)
    await tab.type("#text", "写给机器人的")
    site.house.stand(site.visitor, Standing("assigned", agent="王芳"))
    await expect(tab.locator("#standing")).to_have_attribute("data-status", "assigned")
    assert site.house.typed == []
    await tab.type("#text", "写给王芳的")
    await site.house.happened(lambda: site.house.typed == [site.visitor])
    site.house.add(site.visitor, "agent", "请讲")
    await site.house.happened(lambda: site.house.reached.get(site.visitor, Reach()).read == 3)
    site.house.stand(site.visitor, Standing())
    await tab.reload()
    await expect(tab.locator("#log .from-agent .sender")).to_have_text("客服 王芳")


async def test_a_tone_is_wished_for_and_never_given_unasked(site: Site) -> None:
    tab = await site.visit()
    await tab.click("#menu summary")
    await expect(tab.locator("#sound")).to_have_attribute("aria-pressed", "false")
    await tab.evaluate(
        "window.tones = 0; const start = OscillatorNode.prototype.start;"
        "OscillatorNode.prototype.start = function (at) { tones += 1; start.call(this, at); }; 0"
    )
    await tab.click("#sound")
    await expect(tab.locator("#sound")).to_have_attribute("aria-pressed", "true")
    assert await tab.evaluate("tones") == 2
    await tab.click("#sound")
    assert await tab.evaluate("tones") == 2


async def test_where_sockets_fail_messages_come_by_long_poll(site: Site) -> None:
    async def refuse(socket: WebSocketRoute) -> None:
        await socket.close()

    await site.context.route_web_socket("**/socket", refuse)
    tab = await site.visit()
    await say(tab, "人工")
    await expect(bubbles(tab)).to_have_count(2)
    site.house.add(site.visitor, "agent", "您好，请讲")
    await expect(tab.locator("#log .from-agent .bubble")).to_have_text("您好，请讲")


async def test_what_is_written_offline_is_sent_once_when_the_network_is_back(site: Site) -> None:
    tab = await site.visit()
    await say(tab, "第一句")
    await expect(bubbles(tab)).to_have_count(2)
    await site.context.set_offline(True)
    await say(tab, "第二句")
    await say(tab, "第三句")
    await expect(tab.locator("#banner")).to_contain_text("不会丢失")
    await expect(tab.locator(".unsent .bubble").first).to_have_text("第二句")
    await site.context.set_offline(False)
    await expect(bubbles(tab)).to_have_count(6)
    await expect(tab.locator("#banner")).to_be_hidden()
    assert site.words == ["第一句", "第二句", "第三句"]


async def test_an_answer_that_was_lost_on_the_way_is_fetched_again(site: Site) -> None:
    tab = await site.visit()
    await say(tab, "第一句")
    await expect(bubbles(tab)).to_have_count(2)
    lost = 0

    async def lose(route: object) -> None:
        nonlocal lost
        lost += 1
        if lost == 1:
            await route.fetch()  # type: ignore[attr-defined]
            await route.abort()  # type: ignore[attr-defined]
        else:
            await route.continue_()  # type: ignore[attr-defined]

    await tab.route("**/messages", lose)
    await say(tab, "第二句")
    await expect(bubbles(tab)).to_have_text(["第一句", "您说：第一句", "第二句", "您说：第二句"])
    assert (lost, site.words) == (2, ["第一句", "第二句"])


async def test_unsent_words_survive_a_reload(site: Site) -> None:
    tab = await site.visit()
    await tab.route("**/sessions", lambda route: route.abort())
    await say(tab, "没网的时候写的")
    await expect(tab.locator(".unsent .bubble")).to_have_text("没网的时候写的")
    await tab.unroute("**/sessions")
    await tab.reload()
    await expect(bubbles(tab)).to_have_text(["没网的时候写的", "您说：没网的时候写的"])
    assert site.words == ["没网的时候写的"]


async def test_two_windows_show_each_message_once(site: Site) -> None:
    first = await site.visit()
    await say(first, "你好")
    await expect(bubbles(first)).to_have_count(2)
    second = await site.visit()
    await say(second, "在吗")
    for tab in (first, second):
        await expect(bubbles(tab)).to_have_text(["你好", "您说：你好", "在吗", "您说：在吗"])


async def test_choices_are_tapped_and_shown_as_picked(site: Site) -> None:
    site.house.answer = lambda said: (
        ("bot", "您是不是想问：", HOT) if said.text == "漫游" else ("bot", f"答：{said.choice}", ()),
    )
    tab = await site.visit()
    await say(tab, "漫游")
    await tab.click("#log .chip >> text=怎么开通国际漫游")
    await expect(bubbles(tab).last).to_have_text("答：faq:roaming")
    await expect(tab.locator("#log .chip[aria-pressed=true]")).to_have_text("怎么开通国际漫游？")


async def test_the_survey_is_a_row_of_stars(site: Site) -> None:
    tab = await site.visit()
    await say(tab, "人工")
    await expect(bubbles(tab)).to_have_count(2)
    site.house.add(site.visitor, "bot", "您对这次服务满意吗？", STARS)
    await tab.click(".star:nth-child(4)")
    await expect(tab.locator(".star[aria-pressed=true]")).to_have_attribute("aria-label", "4 星，第4档")
    await expect(tab.locator(".star.lit")).to_have_count(4)
    await expect(bubbles(tab).last).to_have_text("您说：★★★★ 第4档")
    assert site.house.received[-1].event.choice == "survey:7:4"  # type: ignore[union-attr]
    await tab.reload()
    await tab.mouse.move(1, 1)
    await expect(tab.locator(".star.lit")).to_have_count(4)


@pytest.mark.parametrize("typed", ["4", " ４ "])
async def test_a_score_that_is_typed_lights_its_stars(site: Site, typed: str) -> None:
    tab = await site.visit()
    await say(tab, "人工")
    await expect(bubbles(tab)).to_have_count(2)
    site.house.add(site.visitor, "bot", "您对这次服务满意吗？", STARS)
    await expect(tab.locator(".star")).to_have_count(5)
    await say(tab, typed)
    await expect(tab.locator(".star.lit")).to_have_count(4)
    await say(tab, "2")
    await expect(tab.locator(".star[aria-pressed=true]")).to_have_count(1)
    await expect(tab.locator(".star.lit")).to_have_count(4)


async def test_words_on_their_way_pick_nothing_of_what_comes_after_them(site: Site) -> None:
    """The next question may be there before the page knows that the words have arrived."""
    tab, told = await site.visit(), asyncio.Event()
    await say(tab, "人工")
    await expect(bubbles(tab)).to_have_count(2)
    site.house.add(site.visitor, "bot", "您对这次服务满意吗？", STARS)
    await expect(tab.locator(".star")).to_have_count(5)

    async def wait(route: Route) -> None:
        await told.wait()
        await route.continue_()

    await tab.route("**/messages", wait)
    await say(tab, "2")
    await expect(tab.locator(".star.lit")).to_have_count(2)
    site.house.add(site.visitor, "bot", "主要是因为哪一点？", HOT)
    chips = tab.locator("#log .chip")
    await expect(chips).to_have_count(2)
    await expect(tab.locator("#log .chip[aria-pressed=true]")).to_have_count(0)
    told.set()
    await expect(bubbles(tab).last).to_have_text("您说：2")
    await expect(tab.locator(".star.lit")).to_have_count(2)


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "javascript:alert(1)",
    'https://a.example/"onmouseover=alert(1)//',
    "{{7*7}}${7*7}",
    "<svg/onload=alert(1)>",
]


async def test_hostile_words_stay_words(site: Site) -> None:
    site.house.answer = lambda said: (("agent", said.text, (Choice("x", said.text),)),)
    tab = await site.visit()
    for number, text in enumerate(HOSTILE, start=1):
        await say(tab, text)
        await expect(bubbles(tab)).to_have_count(2 * number)
    assert await tab.locator("#log img, #log script, #log svg[onload]").count() == 0
    links = [await link.get_attribute("href") for link in await tab.locator("#log a").all()]
    assert links == ["https://a.example/"]
    await expect(bubbles(tab).first).to_have_text(HOSTILE[0])


async def test_history_is_not_read_out_but_what_follows_is(site: Site) -> None:
    tab = await site.visit()
    await say(tab, "你好")
    await expect(bubbles(tab)).to_have_count(2)
    await tab.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
             window.aloud = 0;
             const log = document.getElementById("log");
             new MutationObserver((changes) => {
               for (const change of changes) {
                 if (log.getAttribute("aria-live") !== "off") window.aloud += change.addedNodes.length;
               }
             }).observe(log, { childList: true });
           });"""
    )
    await tab.reload()
    await expect(bubbles(tab)).to_have_count(2)
    await expect(tab.locator("#log")).to_have_attribute("aria-live", "polite")
    assert await tab.evaluate("window.aloud") == 0
    site.house.add(site.visitor, "agent", "在的")
    await expect(bubbles(tab)).to_have_count(3)
    assert await tab.evaluate("window.aloud") == 1


async def test_older_messages_are_fetched_on_request(site: Site) -> None:
    tab = await site.visit()
    await say(tab, "你好")
    await expect(bubbles(tab)).to_have_count(2)
    for number in range(60):
        site.house.add(site.visitor, "agent", f"第{number}条")
    await tab.reload()
    await expect(bubbles(tab)).to_have_count(50)
    await expect(bubbles(tab).last).to_be_in_viewport()
    await tab.click("#earlier")
    await expect(bubbles(tab)).to_have_count(62)
    await expect(bubbles(tab).first).to_have_text("你好")
    await expect(tab.locator("#earlier")).to_be_hidden()


async def test_a_reader_further_up_is_told_what_is_new(site: Site) -> None:
    tab = await site.visit()
    await say(tab, "你好")
    await expect(bubbles(tab)).to_have_count(2)
    for number in range(30):
        site.house.add(site.visitor, "agent", f"第{number}条")
    await expect(bubbles(tab)).to_have_count(32)
    await tab.evaluate("document.getElementById('stream').scrollTop = 0")
    await expect(tab.locator("#latest")).to_be_visible()
    await expect(tab.locator("#latest")).to_have_text("回到最新消息")
    site.house.add(site.visitor, "agent", "新的")
    await expect(tab.locator("#latest")).to_have_text("1 条新消息")
    await tab.click("#latest")
    await expect(bubbles(tab).last).to_be_in_viewport()
    await expect(tab.locator("#latest")).to_be_hidden()


@pytest.mark.parametrize(
    ("lang", "tag", "send"), [("en", "en", "Send"), ("zh-TW", "zh-TW", "傳送"), ("xx", "zh-CN", "发送")]
)
async def test_the_page_speaks_three_languages(site: Site, lang: str, tag: str, send: str) -> None:
    tab = await site.visit(lang=lang)
    await expect(tab.locator("html")).to_have_attribute("lang", tag)
    await expect(tab.locator("#send")).to_have_attribute("aria-label", send)


async def test_large_text_is_remembered(site: Site) -> None:
    tab = await site.visit()
    before = await tab.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    await tab.click("#menu summary")
    await tab.click("#larger")
    await tab.reload()
    assert await tab.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == before * 1.25


async def test_everything_can_be_hit_and_nothing_sticks_out(site: Site) -> None:
    tab = await site.visit()
    await say(tab, "一段很长的话" * 30 + "https://example.com/" + "x" * 300)
    await expect(bubbles(tab)).to_have_count(2)
    site.house.add(site.visitor, "bot", "您对这次服务满意吗？", STARS)
    await expect(tab.locator(".stars")).to_be_visible()
    for width in (320, 390, 820, 1360):
        await tab.set_viewport_size({"width": width, "height": 800})
        assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await tab.evaluate(
            "document.getElementById('stream').scrollWidth <= document.getElementById('stream').clientWidth"
        )
        small = await tab.evaluate(
            """[...document.querySelectorAll("button, summary, textarea")]
                 .filter((one) => one.offsetParent)
                 .map((one) => one.getBoundingClientRect())
                 .filter((box) => box.width < 24 || box.height < 24).length"""
        )
        assert small == 0
