"""What agents and leaders see of the way to the customer: budget, receipts, typing, dead letters, masked numbers."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from playwright.async_api import Page as Tab

from bot.lru import Lru
from bot.outbox.accounts import report
from bot.people.rights import Role
from bot.reach.reaches import Reaches
from channels.door import Address
from router.events import VoicemailLeft
from tests.bot.stage import FOLLOWER
from tests.browser.ease import grave
from tests.browser.office import Office, open_office
from tests.servers import Addresses

pytestmark = pytest.mark.asyncio(loop_scope="session")

CUSTOMER = Address("web", "demo", "v:1")
CALLER = Address("hotline", "demo", "13800138000")


@pytest_asyncio.fixture(loop_scope="session")
async def office(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Office]:
    async with open_office(servers, template, browser) as opened:
        yield opened


async def on_wechat(office: Office, left: int) -> tuple[Tab, int]:
    """A leader with a conversation on WeChat, where so many messages may still be sent."""
    leader = await office.desk.hire("chenjing", "陈静", role=Role.LEADER)
    await office.desk.stage.say("人工", FOLLOWER)
    one: int = await office.desk.stage.pool.fetchval("SELECT max(id) FROM conversations")
    await office.desk.give(one, leader.id, "陈静")
    await office.desk.stage.pool.execute("UPDATE contacts SET budget_left = $1", left)
    tab = await office.log_in(leader)
    await tab.goto(office.url(f"/desk/c/{one}"))
    return tab, one


async def test_the_messages_that_may_be_sent_count_down_with_each_answer(office: Office) -> None:
    tab, _ = await on_wechat(office, 3)
    allowance = tab.locator("#allowance")
    await expect(allowance).to_contain_text("还可发 2 条")
    for left, said in ((1, "只剩 1 条"), (0, "可发条数已用完")):
        await tab.fill("#text", f"第{left}句")
        await tab.press("#text", "Enter")
        await expect(allowance).to_contain_text(said)
    await expect(allowance).to_contain_text("答复会留在“送达”页")
    await office.desk.stage.say("还有一件事", FOLLOWER)
    await expect(allowance).to_contain_text("还可发 4 条")
    assert await grave(tab) == []


async def test_a_leader_decides_about_a_message_in_doubt_and_hears_of_a_troubled_account(office: Office) -> None:
    tab, one = await on_wechat(office, 5)
    await office.desk.stage.reply(await office.desk.contact(one), 1, "您的退款已到账")
    await office.desk.stage.pool.execute(
        "UPDATE outbox SET state = 'in_doubt', error = 'timeout', attempts = 1 WHERE kind = 'agent'"
    )
    await report(office.desk.stage.pool, office.desk.stage.bus, "wechat", "demo", "address_unlisted")
    await expect(tab.locator("#toasts")).to_contain_text("服务器地址不在平台白名单里")
    await expect(tab.locator("#delivery-dot")).to_have_text("1")
    await tab.click(".rail a[href='/desk/delivery']")
    await expect(tab.locator(".accounts")).to_contain_text("IP 白名单")
    assert await grave(tab) == []
    await tab.get_by_role("button", name="客户收到了").click()
    await expect(tab.get_by_role("status")).to_contain_text(["已记为送达"])
    await expect(tab.locator(".decided")).to_contain_text("陈静 确认已送达")
    await expect(tab.locator("#delivery-dot")).to_be_hidden()


async def test_the_customer_s_dots_and_receipts_are_on_the_desk(office: Office) -> None:
    tab, one = await office.serve()
    contact = await office.desk.contact(one)
    ids: Lru[Address, int] = Lru(10)
    ids.put(CUSTOMER, contact)
    reaches = Reaches(office.desk.stage.pool, office.desk.stage.bus, ids)
    reaches.typing(CUSTOMER)
    await expect(tab.locator("#typing")).to_be_visible()
    await expect(tab.locator(f"#card-{one} .card-typing")).to_be_visible()
    await office.desk.stage.say("写好了", CUSTOMER)
    await expect(tab.locator("#typing")).to_be_hidden()
    await tab.fill("#text", "收到")
    await tab.press("#text", "Enter")
    await expect(tab.locator(".m-agent .way")).to_have_text("已发送")
    seq = await office.desk.stage.pool.fetchval("SELECT seq FROM contacts WHERE id = $1", contact)
    await reaches.note(CUSTOMER, delivered=seq, read=seq)
    await expect(tab.locator(".m-agent .way")).to_have_text("已读")


async def test_a_masked_number_is_shown_for_a_reason_and_hidden_after_a_minute(office: Office) -> None:
    rang = datetime.now(UTC) - timedelta(minutes=3)
    await office.desk.stage.say("", CALLER, event=VoicemailLeft("c", rang, 20, "请回电"))
    tab = await office.log_in(await office.desk.hire("wangfang"))
    await tab.clock.install()
    await tab.goto(office.url("/desk/questions"))
    await expect(tab.locator(".number")).to_contain_text("138****8000")
    await tab.get_by_text("查看").first.click()
    await tab.fill(".number [name=reason]", "回电核实")
    await tab.press(".number [name=reason]", "Enter")
    await expect(tab.locator(".number-shown a")).to_have_text("13800138000")
    await expect(tab.locator(".number-shown a")).to_have_attribute("href", "tel:13800138000")
    assert await grave(tab) == []
    await tab.clock.run_for(1000)
    await expect(tab.locator(".number-shown")).to_contain_text(re.compile(r"\d+ 秒后隐藏"))
    await tab.clock.run_for(60_000)
    await expect(tab.locator(".number-shown")).to_have_count(0)
    await tab.get_by_label("答复内容").fill("已派单")
    await tab.get_by_role("button", name="已回电").click()
    await expect(tab.get_by_role("status").first).to_contain_text("已记下电话里的答复")
