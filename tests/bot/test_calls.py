"""Calls in the database: one conversation each, ten seconds to pick up, one score, and a message that is answered."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random

import pytest

from bot.doctor import examine
from bot.turns.turn import FiredDeadline
from channels.door import Address
from router.events import (
    CallAbandoned,
    CallEnded,
    CallEvent,
    CallOffered,
    CallPickedUp,
    CallScored,
    Media,
    QuestionAnswered,
    RecordingReady,
    VoicemailLeft,
)
from tests.bot.stage import Stage, open_stage
from tests.dialog import world
from tests.hours import closed_at

CALLER = Address("hotline", "demo", "13800000001")
SECOND = timedelta(seconds=1)


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


def call(ref: str = "c", *, picked_up: float = 4.0, at: datetime | None = None) -> list[CallEvent]:
    """A call that was served and scored."""
    rang = at or datetime.now(UTC) - timedelta(seconds=200)
    return [
        CallOffered(ref, rang),
        CallPickedUp(ref, rang + picked_up * SECOND, "wangfang"),
        CallEnded(ref, rang + 90 * SECOND, "caller", 86),
        CallScored(ref, rang + 95 * SECOND, 75, 4),
        RecordingReady(ref, rang + 99 * SECOND, 86, Media("https://pbx/1")),
    ]


async def ring(stage: Stage, *events: CallEvent, who: Address = CALLER) -> None:
    for event in events:
        await stage.say("", who, event=event)


async def left(stage: Stage) -> dict[str, object]:
    """What a call has led to, without what depends on the order of arrival."""
    pool = stage.pool
    rows = {
        "calls": await pool.fetch(
            "SELECT ref, began, offered, picked_up, served, login, agent_id, abandoned, hung_up, ended_by, seconds,"
            " files, scored, score, stars, given_up, in_service FROM calls"
        ),
        "conversations": await pool.fetch(
            "SELECT status, assignee, opened, queued, assigned, answered, closed, wrapup FROM conversations"
        ),
        "messages": await pool.fetch("SELECT sender, kind, text FROM messages ORDER BY sender, kind, text"),
        "surveys": await pool.fetch("SELECT agent_id, ended, scored, stars, score FROM surveys"),
        "breaches": await pool.fetch(
            "SELECT clause, due, met, breached FROM deadlines WHERE clause = 'hotline.pickup'"
        ),
    }
    return {name: [tuple(row.values()) for row in found] for name, found in rows.items()}


async def test_a_call_is_a_conversation_of_its_own_that_closes_with_it(stage: Stage) -> None:
    agent = await stage.hire()
    offered, picked_up, ended, *_ = call(at=datetime.now(UTC))
    await ring(stage, offered)
    row = await stage.pool.fetchrow("SELECT status, assignee, closed FROM conversations")
    assert row is not None
    assert tuple(row.values()) == ("bot", None, None)
    await ring(stage, picked_up)
    row = await stage.pool.fetchrow("SELECT status, assignee, closed FROM conversations")
    assert row is not None
    assert tuple(row.values()) == ("assigned", agent, None)
    await ring(stage, ended)
    row = await stage.pool.fetchrow("SELECT status, assignee, closed, wrapup FROM conversations")
    assert row is not None
    assert tuple(row.values()) == ("closed", agent, ended.at, "call.served")
    texts = [row["text"] for row in await stage.pool.fetch("SELECT text FROM messages ORDER BY seq")]
    assert texts == ["来电，开始振铃", "wangfang 接起电话", "客户挂机，通话 1 分 26 秒"]


async def test_a_call_that_its_own_limit_gives_up_in_a_batch_is_over_for_the_claim_behind_it(stage: Stage) -> None:
    await ring(stage, CallOffered("c", datetime.now(UTC) - timedelta(hours=5)))
    rows = await stage.pool.fetch("SELECT * FROM deadlines WHERE next_at IS NOT NULL ORDER BY clause")
    assert [row["clause"] for row in rows] == ["call.end", "hotline.pickup"]
    claims = [FiredDeadline(row["id"], row["generation"], row["step"]) for row in rows]
    await asyncio.gather(*(stage.writer.fire(rows[0]["contact_id"], claim) for claim in claims))
    assert await stage.pool.fetchval("SELECT given_up IS NOT NULL FROM calls")
    assert await stage.pool.fetchval("SELECT count(*) FROM deadlines WHERE met IS NULL AND voided IS NULL") == 0


async def test_every_order_of_the_reports_leads_to_the_same_rows(stage: Stage) -> None:
    """Each order once one by one, and once at once, so that one batch takes them all."""
    await stage.hire()
    events = call()
    orders = Random(7).sample(list(permutations(events)), 12)
    found = []
    for number, order in enumerate([tuple(events), *orders, *orders]):
        shuffled = (*order, *Random(3).sample(order, 2))
        if number <= len(orders):
            await ring(stage, *shuffled)
        else:
            await asyncio.gather(*(stage.say("", CALLER, event=event) for event in shuffled))
        found.append(await left(stage))
        await stage.pool.execute(
            "TRUNCATE calls, conversations, messages, surveys, callbacks, deadlines, intake, files, ticket_files"
        )
        await stage.pool.execute("UPDATE contacts SET seq = 0")
    assert [one for one in found[1:] if one != found[0]] == []
    assert len(found[0]["messages"]) == 5  # type: ignore[arg-type]


async def test_a_report_that_never_comes_is_not_missed(stage: Stage) -> None:
    agent = await stage.hire()
    _, picked_up, ended, scored, _ = call()
    await ring(stage, ended, scored, picked_up)
    row = await stage.pool.fetchrow("SELECT status, assignee FROM conversations")
    assert row is not None
    assert tuple(row.values()) == ("closed", agent)
    assert await stage.pool.fetchval("SELECT count(*) FROM deadlines WHERE clause = 'hotline.pickup'") == 0


async def test_a_call_that_rings_for_ten_seconds_is_a_breach_and_the_leader_hears_of_it(stage: Stage) -> None:
    await ring(stage, CallOffered("c", datetime.now(UTC)))
    await stage.shift(11 / 60)
    assert await stage.clock.claim() == 1
    row = await stage.pool.fetchrow("SELECT breached FROM deadlines WHERE clause = 'hotline.pickup'")
    assert row is not None
    assert row["breached"] is not None
    alerts = await stage.pool.fetch("SELECT audience, kind FROM alerts")
    assert [tuple(one.values()) for one in alerts] == [("leader", "breached.hotline.pickup")]
    assert await stage.pool.fetchval("SELECT count(*) FROM conversations WHERE status = 'queued'") == 0


@pytest.mark.parametrize("backwards", [False, True])
async def test_a_pick_up_after_twelve_seconds_is_late_in_either_order(stage: Stage, *, backwards: bool) -> None:
    events = call(picked_up=12)
    await ring(stage, *(reversed(events) if backwards else events))
    row = await stage.pool.fetchrow("SELECT due, met, breached FROM deadlines WHERE clause = 'hotline.pickup'")
    assert row is not None
    assert row["met"] == row["breached"] == events[1].at


@pytest.mark.parametrize(("seconds", "late"), [(6, False), (15, True)])
@pytest.mark.parametrize("backwards", [False, True])
async def test_a_caller_who_gives_up_has_waited_too_long_or_not(
    stage: Stage, seconds: int, *, late: bool, backwards: bool
) -> None:
    rang = datetime.now(UTC) - timedelta(seconds=60)
    events = [CallOffered("c", rang), CallAbandoned("c", rang + seconds * SECOND)]
    await ring(stage, *(reversed(events) if backwards else events))
    row = await stage.pool.fetchrow("SELECT voided, breached FROM deadlines WHERE clause = 'hotline.pickup'")
    assert row is not None
    assert row["voided"] is not None
    assert (row["breached"] is not None) is late


async def test_calls_do_not_disturb_the_chats(stage: Stage) -> None:
    agent = await stage.hire(capacity=1)
    await ring(stage, *call(at=datetime.now(UTC))[:2])
    await stage.say("人工")
    assert await stage.assigner.round() == 1
    assert await stage.pool.fetchval("SELECT count(*) FROM conversations WHERE assignee = $1", agent) == 2
    await stage.pool.execute("UPDATE agents SET presence = 'offline'")
    await stage.assigner.leave_nobody_behind()
    rows = await stage.pool.fetch("SELECT status FROM conversations WHERE call_id IS NOT NULL")
    assert [row["status"] for row in rows] == ["assigned"]


async def test_a_switchboard_may_ring_twice_at_once(stage: Stage) -> None:
    now = datetime.now(UTC)
    await ring(stage, CallOffered("a", now), CallOffered("b", now), CallPickedUp("b", now), CallAbandoned("a", now))
    rows = await stage.pool.fetch("SELECT status FROM conversations ORDER BY id")
    assert [row["status"] for row in rows] == ["closed", "assigned"]


async def test_a_score_on_the_keypad_is_a_survey_of_that_call_once(stage: Stage) -> None:
    agent = await stage.hire()
    events = call()
    await ring(stage, *events, CallScored("c", events[3].at + SECOND, 0, 1))
    rows = await stage.pool.fetch("SELECT agent_id, stars, score FROM surveys")
    assert [tuple(row.values()) for row in rows] == [(agent, 4, 75)]
    assert stage.surveys.requested == []


async def test_an_extension_names_the_agent_and_a_strange_one_nobody(stage: Stage) -> None:
    agent = await stage.hire()
    await stage.pool.execute("UPDATE agents SET extension = '8001'")
    now = datetime.now(UTC)
    await ring(stage, CallPickedUp("a", now, extension="8001"), CallScored("a", now, 50))
    await ring(stage, CallPickedUp("b", now, extension="9999"), CallScored("b", now, 50))
    rows = await stage.pool.fetch("SELECT agent_id, score FROM surveys ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [(agent, 50), (None, 50)]


async def test_a_call_without_an_end_counts_as_over_after_four_hours(stage: Stage) -> None:
    await ring(stage, *call(at=datetime.now(UTC))[:2])
    await stage.shift(4 * 60 + 1)
    await stage.clock.claim()
    row = await stage.pool.fetchrow("SELECT status, closed FROM conversations")
    assert row is not None
    assert row["status"] == "closed"
    assert await stage.pool.fetchval("SELECT count(*) FROM deadlines WHERE met IS NULL AND voided IS NULL") == 0


@pytest.mark.parametrize(("open_always", "kind", "clause"), [(True, "follow_up", "enquiry.follow_up")])
async def test_a_message_on_the_machine_is_a_question_with_a_limit(
    stage: Stage, kind: str, clause: str, *, open_always: bool
) -> None:
    await ring(stage, VoicemailLeft("c", datetime.now(UTC), 9, "宽带坏了", Media("https://pbx/v")))
    row = await stage.pool.fetchrow("SELECT id, kind, text, contact_id FROM questions")
    assert row is not None
    assert (row["kind"], row["text"]) == (kind, "宽带坏了")
    assert await stage.pool.fetchval("SELECT clause FROM deadlines WHERE subject = 'question'") == clause
    agent = await stage.hire()
    await stage.act(row["contact_id"], QuestionAnswered(agent, row["id"], row["text"], "今天下午上门"))
    said = await stage.pool.fetchval("SELECT text FROM messages ORDER BY seq DESC LIMIT 1")
    assert said == "已回电。客户问的：宽带坏了\n答复：今天下午上门"
    assert await stage.pool.fetchval("SELECT met IS NOT NULL FROM deadlines WHERE subject = 'question'")
    assert await stage.pool.fetchval("SELECT count(*) FROM outbox") == 0


async def test_a_message_left_at_night_is_to_be_answered_by_eight(database_url: str, redis_url: str) -> None:
    at = world(open_always=False)
    closed = at.standard.with_hours(closed_at(datetime.now(at.zone).hour))
    object.__setattr__(at, "standard", closed)
    async with open_stage(database_url, redis_url, at=at) as stage:
        await ring(stage, VoicemailLeft("c", datetime.now(UTC), 9))
        row = await stage.pool.fetchrow("SELECT clause, due FROM deadlines WHERE subject = 'question'")
        assert row is not None
        assert (row["due"].astimezone(UTC).hour, row["due"].minute) == (0, 0)
        assert row["clause"] == "message.overnight"


async def test_the_doctor_finds_nothing_amiss_with_calls(stage: Stage) -> None:
    await stage.hire()
    now = datetime.now(UTC)
    await ring(stage, *call("a"), *call("b", at=now)[:2], CallOffered("d", now))
    await stage.wire.settled()
    findings = await examine(stage.pool, stage.wire)
    assert [one for one in findings if not one.healthy] == []
