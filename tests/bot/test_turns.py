"""The writer: what is taken is stored once, in order, and answered with what is stored."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bot.aftermath import AfterCommit
from bot.doors.known import CAPABILITIES, PUSHES
from bot.turns.understand import Understanding
from bot.turns.writer import Writer
from channels.door import Address, Busy, Inbound
from router.events import Found, Kind, Noted, Replied, Said
from tests.bot.stage import CUSTOMER, FOLLOWER, Stage, open_stage


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


async def test_a_message_and_its_reply_are_stored_side_by_side(stage: Stage) -> None:
    receipt = await stage.say("话费")
    rows = await stage.pool.fetch("SELECT seq, sender, text FROM messages ORDER BY seq")
    assert [(row["seq"], row["sender"]) for row in rows] == [(1, "contact"), (2, "bot")]
    assert receipt.message is not None
    assert (receipt.message.seq, receipt.replies[0].text) == (1, rows[1]["text"])


async def test_a_repeat_gets_the_very_same_reply_and_stores_nothing(stage: Stage) -> None:
    first = await stage.say("话费", source_id="x")
    again = await stage.say("话费", source_id="x")
    assert again.repeated
    assert again.replies == first.replies
    assert await stage.pool.fetchval("SELECT count(*) FROM messages") == 2


async def test_a_repeat_in_another_process_gets_the_stored_reply(
    stage: Stage, database_url: str, redis_url: str
) -> None:
    first = await stage.say("话费", FOLLOWER, source_id="x")
    await stage.pool.execute("DELETE FROM queues")
    async with open_stage(database_url, redis_url) as other:
        again = await other.say("话费", FOLLOWER, source_id="x")
    assert again.repeated
    assert again.replies == first.replies
    assert again.outbox_id == first.outbox_id


@pytest.mark.parametrize("channel", sorted(PUSHES))
async def test_an_answer_waits_for_an_http_body_only_where_the_platform_takes_one(stage: Stage, channel: str) -> None:
    state = "offered" if CAPABILITIES[channel].passive else "queued"
    receipt = await stage.say("话费", Address(channel, "demo", "somebody"))
    row = await stage.pool.fetchrow("SELECT state, due <= clock_timestamp() AS due FROM outbox")
    assert row is not None
    assert (row["state"], row["due"]) == (state, state == "queued")
    assert receipt.outbox_id is not None


async def test_repeats_at_the_same_instant_share_one_turn(stage: Stage) -> None:
    receipts = await asyncio.gather(*(stage.say("话费", source_id="x") for _ in range(20)))
    assert len({receipt.replies for receipt in receipts}) == 1
    assert sum(not receipt.repeated for receipt in receipts) == 1
    assert await stage.pool.fetchval("SELECT count(*) FROM messages") == 2


async def test_two_writers_on_one_contact_keep_one_order_without_gaps(
    stage: Stage, database_url: str, redis_url: str
) -> None:
    await stage.pool.execute("DELETE FROM queues")
    async with open_stage(database_url, redis_url) as other:
        says = [(stage, other)[i % 2].say("查询", source_id=f"s{i}") for i in range(40)]
        await asyncio.gather(*says)
    rows = await stage.pool.fetch("SELECT seq, sent_at FROM messages ORDER BY seq")
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["sent_at"] for row in rows] == sorted(row["sent_at"] for row in rows)
    assert await stage.pool.fetchval("SELECT count(*) FROM conversations") == 1


async def test_messages_of_one_contact_keep_their_order_though_one_needs_matching(stage: Stage) -> None:
    await stage.say("话费")
    await asyncio.gather(*(stage.say(text) for text in ("没见过的问题", "话费", "另一个没见过的问题", "话费")))
    rows = await stage.pool.fetch("SELECT text FROM messages WHERE sender = 'contact' ORDER BY seq")
    assert [row["text"] for row in rows] == ["话费", "没见过的问题", "话费", "另一个没见过的问题", "话费"]


async def test_many_contacts_are_written_by_few_commits(stage: Stage) -> None:
    before = await stage.pool.fetchval("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")
    people = [Address("web", "demo", f"c{i}") for i in range(200)]
    await asyncio.gather(*(stage.say("话费", who) for who in people))
    assert await stage.pool.fetchval("SELECT count(DISTINCT contact_id) FROM messages") == 200
    await stage.pool.execute("SELECT pg_stat_force_next_flush()")
    after = await stage.pool.fetchval("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")
    assert after - before < 100


async def test_questions_of_one_contact_in_one_commit_leave_it_as_the_last_of_them_does(stage: Stage) -> None:
    await stage.say("话费", FOLLOWER)
    asked = [stage.say("话费", FOLLOWER), stage.say("人工费用怎么算呀", FOLLOWER), stage.say("话费", FOLLOWER)]
    receipts = await asyncio.gather(*asked, stage.say("话费", CUSTOMER))
    row = await stage.pool.fetchrow(
        "SELECT c.seq, c.last_said, c.last_event, v.spoke, v.misses FROM contacts c "
        "JOIN conversations v ON v.id = c.conversation_id WHERE c.address = $1",
        FOLLOWER.contact,
    )
    last = receipts[2].message
    assert row is not None
    assert last is not None
    assert (row["seq"], row["misses"]) == (8, 0)
    assert row["last_said"].startswith("answer:")
    assert row["last_event"] == row["spoke"] == last.sent_at


async def test_a_passive_reply_is_offered_and_sent_once_its_body_is_written(stage: Stage) -> None:
    receipt = await stage.say("话费", FOLLOWER)
    assert receipt.outbox_id is not None
    assert await _state(stage, receipt.outbox_id) == "offered"
    stage.writer.fulfil(receipt.outbox_id)
    await stage.say("话费", FOLLOWER)
    assert await _state(stage, receipt.outbox_id) == "sent"


async def test_what_comes_while_somebody_keeps_a_table_is_written_once_it_is_free(stage: Stage) -> None:
    await stage.say("话费")
    with capture_logs() as lines:
        async with stage.pool.acquire() as connection, connection.transaction():
            await connection.execute("LOCK TABLE conversations IN ACCESS EXCLUSIVE MODE")
            said = asyncio.create_task(stage.say("人工"))
            while not any(line["event"] == "writer.database_away" for line in lines):  # noqa: ASYNC110 - a log tells nobody
                await asyncio.sleep(0.02)
    receipt = await said
    assert receipt.message is not None
    assert receipt.message.text == "人工"
    assert {line["event"] for line in lines} & {"writer.batch_failed", "writer.turn_lost"} == set()
    assert await stage.pool.fetchval("SELECT status FROM conversations") == "queued"


async def test_web_replies_need_no_outbox(stage: Stage) -> None:
    assert (await stage.say("话费")).outbox_id is None
    assert await stage.pool.fetchval("SELECT count(*) FROM outbox") == 0


async def test_a_stale_act_is_refused_and_leaves_no_trace_in_the_thread(stage: Stage) -> None:
    contact = await _handed_off(stage)
    before = await stage.pool.fetchval("SELECT count(*) FROM messages")
    receipt = await stage.act(contact, Replied(1, "王芳", "您好", 99))
    assert receipt.refused == "stale"
    assert await stage.pool.fetchval("SELECT count(*) FROM messages") == before


async def test_an_act_sent_twice_counts_once(stage: Stage) -> None:
    contact = await _handed_off(stage)
    for _ in range(2):
        await stage.act(contact, Noted(1, "老客户"), source_id="note-1")
    assert await stage.pool.fetchval("SELECT count(*) FROM messages WHERE sender = 'note'") == 1


async def test_text_that_cannot_be_stored_reaches_a_person_and_does_not_block_the_next(stage: Stage) -> None:
    poisoned, healthy = await asyncio.gather(stage.say("坏\x00\ud800字"), stage.say("话费", FOLLOWER))
    assert poisoned.replies[0].sender == "bot"
    assert healthy.replies[0].text == stage.world.knowledge["fee"].answer
    assert (
        await stage.pool.fetchval(
            "SELECT status FROM conversations WHERE contact_id = 1 OR contact_id = 2 "
            "ORDER BY status = 'queued' DESC LIMIT 1"
        )
        == "queued"
    )
    assert (await stage.say("在吗")).message is not None


async def test_a_very_long_text_is_stored_whole(stage: Stage) -> None:
    text = "话" * 10_000
    receipt = await stage.say(text)
    assert receipt.message is not None
    assert await stage.pool.fetchval("SELECT length(text) FROM messages WHERE seq = 1") == 10_000


async def test_an_image_is_kept_with_its_kind(stage: Stage) -> None:
    await stage.say("", event=Said("", Kind.IMAGE))
    assert await stage.pool.fetchval("SELECT kind FROM messages WHERE seq = 1") == "image"


async def test_the_thread_of_random_turns_reads_back_as_it_was_said(stage: Stage) -> None:
    said = ["话费", "查询", "2", "没见过", "人工", "在吗", "取消排队", "话费"]
    expected: list[str] = []
    for text in said:
        receipt = await stage.say(text)
        assert receipt.message is not None
        expected += [receipt.message.text, *(reply.text for reply in receipt.replies)]
    rows = await stage.pool.fetch("SELECT text FROM messages ORDER BY seq")
    assert [row["text"] for row in rows] == expected


async def test_without_room_the_sender_is_told_to_come_back(stage: Stage) -> None:
    aftermath = AfterCommit(stage.index, stage.bus, stage.surveys, stage.files)
    full = Writer(stage.pool, lambda: stage.world, Understanding(lambda _: []), aftermath, PUSHES, most_waiting=0)
    with pytest.raises(Busy):
        await full.take(Inbound(CUSTOMER, "x", Said("话费")))


async def _state(stage: Stage, outbox_id: int) -> str:
    found: str = await stage.pool.fetchval("SELECT state FROM outbox WHERE id = $1", outbox_id)
    return found


async def _handed_off(stage: Stage) -> int:
    agent = await stage.hire()
    receipt = await stage.say("人工", CUSTOMER)
    assert await stage.assigner.round() == 1
    assert agent
    assert receipt.message is not None
    return receipt.message.contact_id


async def test_a_flood_is_slowed_and_told_once_and_the_others_do_not_notice(stage: Stage) -> None:
    flood = [stage.say("话费", FOLLOWER, source_id=f"f{i}") for i in range(200)]
    others = [stage.say("话费", Address("web", "demo", f"o{i}"), source_id="x") for i in range(20)]
    receipts = await asyncio.gather(*flood, *others)
    assert all(receipt.replies[0].text == stage.world.knowledge["fee"].answer for receipt in receipts[200:])
    told = [receipt for receipt in receipts[:200] if any("稍等" in reply.text for reply in receipt.replies)]
    assert len(told) == 1
    assert sum(bool(receipt.replies) for receipt in receipts[:200]) == 21
    assert (
        await stage.pool.fetchval(
            "SELECT count(*) FROM messages m JOIN contacts c ON c.id = m.contact_id "
            "WHERE c.channel = 'wechat' AND m.sender = 'contact'"
        )
        == 200
    )


async def test_a_contact_that_another_process_has_served_is_read_again(stage: Stage) -> None:
    await stage.say("话费")
    aftermath = AfterCommit(stage.index, stage.bus, stage.surveys, stage.files)
    elsewhere = Writer(
        stage.pool, lambda: stage.world, Understanding(lambda texts: [Found()] * len(texts)), aftermath, PUSHES
    )
    async with elsewhere:
        await elsewhere.take(Inbound(CUSTOMER, "there", Said("在吗")))
    receipt = await stage.say("话费")

    assert receipt.message is not None
    rows = await stage.pool.fetch("SELECT seq FROM messages ORDER BY seq")
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert receipt.replies[-1].seq == len(rows)
