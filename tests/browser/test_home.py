"""The chat's home in a real browser: answers without a conversation, consent, files, and ease for everybody."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.announcements.announcement import Announcement, Level
from channels.web.house import Standing
from tests.browser.ease import grave
from tests.browser.site import STARS, Site, bubbles, open_site, say

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"


@pytest_asyncio.fixture(loop_scope="session")
async def site(browser: Browser) -> AsyncIterator[Site]:
    async with open_site(browser) as opened:
        yield opened


async def test_a_typed_question_is_answered_without_a_conversation(site: Site) -> None:
    tab = await site.visit(view="home")
    await tab.fill("#search", "漫游")
    await tab.click("#results .question")
    await expect(tab.locator("#results .answer .text")).to_contain_text("国际业务")
    assert site.house.tokens == {}
    await tab.click("#results .answer >> text=还有疑问")
    await expect(bubbles(tab)).to_have_count(2)
    assert site.house.received[0].event.choice == "faq:roaming"  # type: ignore[union-attr]
    await tab.click("#back")
    await expect(tab.locator("#start-label")).to_have_text("回到对话")


async def test_what_is_not_found_is_asked_in_the_conversation(site: Site) -> None:
    tab = await site.visit(view="home", lang="en")
    await tab.fill("#search", "qwxz")
    await expect(tab.locator("#found")).to_have_text("No such question found")
    await tab.press("#search", "Enter")
    await expect(bubbles(tab)).to_have_text(["qwxz", "您说：qwxz"])
    assert site.house.received[0].language == "en"


async def test_announcements_are_text_and_urgent_ones_are_seen_in_the_conversation_too(site: Site) -> None:
    site.board.up = [Announcement(Level.EMERGENCY, HOSTILE, HOSTILE)]
    tab = await site.visit(view="home")
    await tab.click(".announcement summary")
    await expect(tab.locator(".announcement p")).to_have_text(HOSTILE)
    assert await tab.locator(".announcement img, .announcement script").count() == 0
    await tab.click("#to-human")
    await expect(tab.locator("#urgent")).to_have_text(HOSTILE)


async def test_nothing_is_sent_before_the_visitor_agrees(site: Site) -> None:
    tab = await site.visit(account="careful", view="home")
    await tab.click("#to-human")
    await expect(tab.locator("#consent")).to_be_focused()
    assert site.house.tokens == {}
    await tab.click("#decline")
    await say(tab, "你好")
    await tab.press("#consent", "Escape")
    await expect(tab.locator("#text")).to_have_value("你好")
    await tab.click("#send")
    async with tab.expect_response("**/agreement"):
        await tab.click("#agree")
    await expect(bubbles(tab)).to_have_count(2)
    assert site.agreed == [("token-0-web-careful", "https://example.com/privacy")]
    await tab.reload()
    await say(tab, "在吗")
    await expect(bubbles(tab)).to_have_count(4)


async def test_a_picture_is_uploaded_and_sent(site: Site) -> None:
    tab = await site.visit()
    await tab.set_input_files("#file", {"name": "账单.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"})
    await expect(tab.locator("#log .file")).to_be_visible()
    await expect(bubbles(tab)).to_have_count(1)
    media = site.house.received[0].event.media  # type: ignore[union-attr]
    assert media is not None
    assert media.name == "账单.png"
    await tab.set_input_files("#file", {"name": "big.bin", "mimeType": "a/b", "buffer": b"x" * 1_000_001})
    await expect(tab.locator("#toast")).to_contain_text("big.bin")


async def test_business_is_begun_by_a_tap_on_the_home(site: Site) -> None:
    tab = await site.visit(view="home")
    await tab.click("#business .chip >> text=开具发票")
    await expect(bubbles(tab).first).to_have_text("开具发票")
    choices = [inbound.event.choice for inbound in site.house.received]  # type: ignore[union-attr]
    assert choices == ["form:start:invoice"]


async def test_new_words_are_marked_for_who_comes_back_and_the_chat_can_be_taken_home(site: Site) -> None:
    tab = await site.visit()
    await say(tab, "你好")
    await expect(bubbles(tab)).to_have_count(2)
    await tab.close()
    site.house.add(site.visitor, "agent", "您还在吗")
    tab = await site.visit()
    await expect(tab.locator(".divider")).to_have_text("新消息")
    await tab.click("#menu summary")
    async with tab.expect_download() as download:
        await tab.click("#transcript")
    assert "您还在吗" in (await (await download.value).path()).read_text("utf-8-sig")


async def test_the_wait_is_told_and_the_theme_is_remembered(site: Site) -> None:
    tab = await site.visit()
    await say(tab, "人工")
    await expect(bubbles(tab)).to_have_count(2)
    site.house.stand(site.visitor, Standing("queued", place=3, minutes=12))
    await expect(tab.locator("#standing")).to_have_text("排队中，第 3 位，约 12 分钟")
    await tab.click("#menu summary")
    await tab.click(".themes [data-theme=dark]")
    await tab.reload()
    assert await tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 21, 20)"


async def test_everybody_can_use_home_and_conversation(site: Site) -> None:
    site.board.up = [Announcement(level, "宽带故障", "正在抢修") for level in Level]
    tab = await site.visit(view="home")
    await tab.fill("#search", "漫游")
    await tab.click("#results .question")
    await expect(tab.locator("#results .answer-doors")).to_be_visible()
    assert await grave(tab) == []
    await tab.click("#start")
    await say(tab, "你好 https://example.com")
    await expect(bubbles(tab)).to_have_count(2)
    site.house.add(site.visitor, "agent", "请打分", STARS)
    await expect(tab.locator(".stars")).to_be_visible()
    await tab.click("#menu summary")
    assert await grave(tab) == []
