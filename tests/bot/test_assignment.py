"""Who gets which chat: present, skilled, with room, idle the longest; and nobody gets a chat twice."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest

from bot.people.people import People
from bot.queues.leases import LEASES, TURN, Leases, Seen
from channels.door import Address
from router.assignment import Pair
from router.events import Requeued
from router.routing import parse
from tests.bot.stage import Stage, open_stage
from tests.dialog import ALWAYS_OPEN, world
from tests.hours import open_at


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


OVERFLOWING = """
default = "service"
[queue.service]
zh = "市客服"
en = "City"
overflow = "province"
overflow_after = "10m"
[queue.province]
zh = "省客服"
en = "Province"
"""


async def _wait_in_line(stage: Stage, count: int) -> list[int]:
    contacts = []
    for number in range(count):
        receipt = await stage.say("人工", Address("web", "demo", f"c{number}"))
        assert receipt.message is not None
        contacts.append(receipt.message.contact_id)
    return contacts


async def _begun(leases: Leases) -> Seen:
    seen = await leases.begin()
    assert seen is not None
    return seen


async def _assignees(stage: Stage) -> list[int | None]:
    return [row["assignee"] for row in await stage.pool.fetch("SELECT assignee FROM conversations ORDER BY contact_id")]


async def test_the_one_idle_longest_comes_first_and_then_they_take_turns(stage: Stage) -> None:
    first, second = await stage.hire("a"), await stage.hire("b")
    await stage.pool.execute(
        "UPDATE agents SET presence_since = presence_since - interval '1 hour' WHERE id = $1", second
    )
    await _wait_in_line(stage, 4)
    assert await stage.assigner.round() == 4
    assert await _assignees(stage) == [second, first, second, first]


async def test_nobody_gets_more_than_they_can_carry(stage: Stage) -> None:
    agent = await stage.hire("a", capacity=2)
    await _wait_in_line(stage, 3)
    assert await stage.assigner.round() == 2
    assert await stage.assigner.round() == 0
    assert await _assignees(stage) == [agent, agent, None]


async def test_a_channel_has_a_limit_of_its_own_beside_the_capacity(stage: Stage) -> None:
    agent = await stage.hire("a", capacity=4)
    people = People(stage.pool, stage.bus)
    assert await people.set_capacity("a", None, {"web": 1, "telegram": 2})
    assert await people.set_capacity("a", 3, {"telegram": None})
    await _wait_in_line(stage, 2)
    await stage.say("人工", Address("app", "demo", "later"))
    assert await stage.assigner.round() == 2
    assert await stage.assigner.round() == 0
    assert await _assignees(stage) == [agent, None, agent]
    (known,) = await people.all()
    assert (known.capacity, known.channel_limits) == (3, {"web": 1})
    assert not await people.set_capacity("nobody", 1, {})
    trail = await stage.pool.fetch("SELECT detail FROM audit WHERE deed = 'account_changed' ORDER BY id")
    assert [row["detail"] for row in trail] == ["limit.web=1 limit.telegram=2", "capacity=3 limit.telegram="]


async def test_a_close_makes_room_for_the_next(stage: Stage) -> None:
    agent = await stage.hire("a", capacity=1)
    contacts = await _wait_in_line(stage, 2)
    await stage.assigner.round()
    await stage.reply(contacts[0], agent)
    await stage.close(contacts[0], agent)
    assert await stage.assigner.round() == 1
    assert await _assignees(stage) == [agent, agent]


async def test_a_chat_that_nobody_present_can_take_does_not_block_the_next(stage: Stage) -> None:
    helper = await stage.hire("helper")
    contacts = await _wait_in_line(stage, 1)
    await stage.assigner.round()
    await stage.act(contacts[0], Requeued(helper, await stage.version(contacts[0]), "broadband"))
    await stage.say("人工", Address("web", "demo", "later"))
    assert await stage.assigner.round() == 1
    assert await _assignees(stage) == [None, helper]


async def test_the_skill_of_the_queue_is_required_until_the_wait_has_been_long(stage: Stage) -> None:
    helper, expert = await stage.hire("helper"), await stage.hire("expert", skills=["broadband"])
    contacts = await _wait_in_line(stage, 2)
    await stage.pool.execute("UPDATE agents SET presence = 'offline' WHERE id = $1", expert)
    await stage.assigner.round()
    for contact in contacts:
        await stage.act(contact, Requeued(helper, await stage.version(contact), "broadband"))
    assert await stage.assigner.round() == 0
    await stage.pool.execute("UPDATE agents SET presence = 'online', capacity = 1 WHERE id = $1", expert)
    assert await stage.assigner.round() == 1
    await stage.pool.execute("UPDATE conversations SET queued = queued - interval '5 minutes'")
    assert await stage.assigner.round() == 1
    assert await _assignees(stage) == [expert, helper]


async def test_a_queue_that_overflows_hands_on_what_has_waited_too_long(stage: Stage) -> None:
    stage.see(replace(stage.world, routing=parse(OVERFLOWING)))
    await _wait_in_line(stage, 2)
    assert await stage.assigner.overflow() == 0
    await stage.pool.execute("UPDATE conversations SET queued = queued - interval '10 minutes' WHERE contact_id = 1")
    assert await stage.assigner.overflow() == 1
    assert await stage.assigner.overflow() == 0
    rows = await stage.pool.fetch("SELECT queue FROM conversations ORDER BY contact_id")
    assert [row["queue"] for row in rows] == ["province", "service"]
    assert await stage.pool.fetchval("SELECT count(*) FROM alerts WHERE kind = 'overflowed'") == 1


async def test_what_waits_in_a_queue_that_is_gone_is_assigned_all_the_same(stage: Stage) -> None:
    agent = await stage.hire("a")
    await _wait_in_line(stage, 1)
    await stage.pool.execute("UPDATE conversations SET queue = 'gone'")
    assert await stage.assigner.round() == 1
    assert await _assignees(stage) == [agent]


async def test_assigners_side_by_side_give_no_chat_twice(stage: Stage) -> None:
    for number in range(5):
        await stage.hire(f"a{number}", capacity=4)
    await _wait_in_line(stage, 20)
    given = await asyncio.gather(*(stage.assigner.round() for _ in range(8)))
    for _ in range(5):
        given.append(await stage.assigner.round())
    assert sum(given) == 20
    rows = await stage.pool.fetch("SELECT assignee, count(*) AS carried FROM conversations GROUP BY assignee")
    assert all(row["assignee"] is not None and row["carried"] <= 4 for row in rows)
    greetings = "SELECT count(*) FROM messages WHERE sender = 'system' AND text LIKE '%已接入%'"
    assert await stage.pool.fetchval(greetings) == 20


async def test_a_customer_meets_the_agent_who_knows_them(stage: Stage) -> None:
    known, other = await stage.hire("known"), await stage.hire("other")
    contacts = await _wait_in_line(stage, 1)
    await stage.pool.execute("UPDATE agents SET presence = 'offline' WHERE id = $1", other)
    await stage.assigner.round()
    await stage.reply(contacts[0], known)
    await stage.close(contacts[0], known)
    await stage.pool.execute("UPDATE agents SET presence = 'online', presence_since = 'epoch' WHERE id = $1", other)
    await stage.say("人工", Address("web", "demo", "c0"))
    await stage.say("人工", Address("web", "demo", "stranger"))
    assert await stage.assigner.round() == 2
    rows = await stage.pool.fetch("SELECT assignee FROM conversations WHERE closed IS NULL ORDER BY contact_id")
    assert [row["assignee"] for row in rows] == [known, other]


async def test_a_free_place_that_was_given_meanwhile_is_not_given_again(stage: Stage) -> None:
    """An assigner that read the facts before another one's assignment was confirmed does not know of it."""
    agent = await stage.hire("a", capacity=1)
    await _wait_in_line(stage, 2)
    first, second = [row["id"] for row in await stage.pool.fetch("SELECT id FROM conversations ORDER BY id")]
    slow, quick = Leases(stage.wire), Leases(stage.wire)
    early = await _begun(slow)
    await stage.wire.run([("DEL", TURN)])  # As if its turn had taken too long.
    await quick.settle(await quick.claim([Pair(first, agent)], {agent: 1}, await _begun(quick)), [])
    assert await slow.claim([Pair(second, agent)], {agent: 1}, early) == []
    assert await slow.claim([Pair(first, agent)], {agent: 1}, early) == []


