"""The agents' desk in a real browser: what an agent sees, types and hears of."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route, expect
from playwright.async_api import Page as Tab

from bot.people.rights import Role
from channels.door import Address
from tests.browser.office import Office, open_office
from tests.servers import Addresses

pytestmark = pytest.mark.asyncio(loop_scope="session")

CUSTOMER = Address("web", "demo", "v:1")
MOMENT = 1000
"""Milliseconds in which news are on the desk."""


@pytest_asyncio.fixture(loop_scope="session")
async def office(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Office]:
    async with open_office(servers, template, browser) as opened:
        yield opened


async def test_an_agent_logs_in_comes_online_and_a_conversation_arrives_within_a_second(office: Office) -> None:
    person = await office.desk.hire("wangfang")
    tab = await office.log_in(person)
    await expect(tab.get_by_text("王芳，您好")).to_be_visible()
    await tab.click("button[value=online]")
    await expect(tab.locator("button[value=online]")).to_have_attribute("aria-pressed", "true")
    assert (await office.desk.people.all())[0].presence == "online"
    one = await office.desk.queued(name="刘伟")
    await expect(tab.locator("#lists [data-tab=waiting] .count")).to_have_text("1", timeout=MOMENT)
    await office.desk.give(one, person.id)
    await expect(tab.locator(f"#card-{one}")).to_be_visible(timeout=MOMENT)
    await expect(tab.locator("#toasts")).to_contain_text("新会话分给您了", timeout=MOMENT)
    await expect(tab.locator("#bell-dot")).to_have_text("1")
    await expect(tab).to_have_title(re.compile("^（1）"))


async def test_a_customer_is_answered_and_the_conversation_closed_with_a_wrap_up(office: Office) -> None:
    tab, one = await office.serve()
    await tab.keyboard.type("您好，马上为您查")
    await tab.keyboard.press("Shift+Enter")
    await tab.keyboard.type("请稍等")
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".m-agent .text")).to_have_text("您好，马上为您查\n请稍等")
    await expect(tab.locator("#text")).to_have_value("")
    await tab.keyboard.type("第二句")
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".m-agent")).to_have_count(2)
    assert await office.desk.messages(one, "agent") == ["您好，马上为您查\n请稍等", "第二句"]
    await tab.keyboard.press("Alt+KeyE")
    await tab.get_by_label("宽带故障").check()
    await tab.get_by_role("button", name="结束并保存小结").click()
    await expect(tab.locator("#head")).to_have_attribute("data-mode", "closed")
    await expect(tab.locator(f"#card-{one}")).to_have_count(0)
    await expect(tab.locator("#facts")).to_contain_text("宽带故障")
    assert (await office.desk.row(one))["wrapup"] == "network.broadband"


async def test_a_dialog_that_is_opened_before_a_reply_is_answered_stays_open(office: Office) -> None:
    tab, _ = await office.serve()
    opened = asyncio.Event()

    async def late(route: Route) -> None:
        await opened.wait()
        await route.continue_()

    await tab.route("**/say", late)
    await tab.keyboard.type("您好")
    await tab.keyboard.press("Enter")
    await tab.keyboard.press("Alt+KeyE")
    await expect(tab.locator("#close")).to_be_visible()
    opened.set()
    await expect(tab.locator("#text")).to_have_value("")
    await expect(tab.locator(".m-agent")).to_have_count(1)
    await expect(tab.locator("#close")).to_be_visible()


async def test_the_customer_s_words_arrive_while_the_agent_types_and_what_is_typed_stays(office: Office) -> None:
    tab, one = await office.serve()
    await tab.keyboard.type("写到一半")
    await office.desk.stage.say("在吗？", CUSTOMER)
    await expect(tab.locator(".m-contact").last).to_contain_text("在吗？", timeout=MOMENT)
    await expect(tab.locator("#text")).to_have_value("写到一半")
    await expect(tab.locator("#text")).to_be_focused()
    await tab.keyboard.type("，接着写")
    await tab.reload()
    await expect(tab.locator("#text")).to_have_value("写到一半，接着写")
    assert await office.desk.messages(one, "agent") == []


async def test_enter_while_an_input_method_composes_sends_nothing(office: Office) -> None:
    tab, one = await office.serve()
    devtools = await tab.context.new_cdp_session(tab)
    await devtools.send("Input.imeSetComposition", {"selectionStart": 2, "selectionEnd": 2, "text": "ni"})
    composing = {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Enter", "code": "Enter"}
    await devtools.send("Input.dispatchKeyEvent", composing)
    await devtools.send("Input.insertText", {"text": "你好"})
    await expect(tab.locator("#text")).to_have_value("你好")
    assert await office.desk.messages(one, "agent") == []
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".m-agent .text")).to_have_text("你好")
    assert await office.desk.messages(one, "agent") == ["你好"]


@pytest.mark.parametrize("opener", ["、", "/", "／"])
async def test_canned_replies_open_filter_and_fill_in_the_names(office: Office, opener: str) -> None:
    tab, one = await office.serve()
    await tab.keyboard.insert_text(opener)
    await expect(tab.locator("#canned [role=option]:visible")).to_have_count(2)
    for typed in ("wait", "qsd"):
        await tab.keyboard.type(typed)
        await expect(tab.locator("#canned [role=option]:visible")).to_have_count(1)
        for _ in typed:
            await tab.keyboard.press("Backspace")
    await tab.keyboard.type("问候")
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#text")).to_have_value("刘伟您好，我是客服王芳，很高兴为您服务。")
    await expect(tab.locator("#canned")).to_be_hidden()
    assert await office.desk.messages(one, "agent") == []
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".m-agent")).to_have_count(1)


async def test_a_note_names_a_colleague_and_an_answer_takes_an_emoji(office: Office) -> None:
    tab, one = await office.serve()
    await office.desk.hire("lihua", "李华")
    await tab.keyboard.type("好的 :xiex")
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#text")).to_have_value("好的 🙏")
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".m-agent .text")).to_have_text("好的 🙏")
    await tab.keyboard.press("Alt+KeyP")
    await tab.keyboard.type("请 @lh")
    await expect(tab.locator("#colleagues [role=option]:visible")).to_have_count(1)
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#text")).to_have_value("请 @李华 ")
    await tab.keyboard.type("看一下")
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".m-note")).to_contain_text("请 @李华 看一下")
    assert await office.desk.stage.pool.fetchval("SELECT count(*) FROM mentions WHERE conversation_id = $1", one) == 1


async def test_a_note_cannot_be_taken_for_a_reply(office: Office) -> None:
    tab, one = await office.serve()
    reply_colour = await _background(tab)
    await tab.keyboard.press("Alt+KeyP")
    await expect(tab.get_by_role("button", name="保存备注")).to_be_visible()
    assert await _background(tab) != reply_colour
    await tab.keyboard.type("客户情绪激动")
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".m-note")).to_contain_text("客户看不到")
    assert await office.desk.messages(one, "note") == ["客户情绪激动"]
    assert await office.desk.messages(one, "agent") == []


async def _background(tab: Tab) -> str:
    colour: str = await tab.locator(".composer-field").evaluate("box => getComputedStyle(box).backgroundColor")
    return colour


async def test_a_reply_that_comes_too_late_is_refused_and_goes_back_into_the_composer(office: Office) -> None:
    tab, one = await office.serve()
    await tab.keyboard.type("第一句")
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".m-agent")).to_have_count(1)
    leader = await office.desk.agent("chenjing", "陈静", role=Role.LEADER)
    await leader.get(f"/desk/c/{one}")
    await tab.keyboard.type("写了很久")
    await tab.context.set_offline(True)
    await leader.post(f"/desk/c/{one}/take")
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#parked")).to_contain_text("等待发送")
    await tab.context.set_offline(False)
    await expect(tab.locator("#head")).to_have_attribute("data-mode", "other", timeout=15_000)
    await expect(tab.locator("#parked .refused")).to_be_visible()
    await tab.get_by_role("button", name="放回输入框").click()
    await expect(tab.locator("#text")).to_have_value("写了很久")
    await expect(tab.locator("#parked li")).to_have_count(0)
    assert await office.desk.messages(one, "agent") == ["第一句"]
    office.faults.clear()


async def test_a_double_click_and_a_lost_answer_send_one_reply(office: Office) -> None:
    office.excused = ("ERR_FAILED", "Failed to fetch")
    tab, one = await office.serve()
    lost = True

    async def lose(route: object) -> None:
        nonlocal lost
        assert hasattr(route, "fetch")
        response = await route.fetch()
        if lost:
            lost = False
            await route.abort()  # type: ignore[attr-defined]
        else:
            await route.fulfill(response=response)  # type: ignore[attr-defined]

    handler: Callable[[object], Awaitable[None]] = lose
    await tab.route("**/say", handler)
    await tab.keyboard.type("只说一次")
    await tab.keyboard.press("Enter")
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#text")).to_have_value("")
    await expect(tab.locator(".m-agent")).to_have_count(1)
    await expect(tab.locator("#parked li")).to_have_count(0)
    assert await office.desk.messages(one, "agent") == ["只说一次"]


async def test_what_is_hostile_shows_as_text(office: Office) -> None:
    hostile = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    tab, _ = await office.serve(name=hostile)
    await office.desk.stage.say(f"{hostile}<hx-partial hx-target='#head'>x</hx-partial>", CUSTOMER)
    await expect(tab.locator(".m-contact").last).to_contain_text("onerror=alert(1)", timeout=MOMENT)
    await expect(tab.locator("#head h1")).to_have_text(hostile)
    assert await tab.locator("img[src=x]").count() == 0


async def test_badges_follow_the_server_s_clock_and_change_with_what_is_left(office: Office) -> None:
    person = await office.desk.hire("wangfang")
    one = await office.desk.queued()
    context = await office.window()
    await context.add_init_script("const now = Date.now; Date.now = () => now() + 600000;")
    tab = await office.log_in(person, context)
    await tab.goto(office.url(f"/desk/c/{one}?tab=waiting"))
    badge = tab.locator("#head .due")
    await expect(badge).to_have_text(re.compile(r"剩 (30:00|29:5\d)"))
    for minutes, state in ((8, "soon"), (2, "near"), (-4, "over")):
        await office.desk.stage.pool.execute(
            "UPDATE deadlines SET due = clock_timestamp() + $1::int * interval '1 minute' WHERE met IS NULL", minutes
        )
        office.desk.stage.bus.announce(["desk"])
        await expect(badge).to_have_class(re.compile(state))
    await expect(badge).to_have_text(re.compile(r"超时 04:0\d"))


async def test_many_tabs_of_one_browser_share_one_stream_and_all_stay_fresh(office: Office) -> None:
    person = await office.desk.hire("wangfang")
    context = await office.window()
    tabs = [await office.log_in(person, context)]
    for _ in range(8):
        tab = await context.new_page()
        await tab.goto(office.url("/desk?tab=waiting"))
        tabs.append(tab)
    await office.desk.queued(name="刘伟")
    for tab in tabs:
        await expect(tab.locator("#lists [data-tab=waiting] .count")).to_have_text("1", timeout=2 * MOMENT)
    await tabs[0].close()
    await office.desk.queued("v:2", name="张敏")
    for tab in tabs[1:]:
        await expect(tab.locator("#lists [data-tab=waiting] .count")).to_have_text("2", timeout=5 * MOMENT)


async def test_a_list_that_changes_keeps_its_lines_their_order_and_the_focus(office: Office) -> None:
    person = await office.desk.hire("wangfang")
    first, second, third = [await office.desk.queued(f"v:{n}", name=f"客户{n}") for n in (1, 2, 3)]
    tab = await office.log_in(person)
    await tab.goto(office.url("/desk?tab=waiting"))
    lines = "() => [...document.querySelectorAll('#cards > li')].map((line) => Number(line.id.slice(5)))"
    assert await tab.evaluate(lines) == [first, second, third]
    stood = await tab.query_selector_all("#cards > li")
    await tab.locator(f'[data-open="{third}"]').focus()
    await office.desk.stage.say("还在吗", Address("web", "demo", "v:3"))
    await expect(tab.locator(f"#card-{third} .card-line")).to_contain_text("还在吗")
    await office.desk.stage.pool.execute("UPDATE conversations SET priority = 9 WHERE id = $1", third)
    fourth = await office.desk.queued("v:4", name="客户4")
    await expect(tab.locator(f"#card-{fourth}")).to_be_visible()
    assert await tab.evaluate(lines) == [third, first, second, fourth]
    assert [await one.evaluate("(line) => line.isConnected") for one in stood] == [True] * 3
    await expect(tab.locator(f'[data-open="{third}"]')).to_be_focused()
    await office.desk.give(first, person.id)
    await expect(tab.locator(f"#card-{first}")).to_have_count(0)
    assert await tab.evaluate(lines) == [third, second, fourth]


async def test_a_page_that_asked_under_a_token_of_before_stays_and_asks_again(office: Office) -> None:
    tab, _ = await office.serve()
    office.excused = ("401",)
    await tab.keyboard.type("写到一半")
    await tab.route("**/desk/c/*/said?*", lambda route: route.fulfill(status=401), times=1)
    await tab.route("**/desk/c/*/live?*", lambda route: route.fulfill(status=401), times=1)
    async with tab.expect_response("**/desk/seat") as asked:  # Whether the session is over.
        await office.desk.stage.say("在吗？", CUSTOMER)
    assert (await asked.value).status == 200
    await expect(tab.locator(".m-contact").last).to_contain_text("在吗？")
    await expect(tab.locator("#text")).to_have_value("写到一半")


async def test_keys_move_between_conversations_and_back_stays_where_it_was(office: Office) -> None:
    person = await office.desk.hire("wangfang")
    first, second = await office.desk.queued("v:1"), await office.desk.queued("v:2")
    for one in (first, second):
        await office.desk.give(one, person.id)
    tab = await office.log_in(person)
    await tab.keyboard.press("Alt+KeyJ")
    await expect(tab.locator("#stage")).to_have_attribute("data-conversation", str(first))
    await expect(tab.locator(f'[data-open="{first}"]')).to_have_attribute("aria-current", "true")
    await tab.keyboard.press("Alt+KeyJ")
    await expect(tab.locator("#stage")).to_have_attribute("data-conversation", str(second))
    await expect(tab.locator(f'[data-open="{second}"]')).to_have_attribute("aria-current", "true")
    await tab.go_back()
    await expect(tab.locator("#stage")).to_have_attribute("data-conversation", str(first))


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1920), ("light", 390), ("dark", 390)])
async def test_nothing_overflows_in_either_theme_at_any_width(office: Office, scheme: str, width: int) -> None:
    person = await office.desk.hire("wangfang", role=Role.LEADER)
    one = await office.desk.queued(
        name="很长的名字" * 8, words="没有空格的长文字" * 60 + "https://example.com/" + "a" * 300
    )
    await office.desk.give(one, person.id)
    tab = await office.log_in(person, await office.window(scheme=scheme, width=width))
    for path in ("/desk", f"/desk/c/{one}", "/desk/questions", "/desk/requests", "/desk/delivery", "/desk/c/99"):
        await tab.goto(office.url(path))
        assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        for pane in (".list-pane", ".thread-pane", ".head", "#lists .tabs"):
            for box in await tab.locator(f"{pane}:visible").all():
                assert await box.evaluate("pane => pane.scrollWidth <= pane.clientWidth + 1"), (path, pane)
        dark = await tab.evaluate("getComputedStyle(document.documentElement).colorScheme")
        assert dark == scheme
    office.faults[:] = [fault for fault in office.faults if "404" not in fault]


COVERED = """(acts => [...document.querySelectorAll('.head-who h1, .head-who p > *')]
  .filter(one => one.checkVisibility())
  .map(one => [one.textContent, one.getBoundingClientRect()])
  .filter(([_, box]) => box.right > acts.left && box.left < acts.right)
  .filter(([_, box]) => box.bottom > acts.top && box.top < acts.bottom)
  .map(([text]) => text))
