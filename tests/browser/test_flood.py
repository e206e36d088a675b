"""The short form of ``python -m tests.flood``: what an agent types while a chat overflows stays as it is."""

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


async def test_what_is_typed_while_a_chat_overflows_stays_as_it_is(office: Office) -> None:
    seen = await flood(office, seconds=2, per_second=50, rows=20)
    assert seen.typed == seen.wanted
    assert len(seen.delays_ms) == seen.sent
