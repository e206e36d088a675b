"""The day of each role at the desk, in a real browser; what two of them do at once is in ``test_desk_at_once.py``."""

import pytest
from playwright.async_api import expect

from bot.outlets.outlets import Outlet, put_outlet
from bot.people.rights import Role
from channels.door import Address
from tests.bot.desk_stage import PASSWORD
from tests.browser.day import Day, choose_whom, note
from tests.browser.ease import grave

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.journey]

CUSTOMER = Address("web", "demo", "v:1")


async def test_an_agent_greets_with_a_canned_reply_answers_word_for_word_and_closes(day: Day) -> None:
    _, tab, one = await day.serve()
    await tab.keyboard.insert_text("/")
    await tab.keyboard.type("问候")
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#text")).to_have_value("刘伟您好，我是客服王芳，很高兴为您服务。")
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".m-agent")).to_have_count(1)
    await tab.keyboard.type("{name} {{agent}} %s <b>")
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".m-agent .text").last).to_have_text("{name} {{agent}} %s <b>")
    await tab.keyboard.press("Alt+KeyE")
    await tab.locator("label:has([value='network.broadband'])").click()
    await tab.click("#close-form button.primary")
    await expect(tab.locator("#head")).to_have_attribute("data-mode", "closed")
    await expect(tab.locator("#toasts .good")).to_have_text(day.says("done.close"))
    await tab.evaluate("toasts.append(toasts.querySelector('.good').cloneNode(true))")  # One that stays for axe.
    assert await grave(tab) == []
    assert (await day.office.desk.messages(one, "agent"))[1] == "{name} {{agent}} %s <b>"
    assert (await day.office.desk.row(one))["wrapup"] == "network.broadband"


async def test_a_colleague_who_is_named_in_a_note_hears_of_it_reads_along_and_answers_nobody(day: Day) -> None:
    _, tab, one = await day.serve()
    li, other = await day.come("lihua", "李华")
    await note(tab, "@李华 看一下端口")
    await expect(other.locator("#toasts")).to_contain_text(day.says("alert.named"))
    unseen = other.locator("#lists [data-tab=named] .count")
    await expect(unseen).to_have_text("1")
    await other.click("#lists a[data-tab=named]")
    await expect(other.locator(f"#card-{one} .card-line")).to_contain_text("看一下端口")
    assert await grave(other) == []
    await other.click(f'[data-open="{one}"]')
    await expect(other.locator("#thread")).to_contain_text("看一下端口")
    await expect(unseen).to_have_text("0")
    await expect(other.locator("#composer")).to_have_attribute("data-mode", "other")
    await expect(other.locator("#head form")).to_have_count(0)
    await note(other, "端口正常")
    await expect(tab.locator(".m-note").last).to_contain_text("端口正常")
    assert (await day.office.desk.row(one))["assignee"] != li.id


async def test_an_agent_looks_in_where_the_bot_is_stuck_and_gives_the_customer_back_to_it(day: Day) -> None:
    _, tab = await day.come("wangfang")
    await day.office.desk.stage.say("话费", CUSTOMER)
    await day.office.desk.stage.pool.execute(
        "INSERT INTO snags (conversation_id, kind, raised) SELECT id, 'missed', clock_timestamp() FROM conversations"
    )
    day.office.desk.stage.bus.announce(["desk"])
    await expect(tab.locator("#lists [data-tab=stuck] .count")).to_have_text("1")
    await tab.click("#lists a[data-tab=stuck]")
    await tab.locator("#lists .card a").click()
    await expect(tab.locator("#head")).to_have_attribute("data-mode", "bot")
    await tab.click('#head form[action$="/take"] button')
    await expect(tab.locator("#composer")).to_have_attribute("data-mode", "mine")
    await tab.fill("#text", "抱歉让您久等")
    await tab.press("#text", "Enter")
    await expect(tab.locator(".m-agent")).to_have_count(1)
    await tab.click('#head form[action$="/back"] button')
    await expect(tab.locator("#head")).not_to_have_attribute("data-mode", "mine")
    await expect(tab.locator("#lists [data-tab=stuck] .count")).to_have_text("0")
    row = await day.office.desk.stage.pool.fetchrow("SELECT status, assignee FROM conversations")
    assert row is not None
    assert (row["status"], row["assignee"]) == ("bot", None)


