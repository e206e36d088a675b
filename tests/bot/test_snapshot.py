"""Every process takes a new edition of the knowledge, and answers from the old one until the new one stands."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.db import Pool
from bot.house import SHIPPED
from bot.knowledge.publish import Draft, InvalidDraft, drafts, publish, withdraw
from bot.snapshot import Snapshot
from bot.standards.publish import publish as publish_standard
from router.events import Found
from router.routing import Routing
from router.standard import parse
from router.world import Manners

STANDARD = parse(SHIPPED.read_text("utf-8"))
FEE = Draft("fee", "怎么查询话费余额", ("查话费", "还剩多少话费", "话费余额在哪看"), "发送查话费。", hot=True)
DATA = Draft("data", "怎么查询剩余流量", ("查流量", "流量还剩多少", "流量在哪看"), "打开App。")


async def _open(pool: Pool) -> Snapshot:
    snapshot = Snapshot(pool, STANDARD, Manners(), Routing(), answers=True)
    await snapshot.start()
    return snapshot


async def _ask(snapshot: Snapshot, text: str) -> Found:
    answer: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
    snapshot.understanding.ask(text, answer.set_result)
    return await answer


async def test_an_empty_knowledge_base_finds_nothing(pool: Pool) -> None:
    snapshot = await _open(pool)
    assert await _ask(snapshot, "查话费") == Found()


async def test_a_publication_reaches_a_process_that_runs(pool: Pool) -> None:
    snapshot = await _open(pool)
    await publish(pool, [FEE, DATA])
    await snapshot.refresh()
    assert (await _ask(snapshot, "查话费")).entries[0] == "fee"
    assert snapshot.world.hot == ("fee",)


async def test_what_was_found_before_a_publication_counts_no_more(pool: Pool) -> None:
    await publish(pool, [FEE, DATA])
    snapshot = await _open(pool)
    assert (await _ask(snapshot, "查话费")).entries[0] == "fee"
    await withdraw(pool, "fee")
    await snapshot.refresh()
    assert "fee" not in (await _ask(snapshot, "查话费")).entries
    assert "fee" not in snapshot.world.knowledge


async def test_questions_are_answered_while_the_new_index_is_built(pool: Pool) -> None:
    await publish(pool, [FEE, DATA])
    snapshot = await _open(pool)
    many = [Draft(f"e{i}", f"第{i}号业务怎么办理", (f"办{i}号业务",), "请到营业厅。") for i in range(150)]
    await publish(pool, many)
    refreshing = asyncio.create_task(snapshot.refresh())
    while not refreshing.done():
        assert (await _ask(snapshot, "查话费")).entries[0] == "fee"
    await refreshing
    assert len(snapshot.world.knowledge) == 152


async def test_the_wait_is_estimated_from_how_long_conversations_took_and_how_many_people_carry_at_once(
    pool: Pool,
) -> None:
    await pool.execute(
        "INSERT INTO agents (login, name, password_hash, role, capacity, presence)"
        " VALUES ('a', 'a', '', 'agent', 4, 'online'), ('b', 'b', '', 'agent', 2, 'online'),"
        " ('c', 'c', '', 'agent', 9, 'break')"
    )
    await _serve(pool, minutes=[30, 9, 12, 12])
    snapshot = await _open(pool)
    assert snapshot.world.staff("service").wait(3) == 9  # Too few: six minutes each, by two people.
    await _serve(pool, minutes=[15])
    later = await _open(pool)
    assert later.world.staff("service").wait(3) == 6  # Twelve minutes each, six at once.
    await pool.execute("UPDATE agents SET presence = 'break'")
    await later.refresh()
    assert later.world.staff("service").wait(1) is None


async def _serve(pool: Pool, *, minutes: list[int]) -> None:
    """Conversations that people have served, so many minutes each."""
    for length in minutes:
        await pool.execute(
            "WITH c AS (INSERT INTO contacts (channel, account, address)"
            " VALUES ('web', 'demo', gen_random_uuid()::text) RETURNING id)"
            " INSERT INTO conversations (id, contact_id, status, version, queue, priority, reoffer, misses, opened,"
            " assigned, closed, wrapup, first_seq)"
            " SELECT 1000 + id, id, 'closed', 3, 'service', 0, false, 0, now(),"
            " now() - $1::float8 * interval '1 minute', now(), '', 1 FROM c",
            float(length),
        )


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({}, "entry"),
        ({"entry": [{"id": "a", "question": "q"}]}, "a: answer"),
        ({"entry": [{"id": "a", "question": "q", "answer": "a"}] * 2}, "a stands twice"),
    ],
)
def test_a_draft_that_cannot_be_published_is_named(document: dict[str, object], named: str) -> None:
    with pytest.raises(InvalidDraft, match=named):
        drafts(document)


async def test_a_standard_published_ahead_comes_into_force_with_its_day(pool: Pool) -> None:
    text = SHIPPED.read_text("utf-8").replace('daily = ["08:00-22:00"]', 'daily = ["09:00-21:00"]')
    snapshot = await _open(pool)
    ahead = datetime.now(UTC) + timedelta(hours=1)
    await publish_standard(pool, text, parse(text), effective_from=ahead, rebase=False)
    await snapshot.refresh()
    assert snapshot.world.standard is STANDARD
    assert [one.number for one in snapshot.world.editions.editions] == [0, 1]
    await pool.execute("UPDATE standards SET effective_from = now() - interval '1 hour'")
    await pool.execute("UPDATE publications SET version = version + 1 WHERE subject = 'standard'")
    await snapshot.refresh()
    assert snapshot.world.standard.calendar != STANDARD.calendar
