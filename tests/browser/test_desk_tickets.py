"""Tickets in a real browser: written down from a chat, worked on by a department, and live on the board."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.people.rights import Role
from bot.tickets import query
from tests.bot.desk_stage import PASSWORD
from tests.bot.test_ticket_imports_page import work
from tests.browser.ease import grave
from tests.browser.office import Office, open_office
from tests.router.test_forms import office as world
from tests.servers import Addresses

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def office(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Office]:
    async with open_office(servers, template, browser, at=world()) as opened:
        yield opened


async def test_a_ticket_goes_from_the_chat_to_the_department_and_back_to_the_customer(office: Office) -> None:
    tab, _ = await office.serve(name="林小雨")
    fixer = await office.desk.hire("zhaolei", "赵磊", role=Role.HANDLER)
    await office.desk.stage.pool.execute("UPDATE agents SET department = 'network' WHERE id = $1", fixer.id)
    other = await (await office.window()).new_page()
    await other.goto(office.url("/desk"))
    await other.fill("#login", fixer.login)
    await other.fill("#password", PASSWORD)
    await other.click("button.primary")
    await other.wait_for_url("**/desk/tickets")
    await other.goto(office.url("/desk/tickets?view=board"))
    await expect(other.locator(".tk-card")).to_have_count(0)

    await tab.click("text=新建工单")
    await expect(tab.locator("[name=text]")).to_have_value("我的宽带坏了")
    await tab.check("[name=kind][value=complaint]", force=True)
    await tab.select_option("[name=cause]", "network")
    assert await grave(tab) == []
    await tab.click("text=创建工单")
    await expect(tab.locator("h1")).to_contain_text("宽带故障")
    assert await grave(tab) == []

    await expect(other.locator(".tk-card")).to_have_count(1)
    await expect(other.locator("#tickets-dot")).to_have_text("1")
    assert await grave(other) == []
    await other.click(".tk-card")
    await other.click(".tk-act-first button")
    await expect(other.locator(".tk-badges")).to_contain_text("处理中")
    await other.click("summary:has-text('处理完毕')")
    await other.fill(".tk-act[open] [name=text]", "换了光猫")
    await other.click(".tk-act[open] button")
    await expect(other.locator(".tk-timeline")).to_contain_text("换了光猫")
    await other.set_input_files("[data-attach]", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"report"})
    await expect(other.locator(".tk-links")).to_contain_text("a.txt")

    await tab.reload()
    await expect(tab.locator(".tk-timeline")).to_contain_text("已告知客户")
    await tab.check("[name=settled][value=yes]", force=True)
    await tab.click(".tk-act-first button")
    await expect(tab.locator(".tk-badges")).to_contain_text("待归档")
    await tab.goto(office.url("/desk/tickets"))
    assert await grave(tab) == []
    assert office.faults == []


async def test_a_file_of_tickets_is_chosen_looked_over_and_taken_in(office: Office) -> None:
    boss = await office.desk.hire("chenjing", "陈静", role=Role.MANAGER)
    office.desk.hotlines.append("north")
    tab = await office.log_in(boss)
    await tab.goto(office.url("/desk/tickets"))
    await tab.click("text=导入工单")
    row = "1,13800138000,broadband.fault,光猫红灯断网两天,2026-01-05 10:00"
    text = (
        f"number,phone,business,text,created\n{row}\n{row.replace('1,', '2,', 1).replace('光猫红灯断网两天', '坏')}\n"
    )
    file = {"name": "老系统.csv", "mimeType": "text/csv", "buffer": text.encode()}
    await tab.set_input_files("[data-attach]", file)  # type: ignore[arg-type]
    await expect(tab.locator(".ti-file")).to_contain_text("正在检查")
    await work(office.desk)
    await expect(tab.locator(".ti-wrong tbody")).to_have_text(re.compile("3.*描述.*描述太少"))
    assert await grave(tab) == []
    await tab.set_input_files("[data-attach]", file)  # type: ignore[arg-type]
    await expect(tab.locator(".ti-file progress")).to_be_visible()
    await tab.select_option("#ti-account-1", "north")
    await work(office.desk)
    await expect(tab.locator("#ti-account-2")).to_have_value("")
    await expect(tab.locator("#ti-account-1")).to_have_value("north")
    await tab.click(".ti-file:has(#ti-account-1) button")
    await work(office.desk)
    await expect(tab.locator(".ti-done")).to_contain_text("已导入 · 热线账号 north")
    await tab.click(".ti-wrong summary")
    await tab.click(".ti-guide summary")
    assert await grave(tab) == []
    await tab.goto(office.url("/desk/tickets?words=1"))
    await expect(tab.locator(".tk-table")).to_contain_text("光猫红灯断网两天")


async def test_a_search_that_has_far_to_go_says_so_and_goes_on_by_itself(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("WALK", 3), ("RANGE", 10), ("COMMON", 1), ("PATIENCE", 0.0)):
        monkeypatch.setattr(query, name, value)
    boss = await office.desk.hire("chenjing", "陈静", role=Role.MANAGER)
    await office.desk.queued()
    await office.desk.stage.pool.execute(
        "INSERT INTO tickets (contact_id, kind, business, text, created, state, department, next_due)"
        " SELECT (SELECT min(id) FROM contacts), 'matter', 'broadband.fault', '宽带断了' || n, now(), 'routed',"
        " CASE WHEN n IN (1, 31) THEN 'billing' ELSE 'network' END, now() + interval '1 day'"
        " FROM generate_series(1, 60) AS n"
    )
    tab = await office.log_in(boss)
    await tab.goto(office.url("/desk/tickets?words=断了&department=billing"))
    await expect(tab.locator("#tickets .tk-table tbody tr")).to_have_count(1)
    await expect(tab.locator("#tickets")).to_contain_text("宽带断了31")
    await expect(tab.locator(".tk-next")).to_contain_text("更早的还没有看完")
    assert await grave(tab) == []
    await tab.click("text=继续查找")
    await expect(tab.locator("#tickets")).to_contain_text("宽带断了1")
    await expect(tab.locator(".tk-next")).to_have_count(0)
    scripts_off = await office.browser.new_context(java_script_enabled=False)
    office.contexts.append(scripts_off)
    await scripts_off.add_cookies(await tab.context.cookies())  # type: ignore[arg-type]
    plain = await scripts_off.new_page()
    await plain.goto(office.url("/desk/tickets?words=断了&department=billing"))
    await expect(plain.locator("#tickets-sought")).to_contain_text("还在查找")
    await expect(plain.locator("#tickets-sought a")).to_have_text("继续查找")