(document.querySelector('.head-acts').getBoundingClientRect())"""
"""What of a conversation's head lies under its buttons."""


async def test_the_buttons_of_a_head_cover_neither_its_deadline_nor_anything_else(office: Office) -> None:
    tab, one = await office.serve(name="很长的名字" * 3)
    for language in ("zh", "en"):
        await office.desk.stage.pool.execute("UPDATE agents SET language = $1", language)
        await tab.goto(office.url(f"/desk/c/{one}"))
        await expect(tab.locator(".head time")).to_be_visible()
        for width in (1440, 1360, 1101, 800, 720, 640, 390, 320):
            await tab.set_viewport_size({"width": width, "height": 800})
            assert await tab.evaluate(COVERED) == [], (language, width)
            assert await tab.evaluate("document.querySelector('.head h1').clientWidth") > 40, (language, width)


LARGE = """(n => [...document.querySelectorAll('#lists-tabs a')].map((tab, place) => {
  const count = tab.querySelector('.count');
  if (count) { count.classList.remove('none'); count.textContent = [12, 128, 14, 3, 11, 7, 5, 8][place]; }
  return tab;
}).map(tab => [tab.getBoundingClientRect().top, tab.getBoundingClientRect().right - n.getBoundingClientRect().right]))
(document.querySelector('#lists-tabs'))"""
"""Where the tabs stand, in pixels: from above, and to the right of their pane, with counts as large as they get."""


