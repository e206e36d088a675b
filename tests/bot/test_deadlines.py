"""Deadlines between the ledger in PostgreSQL and the index in Redis: none lost, none twice, none early."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.bench.flushed import FIRST_ID, SQL, arm, judged
from bot.deadlines.index import DUE
from bot.doctor import examine
from bot.turns.turn import FiredDeadline
from router.clauses.asking import AskingRules
from router.events import HandedBack, Replied
from tests.bot.stage import SILENT, Stage, open_stage


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


async def _served(stage: Stage) -> tuple[int, int]:
    agent = await stage.hire()
    receipt = await stage.say("人工")
    assert receipt.message is not None
    assert await stage.assigner.round() == 1
    return receipt.message.contact_id, agent


async def _alerts(stage: Stage) -> list[str]:
    return [
        row["kind"] for row in await stage.pool.fetch("SELECT kind FROM alerts WHERE kind <> 'assigned' ORDER BY id")
    ]


async def test_the_whole_chain_of_the_first_response(stage: Stage) -> None:
    await _served(stage)
    for minutes, kind in ((20.1, "warned"), (7, "warned"), (3, "breached")):
        await stage.shift(minutes)
        assert await stage.clock.claim() >= 1
        assert (await _alerts(stage))[-1] == f"{kind}.enquiry.first_response"
    row = await stage.pool.fetchrow("SELECT reoffer, priority, assignee FROM conversations")
    assert row is not None
    assert (row["reoffer"], row["priority"], row["assignee"]) == (True, 10, 1)
    second = await stage.hire("lilei")
    assert await stage.assigner.round() == 1
    assert await stage.pool.fetchval("SELECT assignee FROM conversations") == second
    late = await stage.pool.fetchval("SELECT count(*) FROM messages WHERE sender = 'system' AND text LIKE '%30%'")
    assert late == 1


async def test_nothing_fires_before_its_time(stage: Stage) -> None:
    await _served(stage)
    await stage.wire.run([("ZADD", DUE, "XX", 1, name) for name in await _members(stage)])
    await stage.clock.claim()
    assert await _alerts(stage) == []
    assert await stage.pool.fetchval("SELECT max(step) FROM deadlines") == 0


async def test_clocks_that_claim_the_same_deadline_fire_it_once(stage: Stage) -> None:
    await _served(stage)
    await stage.shift(20.1)
    await asyncio.gather(stage.clock.claim(), stage.clock.sweep(), stage.clock.claim(), stage.clock.sweep())
    assert await _alerts(stage) == ["warned.enquiry.first_response"]


async def test_a_clock_keeps_what_it_has_claimed_as_long_as_the_writer_is_at_it(stage: Stage) -> None:
    await _served(stage)
    await stage.shift(20.1)
    async with stage.pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT FROM contacts FOR UPDATE")
        claim = asyncio.create_task(stage.clock.claim())
        while await _soonest(stage) < time.time():  # noqa: ASYNC110 - Redis tells nobody of a claim
            await asyncio.sleep(0.01)
        leased = await _soonest(stage)
        while await _soonest(stage) <= leased:  # noqa: ASYNC110 - nor of a lease that is renewed
            await asyncio.sleep(0.01)
    await claim
    assert await _alerts(stage) == ["warned.enquiry.first_response"]
    assert await _soonest(stage) > time.time() + 60


async def test_a_claim_that_shares_its_batch_with_the_answer_before_it_means_nothing_any_more(stage: Stage) -> None:
    contact, agent = await _served(stage)
    await stage.shift(31)
    row = await stage.pool.fetchrow("SELECT * FROM deadlines WHERE clause = 'enquiry.first_response'")
    assert row is not None
    version = await stage.version(contact)
    answer = asyncio.create_task(stage.act(contact, Replied(agent, "王芳", "您好", version)))
    await asyncio.sleep(0)  # It waits for the writer, and the claim behind it.
    await asyncio.gather(answer, stage.writer.fire(contact, FiredDeadline(row["id"], row["generation"], row["step"])))
    kept = await stage.pool.fetchrow("SELECT * FROM deadlines WHERE id = $1", row["id"])
    assert kept is not None
    assert (kept["met"] is not None, kept["step"], kept["next_at"]) == (True, row["step"], None)
    assert await _alerts(stage) == []


async def test_a_claim_fires_once_in_a_batch_and_only_under_the_generation_and_step_that_it_saw(stage: Stage) -> None:
    contact, _ = await _served(stage)
    await stage.shift(20.1)
    row = await stage.pool.fetchrow("SELECT * FROM deadlines WHERE clause = 'enquiry.first_response'")
    assert row is not None
    number, generation, step = row["id"], row["generation"], row["step"]
    claims = [
        FiredDeadline(number, generation + 1, step),
        FiredDeadline(number, generation, step + 1),
        FiredDeadline(number, generation, step),
        FiredDeadline(number + 1_000, 1, 0),
    ]
    await asyncio.gather(*(stage.writer.fire(contact, claim) for claim in claims))
    await stage.writer.fire(contact, FiredDeadline(number, generation, step + 1))
    assert await _alerts(stage) == ["warned.enquiry.first_response"]
    assert await stage.pool.fetchval("SELECT step FROM deadlines WHERE id = $1", number) == step + 1


async def test_after_flushall_the_sweep_fires_what_is_overdue(stage: Stage) -> None:
    await _served(stage)
    await stage.shift(20.5)
    await stage.wire.run([("FLUSHALL",)])
    assert await stage.clock.sweep() == 1
    assert await _alerts(stage) == ["warned.enquiry.first_response"]


async def test_after_flushall_everything_is_projected_again(stage: Stage) -> None:
    await _served(stage)
    projection = stage.projection
    assert await projection.check()
    assert not await projection.check()
    await stage.wire.run([("FLUSHALL",)])
    assert await projection.check()
    findings = {finding.check: finding for finding in await examine(stage.pool, stage.wire)}
    assert all(finding.healthy for finding in findings.values()), findings


async def test_steps_that_were_missed_fire_as_the_latest_only(stage: Stage) -> None:
    await _served(stage)
    await stage.shift(28)
    await stage.clock.claim()
    assert await _alerts(stage) == ["warned.enquiry.first_response"]
    assert await stage.pool.fetchval("SELECT step FROM deadlines WHERE next_at IS NOT NULL") == 2


async def test_whatever_redis_forgets_and_whichever_clock_dies_each_step_of_chats_tickets_and_complaints_fires_once(
    stage: Stage,
) -> None:
    start = await stage.pool.fetchval("SELECT clock_timestamp()")
    await arm(stage.pool, 40, 20, start, timedelta(seconds=3))
    async with asyncio.TaskGroup() as tasks:
        projection = tasks.create_task(stage.projection.run())
        clocks = [tasks.create_task(stage.clock.run()) for _ in range(2)]
        while await stage.pool.fetchval(SQL["unfinished"], FIRST_ID):
            await stage.wire.run([("FLUSHALL",)])
            await asyncio.sleep(0.3)
            clocks.pop(0).cancel()
            clocks.append(tasks.create_task(stage.clock.run()))
        for task in (projection, *clocks):
            task.cancel()
    verdict = await judged(stage.pool)
    assert verdict.sound, verdict
    assert verdict.fired + verdict.passed_over == (40 + 20 * 5 // 2) * 3


async def test_an_answer_takes_the_deadline_out_of_the_index(stage: Stage) -> None:
    contact, agent = await _served(stage)
    await stage.reply(contact, agent)
    running = await stage.pool.fetch("SELECT clause FROM deadlines WHERE next_at IS NOT NULL")
    assert [row["clause"] for row in running] == ["conversation.remind"]
    assert len(await _members(stage)) == 1


async def test_two_silent_hours_after_the_reminder_end_the_chat_and_schedule_the_survey(stage: Stage) -> None:
    contact, agent = await _served(stage)
    await stage.reply(contact, agent)
    await stage.shift(31)
    await stage.clock.claim()
    await stage.shift(121)
    await stage.clock.claim()
    assert await stage.pool.fetchval("SELECT wrapup FROM conversations") == "idle"
    assert await stage.pool.fetchval("SELECT count(*) FROM surveys") == 1
    await stage.shift(24 * 60 + 1)
    await stage.clock.claim()
    assert stage.surveys.requested == [1]


async def test_a_silent_chat_with_the_bot_ends(stage: Stage) -> None:
    await stage.say("话费")
    await stage.shift(SILENT)
    await stage.clock.claim()
    assert await stage.pool.fetchval("SELECT status FROM conversations") == "closed"


async def test_a_wanted_answer_has_a_limit_of_two_hours(stage: Stage) -> None:
    await stage.say("没见过")
    await stage.say("", choice="leave")
    row = await stage.pool.fetchrow("SELECT clause, due - opened AS limit FROM deadlines WHERE subject = 'question'")
    assert row is not None
    assert (row["clause"], row["limit"].total_seconds()) == ("enquiry.follow_up", 7200)


async def test_a_wanted_answer_is_written_down_although_the_bot_kept_no_question(stage: Stage) -> None:
    await stage.say("没见过")
    await stage.shift(SILENT)
    await stage.clock.claim()
    await stage.say("查询")
    await stage.say("", choice="none")
    await stage.say("", choice="leave")
    rows = await stage.pool.fetch("SELECT kind, text FROM questions ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [("gap", "没见过"), ("follow_up", "查询")], (
        "not that of another chat"
    )
    assert await stage.pool.fetchval("SELECT count(*) FROM deadlines WHERE subject = 'question'") == 1


async def test_a_survey_that_waited_for_a_chat_waits_anew_where_that_chat_was_served(stage: Stage) -> None:
    contact, agent = await _served(stage)
    await stage.reply(contact, agent)
    await stage.act(contact, HandedBack(agent, await stage.version(contact)))
    await stage.pool.execute("UPDATE surveys SET requested = now(), deferred = now()")
    await stage.say("人工")
    assert await stage.assigner.round() == 1
    await stage.reply(contact, agent)
    await stage.close(contact, agent)
    await stage.say("话费")
    await stage.shift(SILENT)
    await stage.clock.claim()
    assert stage.surveys.requested == [], "the end of a later chat does not bring it forward"
    assert await stage.pool.fetchval("SELECT requested IS NULL AND deferred IS NULL FROM surveys")


async def test_nothing_runs_for_a_survey_that_is_passed_over_after_it_was_scheduled(stage: Stage) -> None:
    contact, agent = await _served(stage)
    await stage.reply(contact, agent)
    await stage.act(contact, HandedBack(agent, await stage.version(contact)))
    asking = AskingRules(exclude=({"wrapup": frozenset({"billing"})},))
    stage.see(replace(stage.world, standard=replace(stage.world.standard, surveys=asking)))
    await stage.say("人工")
    assert await stage.assigner.round() == 1
    await stage.reply(contact, agent)
    await stage.close(contact, agent)
    assert await stage.pool.fetchval("SELECT skip_reason FROM surveys") == "excluded"
    running = "SELECT count(*) FROM deadlines WHERE subject = 'survey' AND met IS NULL AND voided IS NULL"
    assert await stage.pool.fetchval(running) == 0


async def _soonest(stage: Stage) -> float:
    """When the index calls the first of its members due, in seconds since 1970."""
    await stage.wire.settled()
    (found,) = await stage.wire.run([("ZRANGE", DUE, 0, 0, "WITHSCORES")])
    return float(found[0][1]) / 1000


async def _members(stage: Stage) -> list[str]:
    await stage.wire.settled()
    (names,) = await stage.wire.run([("ZRANGE", DUE, 0, -1)])
    return [str(name) for name in names]


async def test_two_services_in_one_conversation_are_asked_about_once_after_the_last(stage: Stage) -> None:
    contact, agent = await _served(stage)
    await stage.reply(contact, agent)
    await stage.act(contact, HandedBack(agent, await stage.version(contact)))
    await stage.say("人工")
    assert await stage.assigner.round() == 1
    await stage.reply(contact, agent)
    await stage.close(contact, agent)
    rows = await stage.pool.fetch("SELECT s.ended = v.closed AS last, s.skipped FROM surveys s, conversations v")
    assert [(row["last"], row["skipped"]) for row in rows] == [(True, None)]
    running = await stage.pool.fetch("SELECT clause FROM deadlines WHERE next_at IS NOT NULL")
    assert [row["clause"] for row in running] == ["survey.online"]