async def test_what_the_writer_refused_is_free_again(stage: Stage) -> None:
    agent = await stage.hire("a", capacity=1)
    pair = Pair(7, agent)
    leases = Leases(stage.wire)
    assert await leases.claim([pair], {agent: 1}, await _begun(leases)) == [pair]
    assert await leases.claim([pair], {agent: 1}, await _begun(leases)) == []
    await leases.settle([], [pair])
    assert await leases.claim([pair], {agent: 1}, await _begun(leases)) == [pair]


async def test_while_one_assigner_decides_another_does_not(stage: Stage) -> None:
    await stage.hire("a")
    await _wait_in_line(stage, 1)
    other = Leases(stage.wire)
    turn = await _begun(other)
    assert await stage.assigner.round() == 0
    await other.claim([], {}, turn)
    assert await stage.assigner.round() == 1


async def test_after_flushall_the_waiting_are_assigned_all_the_same(stage: Stage) -> None:
    agent = await stage.hire("a")
    await _wait_in_line(stage, 1)
    await stage.wire.run([("FLUSHALL",)])
    assert await stage.assigner.round() == 1
    assert await _assignees(stage) == [agent]


async def test_a_lease_whose_assigner_died_comes_back(stage: Stage) -> None:
    agent = await stage.hire("a")
    await _wait_in_line(stage, 1)
    conversation = await stage.pool.fetchval("SELECT id FROM conversations")
    await stage.wire.run([("HSET", LEASES, conversation, f"{agent}:1")])
    assert await stage.assigner.round() == 1
    assert await _assignees(stage) == [agent]