async def test_an_agent_passes_on_to_another_queue_and_whoever_takes_it_reads_why(day: Day) -> None:
    _, tab, one = await day.serve()
    li, other = await day.come("lihua", "李华", path="/desk?tab=waiting", skills=("broadband",))
    day.office.excused = ("404",)  # The chat was hers a moment ago.
    await choose_whom(tab, "queue:broadband")
    await tab.fill("#transfer-note", "光猫已重启过，要上门")
    await tab.click("#transfer-form button.primary")
    await expect(tab.locator("#toasts .good")).to_have_text(day.says("done.transfer"))  # The chat is hers no longer.
    await expect(tab.locator("#lists")).to_be_visible()
    await other.click(f'[data-open="{one}"]')
    await expect(other.locator("#handover")).to_contain_text("要上门")
    await other.click('#head form[action$="/take"] button')
    await expect(other.locator("#composer")).to_have_attribute("data-mode", "mine")
    await other.fill("#text", "师傅明天上午到")
    await other.press("#text", "Enter")
    await expect(other.locator(".m-agent")).to_have_count(1)
    assert (await day.office.desk.row(one))["assignee"] == li.id


async def test_an_agent_takes_a_break_with_a_reason_and_is_called_back_by_the_leader(day: Day) -> None:
    wang, tab = await day.come("wangfang")
    _, leader = await day.come("chenjing", "陈静", Role.LEADER)
    await tab.click("button[name=presence][value=break]")
    await tab.locator("button[name=reason]").first.click()
    await expect(tab.locator("button[name=reason]").first).to_have_attribute("aria-pressed", "true")
    await leader.click(".crew-button")
    row = leader.locator(".crew li", has_text="王芳")
    await expect(row).to_contain_text(day.says("presence.break"))
    await row.locator("select").select_option("online")
    await row.locator("button").click()
    await expect(tab.locator("button[name=presence][value=online]")).to_have_attribute("aria-pressed", "true")
    await expect(tab.locator("#toasts")).to_contain_text(day.says("alert.presence_forced"))
    kept = await day.office.desk.stage.pool.fetch(
        "SELECT presence FROM presences WHERE agent_id = $1 ORDER BY id", wang.id
    )
    assert [one["presence"] for one in kept][-2:] == ["break", "online"]


async def test_a_leader_whispers_takes_over_and_gives_back_while_the_agent_types(day: Day) -> None:
    _, tab, one = await day.serve()
    await tab.keyboard.type("写到一半")
    _, leader = await day.come("chenjing", "陈静", Role.LEADER, path=f"/desk/c/{one}?tab=all")
    await expect(leader.locator("#lead")).to_contain_text(day.says("lead.watching.told"))
    assert await grave(leader) == []
    await leader.fill("#whisper-text", "先道歉")
    await leader.keyboard.press("Enter")
    await expect(tab.locator("#thread")).to_contain_text("先道歉")
    await expect(leader.locator("#whisper-text")).to_have_value("")
    await leader.click('#head form[action$="/take"] button')
    await expect(leader.locator("#head")).to_have_attribute("data-mode", "mine")
    await expect(tab.locator("#head")).to_have_attribute("data-mode", "other")
    await expect(tab.locator("#text")).to_have_value("写到一半")
    await leader.click('#lead form[action$="/return"] button')
    await expect(tab.locator("#head")).to_have_attribute("data-mode", "mine")
    await expect(tab.locator("#text")).to_have_value("写到一半")


async def test_a_leader_writes_a_canned_reply_for_everybody_and_an_agent_has_it_at_once(day: Day) -> None:
    _, leader = await day.come("chenjing", "陈静", Role.LEADER, path="/desk/canned")
    await leader.click(".shelf-new summary")
    await leader.fill(".shelf-new [name=key]", "outage")
    await leader.fill(".shelf-new [name=title]", "片区故障")
    await leader.fill(".shelf-new [name=text]", "{customer}您好，您所在片区的故障预计一小时内恢复。")
    await leader.select_option(".shelf-new [name=scope]", "public")
    await leader.click(".shelf-new button.primary")
    await expect(leader.locator(".message.good")).to_be_visible()
    assert await grave(leader) == []
    _, tab, one = await day.serve()
    await tab.keyboard.insert_text("、")
    await tab.keyboard.type("pqgz")
    await expect(tab.locator("#canned [role=option]:visible")).to_have_count(1)
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#text")).to_have_value("刘伟您好，您所在片区的故障预计一小时内恢复。")
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".m-agent")).to_have_count(1)
    assert len(await day.office.desk.messages(one, "agent")) == 1


