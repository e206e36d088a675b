"""The short form of ``python -m tests.flood``: while a chat overflows it is followed, and what is typed stays."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from router.events import Noted
from tests.browser.office import Office, open_office
from tests.flood.flood import flood
from tests.servers import Addresses

MOST = 150
"""Messages on the page of a thread that is followed (templates/static/desk/messages.js)."""
MANY = MOST + 40

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def office(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Office]:
    async with open_office(servers, template, browser) as opened:
        yield opened


async def test_what_is_typed_while_a_chat_overflows_stays_as_it_is_and_the_newest_message_in_sight(
    office: Office,
) -> None:
    seen = await flood(office, seconds=2, per_second=50, rows=20, stirred=5)
    assert seen.typed == seen.wanted
    assert seen.behind < 1
    assert len(seen.delays_ms) == seen.sent


async def test_a_thread_that_is_followed_keeps_its_newest_messages_and_gives_back_the_others(office: Office) -> None:
    tab, one = await office.serve()
    contact = await office.desk.contact(one)
    agent: int = await office.desk.stage.pool.fetchval("SELECT assignee FROM conversations WHERE id = $1", one)
    for number in range(MANY):
        await office.desk.stage.act(contact, Noted(agent, f"{number}."))
    messages = tab.locator("#thread > .m")
    await expect(messages.last).to_contain_text(f"{MANY - 1}.")
    assert await messages.count() <= MOST
    while await tab.locator("#older").count():
        before = await tab.get_attribute("#older button", "hx-get")
        await tab.click("#older button")
        await expect(tab.locator(f'#older button[hx-get="{before}"]')).to_have_count(0)
    notes = [text.strip() for text in await tab.locator("#thread > .m-note .text").all_text_contents()]
    assert notes == [f"{number}." for number in range(MANY)]
