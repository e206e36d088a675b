"""The short form of ``python -m tests.flood``: while a chat overflows it is followed, and what is typed stays."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.office import Office, open_office
from tests.flood.flood import flood
from tests.servers import Addresses

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