async def test_a_manager_follows_the_wall_and_gives_away_what_is_about_to_breach(day: Day) -> None:
    wang = await day.office.desk.hire("wangfang")
    _, tab = await day.come("zhaomin", "赵敏", Role.MANAGER, path="/desk/wall")
    waiting = tab.locator("#wall-tile-waiting .wall-value")
    await expect(waiting).to_have_text("0")
    one = await day.office.desk.queued(name="刘伟")
    await expect(waiting).to_have_text("1")
    assert await grave(tab) == []
    await tab.click("#wall-big")
    await expect(tab.locator(".wall-big")).to_be_visible()
    await tab.click("#wall-big")
    await tab.locator("#wall-tile-waiting .wall-ask").click()
    await expect(tab.locator("#wall-def-waiting")).to_be_visible()
    await waiting.get_by_role("link").click()
    await expect(tab.locator(".ledger")).to_contain_text("刘伟")
    await day.office.desk.stage.pool.execute("UPDATE agents SET presence = 'online' WHERE id = $1", wang.id)
    await tab.goto(day.office.url("/desk/deadlines"))
    assert await grave(tab) == []
    await tab.check("#limits-all")
    await tab.select_option("[name=whom]", f"agent:{wang.id}")
    await tab.get_by_role("button", name=day.says("deadlines.reassign")).click()
    await expect(tab.locator(".limits-said")).to_contain_text(day.says("deadlines.did.reassign", to="王芳"))
    assert (await day.office.desk.row(one))["assignee"] == wang.id


async def test_an_inspector_changes_the_password_on_a_page_of_their_own_and_logs_in_with_it(day: Day) -> None:
    _, tab = await day.come("zhijian", "田谨", Role.INSPECTOR)
    await expect(tab.locator("h1")).to_have_text(day.says("account.title"))
    assert await tab.locator(".rail a.rail-item").evaluate_all("ways => ways.map(way => way.pathname)") == [
        "/desk/account"
    ]
    await tab.fill("[name=present]", PASSWORD)
    await tab.fill("[name=password]", "another horse and battery")
    await tab.click("form[action$='/account/password'] button")
    await expect(tab.locator(".message.good")).to_contain_text(day.says("account.done.password"))
    day.office.excused = ("401",)  # A page that is slow to be left learns that nobody is logged in any more.
    await tab.click("form[action='/desk/logout'] button")
    await expect(tab.locator("#password")).to_be_visible()
    again = await day.enter("zhijian", "another horse and battery")
    await expect(again.locator("h1")).to_have_text(day.says("account.title"))


async def test_a_department_s_handler_begins_at_the_tickets_and_sees_no_chat(day: Day) -> None:
    one = await day.office.desk.queued(name="刘伟")
    _, tab = await day.come("wangluo", "网络部", Role.HANDLER)
    await expect(tab.locator("h1")).to_have_text(day.says("tickets.title"))
    day.office.excused = ("403",)
    for path in ("/desk/lists", f"/desk/c/{one}", "/desk/questions", "/desk/wall"):
        response = await tab.goto(day.office.url(path))
        assert response is not None
        assert response.status == 403, path
        await expect(tab.locator("body")).not_to_contain_text("刘伟")
    await tab.goto(day.office.url("/desk"))
    await tab.click(".tongue")
    other = "en" if day.look.language == "zh" else "zh"
    await expect(tab.locator("html")).to_have_attribute("lang", "en" if other == "en" else "zh-CN")
    assert await grave(tab) == []


