"""Two people at two desks act on one chat at the same moment: one of them wins, and both see how things stand."""

import asyncio

import pytest
from playwright.async_api import Page as Tab
from playwright.async_api import Response, Route, expect

from bot.people.rights import Role
from router.events import Offered
from tests.browser.day import Day, choose_whom

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.journey]

TAKE = '#head form[action$="/take"] button'
ACTS = "**/desk/c/*/*"
TYPED = "写到一半"


async def at_once(day: Day, *moves: tuple[Tab, str]) -> None:
    """Press a button at each desk; all forms are on their way before the first arrives, and all are answered."""
    meet = asyncio.Barrier(len(moves))

    async def hold(route: Route) -> None:
        if route.request.method == "POST" and not route.request.url.endswith(("/here", "/draft", "/typing")):
            await meet.wait()
        await route.continue_()

    def done(response: Response) -> bool:
        return response.request.method == "POST" and response.url.endswith(("/accept", "/take", "/transfer", "/close"))

    async def press(tab: Tab, button: str) -> None:
        await tab.route(ACTS, hold)
        async with tab.expect_response(done):
            await tab.click(button)
        await tab.unroute(ACTS, hold)

    await asyncio.gather(*(press(tab, button) for tab, button in moves))
    day.office.excused = ("404", "409")


async def told(winner: Tab, loser: Tab) -> None:
    """One of them has done it, the other one hears that it was too late."""
    done, refused = winner.locator("#toasts .good"), loser.locator("#toasts .bad")
    await asyncio.gather(expect(done).to_be_visible(), expect(refused).to_be_visible())


async def stands(tab: Tab, mode: str) -> None:
    """Wait until a desk shows what can be done with the chat."""
    await expect(tab.locator("#head")).to_have_attribute("data-mode", mode)


async def test_an_agent_accepts_while_the_leader_takes_and_one_of_them_has_it(day: Day) -> None:
    wang, tab = await day.come("wangfang")
    chen, leader = await day.come("chenjing", "陈静", Role.LEADER)
    one = await day.office.desk.queued(name="刘伟")
    contact = await day.office.desk.contact(one)
    await leader.goto(day.office.url(f"/desk/c/{one}?tab=waiting"))
    await day.office.desk.stage.act(contact, Offered(wang.id, None, await day.office.desk.stage.version(contact)))
    await expect(tab.locator(".offer")).to_be_visible()
    await expect(leader.locator("#head .flag")).to_contain_text("王芳")
    await at_once(day, (tab, ".offer .primary"), (leader, TAKE))
    row = await day.office.desk.row(one)
    assert row["assignee"] in (wang.id, chen.id)
    if row["assignee"] == wang.id:
        await stands(tab, "mine")
        await stands(leader, "other")
    else:
        await stands(leader, "mine")
        await expect(tab.locator('#head[data-mode="mine"]')).to_have_count(0)
    await expect(tab.locator(".offer")).to_have_count(0)


async def test_an_agent_passes_on_while_the_leader_takes_over_and_one_of_them_is_refused(day: Day) -> None:
    _, tab, one = await day.serve()
    chen, leader = await day.come("chenjing", "陈静", Role.LEADER, path=f"/desk/c/{one}?tab=all")
    await choose_whom(tab, "queue:broadband")
    await at_once(day, (tab, "#transfer-form button.primary"), (leader, TAKE))
    row = await day.office.desk.row(one)
    if row["assignee"] == chen.id:
        await told(leader, tab)
        await stands(leader, "mine")
        await stands(tab, "other")
    else:
        assert (row["status"], row["queue"], row["assignee"]) == ("queued", "broadband", None)
        await told(tab, leader)
        await stands(leader, "queued")


async def test_an_agent_closes_while_the_leader_takes_over_and_the_chat_ends_once_or_not_at_all(day: Day) -> None:
    wang, tab, one = await day.serve()
    chen, leader = await day.come("chenjing", "陈静", Role.LEADER, path=f"/desk/c/{one}?tab=all")
    await tab.fill("#text", TYPED)
    await tab.click("#close-button")
    await tab.locator("label:has([value='network.broadband'])").click()
    await at_once(day, (tab, "#close-form button.primary"), (leader, TAKE))
    row = await day.office.desk.row(one)
    if row["status"] == "closed":
        assert (row["assignee"], row["wrapup"]) == (wang.id, "network.broadband")
        await told(tab, leader)
        await stands(leader, "closed")
    else:
        assert (row["assignee"], row["wrapup"]) == (chen.id, "")
        await told(leader, tab)
        await stands(tab, "other")
        await expect(tab.locator("#text")).to_have_value(TYPED)


async def test_two_leaders_take_over_and_the_chat_is_one_s_and_what_the_agent_typed_stays(day: Day) -> None:
    _, tab, one = await day.serve()
    await tab.fill("#text", TYPED)
    chen, first = await day.come("chenjing", "陈静", Role.LEADER, path=f"/desk/c/{one}?tab=all")
    zhao, second = await day.come("zhaomin", "赵敏", Role.MANAGER, path=f"/desk/c/{one}?tab=all")
    await at_once(day, (first, TAKE), (second, TAKE))
    owner = (await day.office.desk.row(one))["assignee"]
    assert owner in (chen.id, zhao.id)
    winner, loser = (first, second) if owner == chen.id else (second, first)
    await told(winner, loser)
    await stands(winner, "mine")
    await stands(loser, "other")
    await stands(tab, "other")
    await expect(tab.locator("#text")).to_have_value(TYPED)
    said = await day.office.desk.messages(one, "note")
    assert len([text for text in said if "接管了这个会话" in text]) == 1
