"""Guided business through the writer: kept over kills, filed once, taken on once, and private answers masked."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator

import pytest

from router.events import RequestMoved
from tests.bot.stage import FOLLOWER, Stage, open_stage
from tests.router.test_forms import INVOICE, office


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url, at=office()) as opened:
        yield opened


async def kept(stage: Stage) -> dict[str, str]:
    """The answers of the form under way, as they stand in the database."""
    form = await stage.pool.fetchval("SELECT form FROM contacts")
    return {answer["step"]: answer["value"] for answer in form["answers"]}


async def test_a_form_survives_the_kill_of_the_process_that_took_it_and_is_filed_once(
    stage: Stage, database_url: str, redis_url: str
) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bot.half_filled", database_url, redis_url, stderr=asyncio.subprocess.DEVNULL
    )
    assert await child.wait() == -signal.SIGKILL
    assert await kept(stage) == {"kind": "company", "title": "汇通公司"}
    again = await stage.say("汇通公司", source_id="half:汇通公司")
    assert again.repeated
    for step in ("month", "amount", "mail"):
        await stage.say(INVOICE[step])
    done = await stage.say("", choice="form:confirm", source_id="done")
    assert (await stage.say("", choice="form:confirm", source_id="done")).replies == done.replies
    rows = await stage.pool.fetch(
        "SELECT form, version, answers, state, filed > started AS later FROM business_requests"
    )
    assert [(row["form"], row["version"], row["state"], row["later"]) for row in rows] == [("invoice", 1, "new", True)]
    assert {one["step"]: one["value"] for one in rows[0]["answers"]} == INVOICE | {"kind": "company"}
    assert await stage.pool.fetchval("SELECT form FROM contacts") is None


async def test_a_private_answer_stands_masked_in_the_thread_and_whole_in_the_request(stage: Stage) -> None:
    await stage.say("报修")
    asked = await stage.say("宽带")
    today = asked.replies[-1].choices[0].id
    await stage.say("", choice=today)
    for said in ("光猫红灯一直闪", "人民路100号2栋301", "13812341234", "需要"):
        await stage.say(said)
    await stage.say("", choice="form:confirm")
    stored = [row["text"] for row in await stage.pool.fetch("SELECT text FROM messages")]
    assert not any("13812341234" in text or "人民路100号2栋301" in text for text in stored)
    answers = await stage.pool.fetchval("SELECT answers FROM business_requests")
    assert "13812341234" in json.dumps(answers)


async def test_the_clock_reminds_of_a_form_once_and_ends_it_a_day_later(stage: Stage) -> None:
    await stage.say("开发票")
    await stage.shift(121)
    await stage.clock.claim()
    await stage.shift(24 * 60 + 1)
    await stage.clock.claim()
    assert await stage.pool.fetchval("SELECT form FROM contacts") is None
    said = await stage.pool.fetch("SELECT text FROM messages WHERE sender = 'bot' ORDER BY seq DESC LIMIT 2")
    assert ["自动取消" in row["text"] for row in said] == [True, True]
    rows = await stage.pool.fetch("SELECT clause, next_at FROM deadlines WHERE subject = 'form' ORDER BY id")
    assert [(row["clause"], row["next_at"]) for row in rows] == [("form.remind", None), ("form.idle", None)]
    assert (await stage.say("开发票")).replies[-1].text.startswith("开具发票 1/5")


async def test_a_code_proves_who_somebody_is_in_the_middle_of_a_form(stage: Stage) -> None:
    await stage.say("挂失")
    await stage.say("13812341234")
    wrong = await stage.say("111111")
    assert "phone" not in wrong.replies[0].text
    await stage.say(stage.world.manners.demo_code)
    assert (await kept(stage))["identity"] == "code 138****1234"
    assert await stage.pool.fetchval("SELECT customer_id FROM contacts") is not None


async def test_the_customer_hears_on_their_own_channel_how_a_request_goes_and_only_one_agent_takes_it(
    stage: Stage,
) -> None:
    agent, other = await stage.hire(), await stage.hire("lisi")
    await stage.say("开发票", FOLLOWER)
    for answer in INVOICE.values():
        await stage.say(answer, FOLLOWER)
    await stage.say("", FOLLOWER, choice="form:confirm")
    row = await stage.pool.fetchrow("SELECT id, contact_id FROM business_requests")
    assert row is not None
    takes = [RequestMoved(one, row["id"], "new", "in_hand", "开具发票", "") for one in (agent, other)]
    first, second = [await stage.act(row["contact_id"], take) for take in takes]
    assert (first.refused, second.refused) == ("", "stale")
    assert second.replies == ()
    done = await stage.act(
        row["contact_id"], RequestMoved(agent, row["id"], "in_hand", "done", "开具发票", "已发邮箱。")
    )
    assert "已发邮箱。" in done.replies[0].text
    assert done.outbox_id is not None
    steps = await stage.pool.fetch("SELECT state, agent_id FROM business_steps ORDER BY at")
    assert [(step["state"], step["agent_id"]) for step in steps] == [("in_hand", agent), ("done", agent)]