async def test_a_trainer_answers_a_question_that_waits_and_the_customer_hears(day: Day) -> None:
    pool = day.office.desk.stage.pool
    await day.office.desk.stage.say("您好", CUSTOMER)
    await pool.execute(
        "INSERT INTO questions (contact_id, kind, text, asked)"
        " SELECT id, 'follow_up', '冰岛漫游多少钱？', clock_timestamp() FROM contacts"
    )
    _, tab = await day.come("peixun", "裴训", Role.TRAINER)
    await expect(tab.locator("#questions")).to_contain_text("冰岛漫游多少钱？")
    await expect(tab.locator("#questions-dot")).to_have_text("1")
    assert await grave(tab) == []
    await tab.fill(".question textarea", "每天 30 元")
    await tab.click(".question button.primary")
    await expect(tab.locator(".message.good")).to_contain_text(day.says("question.sent"))
    await expect(tab.locator(".question.done")).to_contain_text("每天 30 元")
    said = await pool.fetchval("SELECT text FROM messages ORDER BY seq DESC LIMIT 1")
    assert "每天 30 元" in said


async def test_an_administrator_takes_somebody_in_who_logs_in_and_it_is_on_the_trail(day: Day) -> None:
    _, tab = await day.come("admin", "林岚", Role.ADMIN, path="/desk/people")
    assert await grave(tab) == []
    await tab.click("a.button.primary")
    await tab.fill('[name="login"]', "zhaolei")
    await tab.fill('[name="name"]', "赵磊")
    await tab.fill('[name="skills"]', "mobile, broadband:2099-01-31")
    assert await grave(tab) == []
    await tab.click("form.fields button.primary")
    secret = tab.locator("code.secret")
    await expect(secret).not_to_be_empty()
    assert await grave(tab) == []
    theirs = await day.enter("zhaolei", await secret.inner_text())
    await expect(theirs.locator(".seat-who")).to_contain_text("赵磊")
    await tab.goto(day.office.url("/desk/audit"))
    await tab.select_option('[name="deed"]', "account_added")
    await tab.click("form.filters button")
    await expect(tab.locator(".ledger tbody tr").first).to_contain_text("zhaolei")
    assert await grave(tab) == []


async def test_an_auditor_begins_at_the_trail_finds_who_watched_and_sees_no_other_way(day: Day) -> None:
    _, leader = await day.come("chenjing", "陈静", Role.LEADER)
    wang = await day.office.desk.hire("wangfang")
    one = await day.office.desk.queued(name="刘伟")
    await day.office.desk.give(one, wang.id)
    await leader.goto(day.office.url(f"/desk/c/{one}"))
    await expect(leader.locator("#lead")).to_be_visible()
    _, tab = await day.come("shenji", "申济", Role.AUDITOR)
    await expect(tab.locator("h1")).to_have_text(day.says("audit.title"))
    ways = await tab.locator(".rail a.rail-item").evaluate_all("ways => ways.map(way => way.pathname)")
    assert ways == ["/desk/audit", "/desk/account"]
    await tab.select_option('[name="deed"]', "watch")
    await tab.click("form.filters button")
    await expect(tab.locator(".ledger tbody tr")).to_have_count(1)
    await expect(tab.locator(".ledger tbody tr")).to_contain_text("chenjing")
    await expect(tab.locator("body")).not_to_contain_text("我的宽带坏了")
    assert await grave(tab) == []


async def test_a_visit_at_the_counter_is_taken_down_and_served_by_whoever_is_free(day: Day) -> None:
    await put_outlet(day.office.desk.stage.pool, Outlet("rmlu", "人民路营业厅", "上海"))
    _, counter = await day.come("guitai", "孙倩", path="/desk/outlet")
    assert await grave(counter) == []
    await counter.fill("[name=customer]", "13800000001")
    await counter.select_option("[name=reason]", "billing.balance")
    await counter.fill("[name=text]", "补办手机卡")
    await counter.click("button[value=queued]")
    await expect(counter.locator(".message.good")).to_be_visible()
    _, tab = await day.come("wangfang", path="/desk?tab=waiting")
    await tab.locator("#lists .card a").click()
    await expect(tab.locator("#facts")).to_contain_text("人民路营业厅")
    await expect(tab.locator("#thread")).to_contain_text("补办手机卡")
    await expect(tab.locator("#head h1")).to_have_text("138****0001")
