"""Drafts in a real browser: whatever happens to tabs and to the web process, what is typed stays and goes once."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from playwright.async_api import Page as Tab

from bot.bench.ground import free_port
from tests.bot.desk_stage import PASSWORD
from tests.browser.killed import Web
from tests.browser.office import Office, open_office
from tests.browser.until import until
from tests.servers import Addresses, beside

pytestmark = pytest.mark.asyncio(loop_scope="session")

KILLS = int(os.environ.get("HUIYING_TEST_KILLS", "2"))
"""While how many sentences the web process is killed; with two it happens in each way that there is."""


@pytest_asyncio.fixture(loop_scope="session")
async def office(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Office]:
    async with open_office(servers, template, browser) as opened:
        yield opened


async def kept(office: Office, text: str, kind: str = "reply") -> None:
    """Wait until the server has a draft."""
    statement = "SELECT count(*) FROM drafts WHERE kind = $1 AND text = $2"
    async with asyncio.timeout(20):
        while not await office.desk.stage.pool.fetchval(statement, kind, text):  # noqa: ASYNC110 - a browser's work
            await asyncio.sleep(0.05)


async def test_reply_and_note_are_drafts_apart_which_another_browser_takes_up(office: Office) -> None:
    tab, one = await office.serve()
    await tab.keyboard.type("给客户的话")
    await tab.keyboard.press("Alt+KeyP")
    await expect(tab.locator("#text")).to_have_value("")
    await tab.keyboard.type("给同事的话")
    await expect(tab.locator(f"#card-{one} .card-draft")).to_be_visible()
    await kept(office, "给同事的话", "note")
    await tab.keyboard.press("Alt+KeyL")
    await expect(tab.locator("#text")).to_have_value("给客户的话")
    other = await (await office.window()).new_page()
    await other.goto(office.url("/desk"))
    await other.fill("#login", "wangfang")
    await other.fill("#password", PASSWORD)
    await other.click("button.primary")
    await expect(other.locator(f"#card-{one} .card-draft")).to_be_visible()
    await other.click(f'[data-open="{one}"]')
    await expect(other.locator("#text")).to_have_value("给客户的话")
    await other.locator("#text").press("Enter")
    await expect(other.locator(".m-agent")).to_have_count(1)
    await tab.locator("#text").press_sequentially("，和后来的")
    await expect(tab.locator("#text")).to_have_value("，和后来的")
    await kept(office, "，和后来的")
    await until(tab, "() => !Object.keys(localStorage).some(key => key.startsWith('desk.draft'))")
    assert await office.desk.messages(one, "agent") == ["给客户的话"]


async def test_what_is_typed_after_an_answer_was_set_aside_stays_though_it_begins_like_it(office: Office) -> None:
    tab, one = await office.serve()
    await tab.route("**/say", lambda route: route.abort())
    await tab.keyboard.type("您好，请稍等")
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#parked li")).to_have_count(1)
    await expect(tab.locator("#text")).to_have_value("")
    await tab.route("**/draft", lambda route: route.abort())
    await tab.unroute("**/say")
    await tab.keyboard.type("您好")
    await tab.evaluate("dispatchEvent(new Event('online'))")
    await expect(tab.locator(".m-agent")).to_have_count(1)
    await tab.unroute("**/draft")
    await kept(office, "您好")
    await expect(tab.locator("#text")).to_have_value("您好")
    assert await office.desk.messages(one, "agent") == ["您好，请稍等"]
    office.faults.clear()  # A console says of every request that was cut off.


@pytest_asyncio.fixture(loop_scope="session")
async def web(servers: Addresses, template: str, office: Office, tmp_path: Path) -> AsyncIterator[Web]:
    opened = Web(beside(servers.database_url, f"{template}_desk"), servers.redis_url, tmp_path, free_port())
    await opened.start()
    yield opened
    for context in office.contexts:
        await context.close()
    await opened.kill()
    office.faults.clear()  # A console says of every request that found nobody.


async def _open(office: Office, web: Web, one: int) -> Tab:
    tab = await (await office.window()).new_page()
    await tab.goto(f"{web.url}/desk")
    await tab.fill("#login", "wangfang")
    await tab.fill("#password", PASSWORD)
    await tab.click("button.primary")
    await tab.wait_for_url("**/desk")
    await tab.click(f'[data-open="{one}"]')
    await expect(tab.locator("#text")).to_be_focused()
    return tab


@pytest.mark.timeout(1800)
async def test_the_web_process_killed_while_somebody_types_loses_no_draft_and_doubles_no_message(
    office: Office, web: Web
) -> None:
    person = await office.desk.hire("wangfang")
    one = await office.desk.queued(name="刘伟")
    await office.desk.give(one, person.id)
    tab = await _open(office, web, one)
    said = []
    for turn in range(KILLS):
        text = f"第{turn}句，写到一半"
        await tab.locator("#text").press_sequentially(text)
        await web.kill()
        await tab.locator("#text").press_sequentially("，服务断了还在写")
        if turn % 3 == 1:
            await tab.keyboard.press("Enter")  # Into the void: it waits on this machine, and goes out by itself.
        await web.start()
        whole = f"{text}，服务断了还在写"
        said.append(whole)
        if turn % 3 == 1:
            await expect(tab.locator(".m-agent")).to_have_count(len(said))
            continue
        await kept(office, whole)
        await tab.reload()
        await expect(tab.locator("#text")).to_have_value(whole)
        if turn % 3 == 0:  # The answer is on its way when the process goes.
            await tab.locator("#text").press("Enter")
            await web.kill()
            await web.start()
            await tab.reload()
            if await tab.locator("#text").input_value():
                await tab.locator("#text").press("Enter")
        else:
            await tab.locator("#text").press("Enter")
        await expect(tab.locator("#text")).to_have_value("")
        await expect(tab.locator(".m-agent")).to_have_count(len(said))
    assert await office.desk.messages(one, "agent") == said
    assert await office.desk.stage.pool.fetchval("SELECT count(*) FROM drafts WHERE text <> ''") == 0
