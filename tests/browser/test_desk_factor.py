"""A second factor in a real browser: set up at one's own account, asked for at the next log-in."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.bot.desk_stage import PASSWORD
from tests.bot.test_second_factor import secret_in, telephone
from tests.browser.ease import grave
from tests.browser.office import Office, open_office
from tests.servers import Addresses

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def office(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Office]:
    async with open_office(servers, template, browser) as opened:
        yield opened


async def test_a_second_factor_is_set_up_with_a_telephone_and_asked_at_the_next_log_in(office: Office) -> None:
    wang = await office.desk.hire("wangfang")
    tab = await office.log_in(wang, await office.window(scheme="dark"))
    await tab.goto(office.url("/desk/account"))
    await tab.click(".account-act button")
    await expect(tab.locator(".account-proof button")).to_be_visible()
    secret = secret_in(await tab.content())
    assert await grave(tab) == []
    await tab.fill(".account-code", telephone(secret))
    await tab.click(".account-proof button")
    await expect(tab.locator(".account-codes code")).to_have_count(10)
    assert await grave(tab) == []
    await tab.click('form[action="/desk/logout"] button')
    await tab.fill("#login", wang.login)
    await tab.fill("#password", PASSWORD)
    await tab.click("button.primary")
    await expect(tab.locator("#code")).to_be_focused()
    assert await grave(tab) == []
    await tab.fill("#code", telephone(secret, 1))
    await tab.click("button.primary")
    await tab.wait_for_url("**/desk")
