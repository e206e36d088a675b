"""Surveys from the close of a service to the score: asked once, a day later, and counted for whoever served."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from bot.db import Row
from bot.outbox.sender import Sender
from bot.surveys.address import survey_page
from bot.surveys.enqueue import NAME, SurveyQueue
from bot.surveys.job import ask
from bot.surveys.sweep import sweep
from bot.surveys.token import hash_of, token_for
from channels.door import Address, Receipt, Undeliverable
from tests.bot.platform import Platform
from tests.bot.stage import CUSTOMER, FOLLOWER, SILENT, Stage, open_stage

KEY = "the key of these tests"
DAY = 24 * 60


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


@pytest.fixture
async def queue(redis_url: str) -> AsyncIterator[SurveyQueue]:
    opened = SurveyQueue(redis_url)
    yield opened
    await asyncio.to_thread(opened.close)


async def serve(stage: Stage, who: Address = CUSTOMER) -> tuple[int, int]:
    """An agent serves a customer and closes; the contact and the agent."""
    if await stage.pool.fetchval("SELECT count(*) FROM agents") == 0:
        await stage.hire("王芳")
    receipt = await stage.say("人工", who)
    assert receipt.message is not None
    contact_id = receipt.message.contact_id
    await stage.assigner.round()
    agent = await stage.pool.fetchval("SELECT assignee FROM conversations ORDER BY id DESC LIMIT 1")
    await stage.reply(contact_id, agent)
    await stage.close(contact_id, agent)
    return contact_id, agent


async def become_due(stage: Stage) -> list[int]:
    """A day passes; returns the surveys that the job was asked for."""
    await stage.shift(DAY + 1)
    await stage.clock.claim()
    requested, stage.surveys.requested = stage.surveys.requested, []
    return requested


async def send(stage: Stage, survey_id: int) -> bool:
    return await ask(survey_id, pool=stage.pool, writer=stage.writer, secret_key=KEY)


async def asked(stage: Stage, who: Address = CUSTOMER) -> int:
    """A service that its customer has been asked about."""
    await serve(stage, who)
    (survey_id,) = await become_due(stage)
    assert await send(stage, survey_id)
    return survey_id


async def survey(stage: Stage, survey_id: int) -> Row:
    row = await stage.pool.fetchrow("SELECT * FROM surveys WHERE id = $1", survey_id)
    assert row is not None
    return row


def said(receipt: Receipt) -> str:
    return "\n".join(message.text for message in receipt.replies)


async def test_nobody_is_asked_before_a_day_has_passed(stage: Stage) -> None:
    await serve(stage)
    await stage.shift(DAY - 1)
    await stage.clock.claim()
    assert stage.surveys.requested == []


async def test_a_day_after_the_close_the_customer_is_asked_in_the_same_thread(stage: Stage) -> None:
    contact_id, agent = await serve(stage)
    (survey_id,) = await become_due(stage)
    assert await send(stage, survey_id)
    row = await stage.pool.fetchrow("SELECT * FROM messages ORDER BY seq DESC LIMIT 1")
    assert row is not None
    assert (row["contact_id"], row["sender"]) == (contact_id, "bot")
    assert "王芳" in row["text"]
    assert [choice for choice, _ in row["choices"]] == [f"survey:{survey_id}:{star}" for star in range(1, 6)]
    stored = await survey(stage, survey_id)
    assert stored["agent_id"] == agent
    assert stored["asked"] is not None
    deadline = await stage.pool.fetchrow("SELECT met FROM deadlines WHERE clause = 'survey.online'")
    assert deadline is not None
    assert deadline["met"] is not None


async def test_a_score_is_recorded_once_normalised_and_for_whoever_served(stage: Stage) -> None:
    survey_id = await asked(stage)
    assert "感谢您的评价" in said(await stage.say("4"))
    assert "已经评价过" in said(await stage.say("", choice=f"survey:{survey_id}:1"))
    stored = await survey(stage, survey_id)
    assert (stored["stars"], stored["score"], stored["agent_id"]) == (4, 75, 1)
    assert stored["scored"] is not None


async def test_the_comment_stands_beside_the_score(stage: Stage) -> None:
    survey_id = await asked(stage)
    await stage.say("5")
    await stage.say("很耐心")
    stored = await survey(stage, survey_id)
    assert (stored["stars"], stored["comment"]) == (5, "很耐心")
    assert await stage.pool.fetchval("SELECT count(*) FROM conversations") == 1


async def test_reasons_tapped_in_the_chat_stand_beside_the_score_and_only_those_that_were_offered(stage: Stage) -> None:
    survey_id = await asked(stage)
    await stage.say("1")
    for reason in ("waiting", "attitude", "waiting", "friendly", "made_up"):
        await stage.say("", choice=f"survey:{survey_id}:reason:{reason}")
    await stage.say("", Address("web", "demo", "stranger"), choice=f"survey:{survey_id}:reason:unclear")
    stored = await survey(stage, survey_id)
    assert (stored["stars"], stored["reasons"], stored["questionnaire"]) == (1, ["waiting", "attitude"], 1)


async def test_an_old_menu_still_means_its_own_survey(stage: Stage) -> None:
    first = await asked(stage)
    await stage.pool.execute("UPDATE surveys SET asked = asked - interval '8 days'")
    second = await asked(stage)
    await stage.say("", choice=f"survey:{first}:2")
    await stage.say("", choice=f"survey:{second}:5")
    assert "已经评价过" in said(await stage.say("", choice=f"survey:{first}:5"))
    assert [(await survey(stage, one))["stars"] for one in (first, second)] == [2, 5]


async def test_the_survey_of_another_contact_cannot_be_scored(stage: Stage) -> None:
    survey_id = await asked(stage)
    await stage.say("", Address("web", "demo", "stranger"), choice=f"survey:{survey_id}:1")
    assert (await survey(stage, survey_id))["scored"] is None


async def test_a_job_that_runs_again_asks_once(stage: Stage) -> None:
    await serve(stage)
    (survey_id,) = await become_due(stage)
    await asyncio.gather(*(send(stage, survey_id) for _ in range(5)))
    assert not await send(stage, survey_id)
    questions = await stage.pool.fetchval("SELECT count(*) FROM messages WHERE choices::text LIKE '%survey:%'")
    assert questions == 1


async def test_a_survey_due_during_a_chat_is_asked_at_the_end_of_the_chat(stage: Stage) -> None:
    await serve(stage)
    (survey_id,) = await become_due(stage)
    await stage.say("查询")
    assert await send(stage, survey_id)
    stored = await survey(stage, survey_id)
    assert (stored["asked"], stored["deferred"] is not None) == (None, True)
    assert not await send(stage, survey_id)
    await stage.shift(SILENT)
    await stage.clock.claim()
    assert stage.surveys.requested == [survey_id]
    assert await send(stage, survey_id)
    assert (await survey(stage, survey_id))["asked"] is not None


async def test_a_later_service_is_asked_about_instead_of_the_earlier_one(stage: Stage) -> None:
    await serve(stage)
    (first,) = await become_due(stage)
    await stage.say("查询")
    await send(stage, first)
    await serve(stage)
    assert (await survey(stage, first))["skipped"] is not None
    (second,) = await become_due(stage)
    assert second != first
    assert not await send(stage, first)
    assert await send(stage, second)


async def test_on_wechat_the_survey_takes_the_message_that_was_kept_for_it(stage: Stage) -> None:
    contact_id, _ = await serve(stage, FOLLOWER)
    await stage.pool.execute("UPDATE contacts SET budget_left = 1 WHERE id = $1", contact_id)
    (survey_id,) = await become_due(stage)
    assert await send(stage, survey_id)
    row = await stage.pool.fetchrow("SELECT kind, state FROM outbox ORDER BY from_seq DESC LIMIT 1")
    assert row is not None
    assert (row["kind"], row["state"]) == ("survey", "queued")
    assert await stage.pool.fetchval("SELECT budget_left FROM contacts") == 0


async def test_a_survey_that_no_message_can_carry_goes_as_a_notice_to_its_page(stage: Stage) -> None:
    await serve(stage, FOLLOWER)
    await stage.pool.execute("UPDATE outbox SET state = 'sent'")
    await stage.pool.execute("UPDATE contacts SET budget_left = 0")
    (survey_id,) = await become_due(stage)
    assert await send(stage, survey_id)
    platform = Platform()
    page = partial(survey_page, public_url="https://kf.example.cn", secret_key=KEY)
    sender = Sender(pool=stage.pool, writer=stage.writer, doors={"wechat": platform}, page=page)
    assert await sender.round() == 1
    await sender.settled()
    (outbound,) = platform.arrived
    assert (outbound.survey, outbound.notice) == (True, True)
    assert outbound.page == f"https://kf.example.cn/survey/{token_for(KEY.encode(), survey_id)}"
    assert (await survey(stage, survey_id))["undelivered"] is None


async def test_a_survey_that_cannot_reach_its_customer_is_written_down_and_somebody_is_told(stage: Stage) -> None:
    await serve(stage, FOLLOWER)
    await stage.pool.execute("UPDATE outbox SET state = 'sent'")
    await stage.pool.execute("UPDATE contacts SET budget_left = 0")
    (survey_id,) = await become_due(stage)
    assert await send(stage, survey_id)
    platform = Platform(script=[Undeliverable("budget")])
    sender = Sender(pool=stage.pool, writer=stage.writer, doors={"wechat": platform})
    assert await sender.round() == 1
    await sender.settled()
    row = await stage.pool.fetchrow("SELECT state, error FROM outbox WHERE kind = 'survey'")
    assert row is not None
    assert (row["state"], row["error"]) == ("failed", "budget")
    told = await stage.pool.fetchval("SELECT audience FROM alerts WHERE kind = 'undelivered.survey'")
    assert told == "leader"
    assert (await survey(stage, survey_id))["undelivered"] is not None
    await stage.say("5", FOLLOWER)
    assert (await survey(stage, survey_id))["scored"] is None


async def test_only_the_hash_of_the_pages_token_is_stored(stage: Stage) -> None:
    survey_id = await asked(stage)
    token = token_for(KEY.encode(), survey_id)
    assert (await survey(stage, survey_id))["token_hash"] == hash_of(token)
    assert len(token) == 22
    assert token != token_for(b"another key", survey_id) != token_for(KEY.encode(), survey_id + 1)


async def test_a_requested_survey_lies_on_rq_with_its_number_and_further_tries(
    queue: SurveyQueue, redis_url: str
) -> None:
    queue.request([7, 8])
    await asyncio.to_thread(queue.settle)
    assert sorted(queue.waiting()) == [7, 8]
    with Redis.from_url(redis_url) as redis:
        jobs = Queue(NAME, connection=redis, serializer=JSONSerializer).jobs
    assert {(job.func_name, job.retries_left) for job in jobs} == {("bot.surveys.job.send_survey", 3)}


async def test_a_survey_that_was_requested_twice_is_one_job(queue: SurveyQueue, redis_url: str) -> None:
    for _ in range(2):
        queue.request([7])
        await asyncio.to_thread(queue.settle)
    with Redis.from_url(redis_url) as redis:
        jobs = Queue(NAME, connection=redis, serializer=JSONSerializer).jobs
    assert {job.id for job in jobs} == {"survey-7"}


async def test_what_redis_did_not_take_is_requested_again(stage: Stage, queue: SurveyQueue) -> None:
    await serve(stage)
    (survey_id,) = await become_due(stage)
    away = SurveyQueue("redis://127.0.0.1:1")
    away.request([survey_id])
    await asyncio.to_thread(away.close)
    assert await sweep(stage.pool, queue) == 0
    await stage.pool.execute("UPDATE surveys SET requested = requested - interval '61 seconds'")
    assert await sweep(stage.pool, queue) == 1
    await asyncio.to_thread(queue.settle)
    assert queue.waiting() == [survey_id]
    assert await send(stage, survey_id)
    assert await sweep(stage.pool, queue) == 0
