"""Business and customers' records at the desk, in a real browser: live, in full on request, and usable by everybody."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.crm.built_in import BuiltIn
from bot.crm.record import Month, Record
from tests.browser.ease import grave
from tests.browser.office import Office, open_office
from tests.servers import Addresses

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANSWERS = '[{"step": "kind", "value": "company", "at": "2026-11-26T02:00:00Z"}]'


@pytest_asyncio.fixture(loop_scope="session")
async def office(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Office]:
    async with open_office(servers, template, browser) as opened:
        yield opened


async def test_requests_and_records_can_be_used_by_everybody(office: Office) -> None:
    pool = office.desk.stage.pool
    person, one = await office.desk.hire("wangfang"), await office.desk.queued()
    await office.desk.give(one, person.id)
    record = Record("C100245", "张三丰", "江苏", "金卡", "畅享129", 1250, (Month("2026-10", 12850),), real_name=False)
    await BuiltIn(pool).keep(record, datetime.now(UTC))
    contact = await office.desk.contact(one)
    await pool.execute(
        "WITH made AS (INSERT INTO customers (number) VALUES ('C100245') RETURNING id)"
        " UPDATE contacts SET customer_id = made.id FROM made WHERE contacts.id = $1",
        contact,
    )
    await pool.execute(
        "INSERT INTO business_requests (contact_id, form, version, urgent, answers, started, filed)"
        " VALUES ($1, 'invoice', 1, true, $2::text::jsonb, now(), now())",
        contact,
        ANSWERS,
    )
    tab = await office.log_in(person)
    await tab.goto(office.url(f"/desk/c/{one}"))
    await expect(tab.locator("#crm")).to_contain_text("金卡 · 江苏")
    await expect(tab.locator("#crm")).not_to_contain_text("128.50")
    await tab.click("#crm summary")
    await tab.fill("#crm [name=reason]", "核对账单")
    await tab.click("#crm .number button")
    await expect(tab.locator("#crm-shown")).to_contain_text("128.50")
    assert await grave(tab) == []
    await tab.goto(office.url("/desk/requests"))
    await expect(tab.locator("#requests-dot")).to_have_text("1")
    assert await grave(tab) == []
    await tab.click("text=受理 >> nth=-1")
    await expect(tab.locator("#requests")).to_contain_text("办理中")
