"""The standard, its packs, questions with owners and call-backs in a real browser: readable and usable by everybody."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.people.rights import Role
from router.editions import Edition, Editions
from tests.browser.ease import grave
from tests.browser.office import Office, open_office
from tests.dialog import ALWAYS_OPEN
from tests.servers import Addresses
from tests.standard.measure import PACKS

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def office(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Office]:
    async with open_office(servers, template, browser) as opened:
        yield opened


async def test_a_leader_marks_a_chat_complex_gives_the_plan_opens_an_appeal_and_finds_all_of_it_in_the_standard(
    office: Office,
) -> None:
    stage = office.desk.stage
    editions = Editions((Edition(0, ALWAYS_OPEN), Edition(1, PACKS["miit_appeals"])))
    stage.see(replace(stage.world, editions=editions))
    leader = await office.desk.hire("chenjing", "陈静", role=Role.LEADER)
    one = await office.desk.queued(name="刘伟", words="集团专线要搬到新园区，怎么收费？")
    await office.desk.give(one, leader.id)
    tab = await office.log_in(leader)
    await tab.goto(office.url(f"/desk/c/{one}"))
    await tab.click("text=标为复杂咨询")
    await expect(tab.locator("#toasts")).to_contain_text("已标为复杂咨询")

    await tab.goto(office.url("/desk/questions?list=mine"))
    assert await grave(tab) == []
    await tab.fill("textarea[name=text]", "先勘察，再报价")
    await tab.click("text=发送初步方案")
    await expect(tab.locator(".message.good")).to_be_visible()
    await tab.click("text=推荐入知识库")
    await expect(tab.locator("#questions")).to_contain_text("已推荐入知识库")

    await tab.goto(office.url(f"/desk/cases?conversation={one}"))
    assert await grave(tab) == []
    await tab.fill("[name=title]", "宽带被多收费")
    await tab.click("form.fields button.primary")
    await expect(tab.locator("#cases")).to_contain_text("企业答复投诉")
    await tab.click("text=企业答复 >> nth=-1")
    await expect(tab.locator(".case-marks li")).to_have_count(2)
    assert await grave(tab) == []

    await tab.goto(office.url("/desk/standard"))
    assert await grave(tab) == []
    await tab.click('a[href*="clause=enquiry.plan&state=met"]')
    await expect(tab.locator(".ledger tbody")).to_contain_text("刘伟")
    assert await grave(tab) == []


async def test_a_leader_calls_back_about_a_low_score(office: Office) -> None:
    leader = await office.desk.hire("chenjing", "陈静", role=Role.LEADER)
    one = await office.desk.queued(name="刘伟")
    contact = await office.desk.contact(one)
    await office.desk.stage.pool.execute(
        "WITH made AS (INSERT INTO surveys (contact_id, conversation_id, ended) VALUES ($1, $2, now()) RETURNING id)"
        " INSERT INTO callbacks (survey_id, contact_id, conversation_id, score, opened)"
        " SELECT id, $1, $2, 25, now() FROM made",
        contact,
        one,
    )
    tab = await office.log_in(leader, await office.window(scheme="dark"))
    await tab.goto(office.url("/desk/callbacks"))
    await expect(tab.locator("#callbacks-dot")).to_have_text("1")
    assert await grave(tab) == []
    await tab.select_option("[name=cause]", "waiting")
    await tab.fill("[name=plan]", "加派坐席")
    await tab.click("form.fields button.primary")
    await expect(tab.locator("[name=won]")).to_be_visible()
    assert await grave(tab) == []
    await tab.select_option("[name=won]", "yes")
    await tab.click("form.fields button.primary")
    await expect(tab.locator(".question.done")).to_contain_text("已挽回")
