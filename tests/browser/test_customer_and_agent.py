"""A customer and an agent, each in a browser of their own: from the bot's answer to a person's, and to the end."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FrameLocator, expect
from playwright.async_api import Page as Tab

from bot.chat.language import chat_words
from bot.words import fill, words
from tests.browser.day import Look
from tests.browser.operator import AGENT, Operator, open_operator
from tests.servers import Addresses, beside, create_database, drop_database

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.journey]

KNOWN = "怎么查话费余额"
"""A question that the demo answers."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def operator(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Operator]:
    name = f"{template}_together"
    await create_database(servers.database_url, name, template=template)
    async with open_operator(beside(servers.database_url, name), servers.redis_url, browser) as opened:
        yield opened
    await drop_database(servers.database_url, name)


async def at_the_desk(operator: Operator, look: Look) -> Tab:
    """The agent logs in and comes online."""
    await operator.house.pool.execute(
        "UPDATE agents SET language = $2 WHERE login = $1", operator.agent.login, look.language
    )
    context = await operator.browser.new_context(color_scheme="dark" if look.scheme == "dark" else "light")
    operator.contexts.append(context)
    tab = await context.new_page()
    await tab.goto(operator.url("/desk"))
    await tab.fill("#login", operator.agent.login)
    await tab.fill("#password", operator.password)
    await tab.click("button.primary")
    online = tab.locator("button[name=presence][value=online]")
    await online.click()
    await expect(online).to_have_attribute("aria-pressed", "true")
    return tab


async def ask(chat: Tab | FrameLocator, text: str) -> None:
    """Write a message in the chat."""
    await chat.locator("#text").fill(text)
    await chat.locator("#text").press("Enter")


async def serve(operator: Operator, chat: Tab | FrameLocator, look: Look) -> None:
    """The customer asks for a person; the agent gets the chat, they talk, and the agent closes it."""
    page, bot = chat_words(look.language), words(look.language)
    await chat.locator("#human").click()
    await expect(chat.locator("#standing")).to_have_attribute("data-status", "queued")
    desk = await at_the_desk(operator, look)
    one = await operator.assign()
    await expect(chat.locator("#standing")).to_have_text(fill(page["chat.standing.assigned"], [("agent", AGENT)]))
    await desk.click(f'[data-open="{one}"]')
    await expect(desk.locator("#thread")).to_contain_text(KNOWN)
    await desk.fill("#text", "{name} 您好，已经为您查到")
    await desk.press("#text", "Enter")
    await expect(chat.locator("#log .from-agent .bubble")).to_have_text("{name} 您好，已经为您查到")
    await ask(chat, "谢谢")
    await expect(desk.locator(".m-contact").last).to_contain_text("谢谢")
    await desk.click("#close-button")
    await desk.locator("#close-form label").first.click()
    await desk.click("#close-form button.primary")
    await expect(desk.locator("#head")).to_have_attribute("data-mode", "closed")
    await expect(chat.locator("#log .from-system .bubble").last).to_have_text(bot["closed.agent"])


async def test_a_customer_on_the_page_asks_the_bot_then_a_person_and_hears_the_answer(
    operator: Operator, look: Look
) -> None:
    tab = await operator.visit(look.language)
    await tab.emulate_media(color_scheme="dark" if look.scheme == "dark" else "light")
    await ask(tab, KNOWN)
    await expect(tab.locator("#log .bubble")).to_have_count(2)
    await serve(operator, tab, look)


async def test_a_customer_in_the_widget_of_another_site_is_served_without_leaving_it(
    operator: Operator, look: Look
) -> None:
    tab = await operator.visit(look.language, path=f"/shop/{look}")
    await tab.emulate_media(color_scheme="dark" if look.scheme == "dark" else "light")
    await tab.click("button.launcher")
    chat = tab.frame_locator("iframe")
    await chat.locator("#start").click()
    await ask(chat, KNOWN)
    await expect(chat.locator("#log .bubble")).to_have_count(2)
    await serve(operator, chat, look)
    await expect(tab.locator("h1")).to_have_text("Shop")
