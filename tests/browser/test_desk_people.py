"""The pages of administrators and auditors in a real browser: an account is made, and found on the trail."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.people.rights import Role
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


async def test_an_administrator_takes_somebody_in_and_finds_it_on_the_trail(office: Office) -> None:
    tab = await office.log_in(await office.desk.hire("admin", "林岚", role=Role.ADMIN))
    await tab.goto(office.url("/desk/people"))
    assert await grave(tab) == []
    await tab.click("a.button.primary")
    await tab.fill('[name="login"]', "zhaolei")
    await tab.fill('[name="name"]', "赵磊")
    await tab.fill('[name="skills"]', "mobile, broadband:2099-01-31")
    assert await grave(tab) == []
    await tab.click("form.fields button.primary")
    await expect(tab.locator("code.secret")).not_to_be_empty()
    assert await grave(tab) == []
    await tab.goto(office.url("/desk/audit"))
    await tab.select_option('[name="deed"]', "account_added")
    await tab.click("form.filters button")
    await expect(tab.locator(".ledger tbody tr")).to_have_count(2)
    await expect(tab.locator(".ledger tbody tr").first).to_contain_text("zhaolei")
    assert await grave(tab) == []


async def test_an_auditor_begins_at_the_trail_and_sees_no_other_way(office: Office) -> None:
    auditor = await office.desk.hire("shenji", "申济", role=Role.AUDITOR)
    tab = await (await office.window()).new_page()
    await tab.goto(office.url("/desk"))
    await tab.fill("#login", auditor.login)
    await tab.fill("#password", PASSWORD)
    await tab.click("button.primary")
    await tab.wait_for_url("**/desk/audit")
    ways = [await way.get_attribute("href") for way in await tab.locator(".rail a.rail-item").all()]
    assert ways == ["/desk/audit", "/desk/account"]
    await expect(tab.locator("#bell-button")).to_be_visible()


async def test_a_second_factor_is_set_up_with_a_telephone_and_asked_at_the_next_log_in(office: Office) -> None:
    wang = await office.desk.hire("wangfang")
    tab = await office.log_in(wang, await office.window(scheme="dark"))
    await tab.goto(office.url("/desk/account"))
    await tab.click(".account-act button")
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