async def test_the_tabs_of_the_lists_stand_in_one_row_or_in_two_full_ones(office: Office) -> None:
    agent, boss = await office.desk.hire("wangfang"), await office.desk.hire("boss", "总管", role=Role.MANAGER)
    for person, in_rows in ((agent, [5]), (boss, [4, 4])):
        tab = await office.log_in(person)
        for language in ("zh", "en"):
            await office.desk.stage.pool.execute("UPDATE agents SET language = $1", language)
            await tab.goto(office.url("/desk"))
            for width in (1280, 1440, 1920):
                await tab.set_viewport_size({"width": width, "height": 900})
                places = await tab.evaluate(LARGE)
                rows = [len([top for top, _ in places if top == one]) for one in sorted({top for top, _ in places})]
                assert rows == in_rows, (person.login, language, width)
                assert max(beyond for _, beyond in places) <= 0, (person.login, language, width)


async def test_the_theme_is_kept_and_the_language_changes(office: Office) -> None:
    tab = await office.log_in(await office.desk.hire("wangfang"))
    await tab.click("#theme-button")
    await tab.click("#theme-button")
    await tab.reload()
    await expect(tab.locator("html")).to_have_attribute("data-theme", "dark")
    await tab.click(".tongue")
    await expect(tab.get_by_text("Nothing in your hands")).to_be_visible()
