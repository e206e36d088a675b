"""What customers go through, from end to end: their browser, the house and its servers, and an agent at the desk."""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import jwt
import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, expect
from playwright.async_api import Page as Tab

from bot.announcements.announcement import Level
from bot.chat.language import chat_words
from bot.surveys.questionnaires import shipped_questionnaires
from bot.words import fill, words
from tests.browser.ease import grave
from tests.browser.operator import AGENT, Operator, far_hours, hear, open_operator
from tests.browser.site import bubbles
from tests.browser.until import until
from tests.servers import Addresses, beside, create_database, drop_database

pytestmark = pytest.mark.asyncio(loop_scope="session")

KNOWN = "怎么查话费余额"
"""A question that the demo answers; its knowledge is written in Chinese."""
VAGUE = "流量"
"""It may mean several questions."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def operator(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Operator]:
    name = f"{template}_journeys"
    await create_database(servers.database_url, name, template=template)
    async with open_operator(beside(servers.database_url, name), servers.redis_url, browser) as opened:
        yield opened
    await drop_database(servers.database_url, name)


@dataclass(frozen=True)
class Tongue:
    """A language, and what the page and the bot say in it."""

    code: str
    page: Mapping[str, str]
    bot: Mapping[str, str]

    def shows(self, key: str, **fields: str | int) -> str:
        """Words of the page."""
        return fill(self.page[f"chat.{key}"], fields.items())

    def tells(self, key: str, **fields: str | int) -> str:
        """Words of the bot."""
        return fill(self.bot[key], fields.items())


@pytest.fixture(params=["zh", "en"])
def tongue(request: pytest.FixtureRequest) -> Tongue:
    code = str(request.param)
    return Tongue(code, chat_words(code), words(code))


def picture() -> bytes:
    """A real PNG."""
    file = BytesIO()
    Image.new("RGB", (320, 200), "#0b6e63").save(file, "PNG")
    return file.getvalue()


async def queued(operator: Operator, tongue: Tongue) -> Tab:
    """A customer who waits for a person."""
    tab = await operator.visit(tongue.code)
    await tab.click("#human")
    await expect(tab.locator("#standing")).to_have_attribute("data-status", "queued")
    return tab


async def test_a_customer_finds_asks_taps_and_comes_back_to_the_same_thread(operator: Operator, tongue: Tongue) -> None:
    tab = await operator.visit(tongue.code, view="home")
    await tab.fill("#search", "5G")
    await tab.locator("#results .question").first.click()
    await expect(tab.locator("#results .answer-doors")).to_be_visible()
    assert await grave(tab) == []
    await tab.click("#start")
    await hear(tab, KNOWN)
    await hear(tab, VAGUE)
    await expect(bubbles(tab).last).to_have_text(tongue.tells("suggest"))
    chip = tab.locator("#log .row").last.locator(".chip").first
    label = await chip.text_content()
    await chip.click()
    await expect(tab.locator("#log .chip[aria-pressed=true]")).to_have_text(label or "")
    await expect(bubbles(tab)).to_have_count(6)
    assert await grave(tab) == []
    said = await bubbles(tab).all_text_contents()
    await tab.reload()
    await expect(bubbles(tab)).to_have_text(said)
    other = "en" if tongue.code == "zh" else "zh"
    await tab.click("#menu summary")
    await tab.click(f".languages a[hreflang={other}]")
    await expect(tab.locator("#standing")).to_have_text(chat_words(other)["chat.standing.bot"])
    await expect(bubbles(tab)).to_have_text(said)
    await hear(tab, "qwxz")
    await expect(bubbles(tab).last).to_have_text(words(other)["nothing"])


async def test_words_and_answers_of_a_lost_connection_come_through_once(operator: Operator, tongue: Tongue) -> None:
    tab = await operator.visit(tongue.code)
    await hear(tab, "qwxz")
    await tab.context.set_offline(True)
    await tab.fill("#text", KNOWN)
    await tab.press("#text", "Enter")
    await expect(tab.locator("#banner")).to_have_text(tongue.shows("offline"))
    await expect(tab.locator(".unsent .state")).to_have_text(tongue.shows("waiting"))
    assert await grave(tab) == []
    await tab.context.set_offline(False)
    await expect(bubbles(tab)).to_have_count(4)
    await expect(tab.locator("#banner")).to_be_hidden()
    await tab.reload()
    await expect(bubbles(tab)).to_have_count(4)
    await expect(bubbles(tab).nth(2)).to_have_text(KNOWN)


async def test_a_person_takes_over_sees_a_picture_answers_and_is_rated(operator: Operator, tongue: Tongue) -> None:
    first = await queued(operator, tongue)
    tab = await queued(operator, tongue)
    await expect(tab.locator("#standing")).to_contain_text("2")
    await expect(tab.locator("#cancel")).to_have_text(tongue.shows("cancel_queue"))
    assert await grave(tab) == []
    await first.click("#cancel")
    await expect(tab.locator("#standing")).to_have_text(tongue.shows("standing.queued", place=1))
    await operator.choose("online")
    one = await operator.assign()
    await expect(tab.locator("#standing")).to_have_text(tongue.shows("standing.assigned", agent=AGENT))
    await tab.set_input_files("#file", {"name": "账单.png", "mimeType": "image/png", "buffer": picture()})
    await expect(tab.locator("#log .picture")).to_be_visible()
    await expect(tab.locator("#log .receipt")).to_be_visible()
    assert "账单.png" in await operator.agent.get(f"/desk/c/{one}")
    await tab.set_input_files("#file", {"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"})
    await expect(tab.locator("#toast")).to_have_text(tongue.shows("attach.kind", name="a.svg"))
    await tab.set_input_files("#file", {"name": "big.png", "mimeType": "image/png", "buffer": b"x" * (1024 * 1024 + 1)})
    await expect(tab.locator("#toast")).to_have_text(tongue.shows("attach.big", name="big.png", limit=1))
    await operator.write(one)
    await expect(tab.locator("#typing.from-agent")).to_be_visible()
    await expect(tab.locator("#shortcuts")).to_be_hidden()
    await operator.answer(one, "已经处理好了")
    await expect(tab.locator("#log .from-agent .bubble")).to_have_text("已经处理好了")
    await expect(tab.locator("#typing")).to_be_hidden()
    assert await grave(tab) == []
    await operator.close(one)
    await expect(tab.locator("#log .from-system .bubble").last).to_have_text(tongue.tells("closed.agent"))
    await tab.reload()
    await expect(tab.locator("#log .from-agent .sender")).to_have_text(tongue.shows("sender.agent_named", agent=AGENT))
    await operator.choose("offline")
    await rate(operator, tab, tongue)


async def rate(operator: Operator, tab: Tab, tongue: Tongue) -> None:
    """A day later: the customer gives four stars and says why."""
    await operator.next_day()
    await expect(bubbles(tab).last).to_have_text(tongue.tells("survey.ask", agent=AGENT))
    assert await grave(tab) == []
    await tab.click(".star:nth-child(4)")
    asked = shipped_questionnaires().latest
    assert asked.why is not None
    await expect(bubbles(tab).last).to_have_text(tongue.tells("survey.reason", why=asked.why.read(tongue.code)))
    await tab.click(f"#log .chip:text-is('{asked.offered(4)[0].label.read(tongue.code)}')")
    await expect(bubbles(tab).last).to_have_text(tongue.tells("survey.reason.thanks"))
    await hear(tab, "很快")
    await expect(bubbles(tab).last).to_have_text(tongue.tells("survey.comment.thanks"))
    await expect(tab.locator(".star.lit")).to_have_count(4)
    row = await operator.house.pool.fetchrow("SELECT score, reasons, comment FROM surveys ORDER BY id DESC LIMIT 1")
    assert row is not None
    assert (row["score"], row["reasons"], row["comment"]) == (75, [asked.offered(4)[0].id], "很快")


async def test_out_of_hours_a_message_is_left_and_news_come_by_themselves(operator: Operator, tongue: Tongue) -> None:
    await operator.serve_at(far_hours(datetime.now(UTC)))
    tab = await operator.visit(tongue.code, view="home")
    await expect(tab.locator("#state")).to_have_attribute("data-open", "false")
    await expect(tab.locator("#to-human")).to_be_hidden()
    assert await grave(tab) == []
    await tab.click("#to-leave")
    await expect(bubbles(tab).last).to_have_text(tongue.tells("leave.ask"))
    await hear(tab, "我的宽带坏了")
    await expect(bubbles(tab).last).to_contain_text(tongue.tells("leave.saved").partition("{")[0])
    await expect(tab.locator("#leave")).to_be_visible()
    title = f"宽带故障 {tongue.code}"
    await operator.announce(Level.EMERGENCY, title)
    await tab.evaluate("dispatchEvent(new Event('online'))")
    await expect(tab.locator("#urgent")).to_have_text(title)
    assert await grave(tab) == []
    await operator.serve_at("00:00-24:00")


async def test_a_customer_who_is_known_finds_their_thread_on_another_device(operator: Operator, tongue: Tongue) -> None:
    secret = operator.house.settings.accounts.web["demo"].jwt_secret
    claims = {"sub": f"customer-{tongue.code}", "aud": "huiying-web", "exp": int(time.time()) + 600}
    proof = jwt.encode(claims, secret)
    for visited in range(2):
        tab = await operator.visit(tongue.code, path=f"/shop/{tongue.code}")
        await tab.evaluate("Huiying('identify', () => new Promise(prove => (window.prove = prove)))")
        await tab.click("button.launcher")
        chat = tab.frame_locator("iframe")
        if visited == 0:  # Words that are quicker than the site's proof wait for it.
            await chat.locator("#start").click()
            await chat.locator("#text").fill(KNOWN)
            await chat.locator("#text").press("Enter")
        await until(tab, "() => window.prove !== undefined")
        await tab.evaluate("proof => prove(proof)", proof)
        await expect(chat.locator("#log .bubble").first).to_have_text(KNOWN)
        await expect(chat.locator("#log .bubble")).to_have_count(2)


async def test_all_of_it_goes_by_keyboard_alone_and_in_large_text(operator: Operator, tongue: Tongue) -> None:
    tab = await operator.visit(tongue.code, view="home")
    keys = tab.keyboard
    await keys.press("Tab")
    await expect(tab.locator("#skip-home")).to_be_focused()
    await keys.press("Enter")
    await expect(tab.locator("#search")).to_be_focused()
    await tab.focus("#menu summary")
    await keys.press("Enter")
    await keys.press("Tab")
    await keys.press("Space")
    await expect(tab.locator("html")).to_have_class("larger")
    await keys.press("Escape")
    await expect(tab.locator("#menu summary")).to_be_focused()
    await tab.focus("#start")
    await keys.press("Enter")
    await expect(tab.locator("#text")).to_be_focused()
    await keys.type(VAGUE)
    await keys.press("Enter")
    await expect(tab.locator("#log .chip").first).to_be_visible()
    await expect(tab.locator("#text")).to_be_focused()
    await tab.locator("#stream").focus()
    await keys.press("Tab")
    await expect(tab.locator("#log .chip").first).to_be_focused()
    await keys.press("Enter")
    await expect(bubbles(tab)).to_have_count(4)
    assert await grave(tab) == []
    assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await tab.focus("#back")
    await keys.press("Enter")
    await expect(tab.locator("#start")).to_be_focused()