async def test_chats_of_someone_who_went_offline_go_back_to_the_queue(stage: Stage) -> None:
    agent = await stage.hire("a")
    await _wait_in_line(stage, 1)
    await stage.assigner.round()
    await stage.pool.execute("UPDATE agents SET presence = 'offline' WHERE id = $1", agent)
    assert await stage.assigner.leave_nobody_behind() == 1
    assert await stage.pool.fetchval("SELECT status FROM conversations") == "queued"


async def test_the_places_in_the_queue_are_counted_exactly(stage: Stage) -> None:
    receipts = await asyncio.gather(*(stage.say("人工", Address("web", "demo", f"c{i}")) for i in range(12)))
    told = sorted(
        int("".join(c for c in r.replies[0].text.split("第")[1].split("位")[0] if c.isdigit())) for r in receipts
    )
    assert told == list(range(1, 13))


@pytest.mark.parametrize(
    ("language", "open_always", "told"),
    [
        ("zh", False, "第 1 位，有同事上线就会接入，人工服务到"),
        ("zh", True, "还说不准要等多久"),
        ("en", False, "we are here until"),
    ],
)
@pytest.mark.parametrize("channel", ["web", "wechat"])
async def test_where_nobody_is_on_duty_no_wait_is_promised_and_a_message_can_be_left(
    database_url: str, redis_url: str, language: str, *, open_always: bool, told: str, channel: str
) -> None:
    """The hours of the day's end are told only where the house ever closes; at night nobody queues at all."""
    at = world(on_duty=0)
    if not open_always:
        at = replace(at, standard=ALWAYS_OPEN.with_hours(open_at(datetime.now(at.zone).hour)))
    async with open_stage(database_url, redis_url, at=at) as stage:
        who = Address(channel, "demo", "c")
        receipt = await stage.say("人工", who, language=language)
        (reply,) = receipt.replies
        assert told in reply.text
        assert [choice.id for choice in reply.choices] == ["leave", "cancel_queue"]
        assert (await stage.say("", who, choice="leave")).replies
        assert await stage.pool.fetchval("SELECT status FROM conversations") == "bot"
