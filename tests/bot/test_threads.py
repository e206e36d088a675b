"""Threads and web sessions over a real database."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256

import pytest

from bot.bus import Bus
from bot.chat.view import hot_questions
from bot.db import Pool, open_pool
from bot.threads import Threads
from bot.web_sessions import WebSessions
from channels.door import Address, Busy, Choice
from channels.web.house import Head, News, Standing

ADDRESS = Address("web", "demo", "v:1")
SOON = 10.0


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    opened = await open_pool(database_url, size=2)
    yield opened
    opened.terminate()


@pytest.fixture
async def bus(redis_url: str) -> AsyncIterator[Bus]:
    async with Bus(redis_url) as opened:
        with opened.watch("anything") as ear:
            await ear.wait(SOON)  # Everyone is woken once the bus is live.
        yield opened


@pytest.fixture
def threads(pool: Pool, bus: Bus) -> Threads:
    return Threads(pool, bus)


async def arrive(pool: Pool, address: Address = ADDRESS) -> int:
    """Store a contact."""
    found: int = await pool.fetchval(
        "INSERT INTO contacts (channel, account, address) VALUES ($1, $2, $3) RETURNING id", *address
    )
    return found


async def write(pool: Pool, contact: int, seq: int, sender: str = "bot", choices: object = None) -> None:
    """Store a message."""
    await pool.execute(
        "INSERT INTO messages (contact_id, seq, sender, text, choices, sent_at)"
        " VALUES ($1, $2, $3, $4, $5, clock_timestamp())",
        contact,
        seq,
        sender,
        f"第{seq}条",
        choices,
    )


async def converse(
    pool: Pool, contact: int, *, second: int, status: str, priority: int = 0, assignee: int | None = None
) -> None:
    """Store an open conversation that was queued at a second, which is its id as well."""
    await pool.execute(
        "INSERT INTO conversations (id, contact_id, status, version, queue, priority, assignee, reoffer, misses,"
        " opened, queued, wrapup, first_seq)"
        " VALUES ($1, $2, $3, 1, 'service', $4, $5, false, 0, now(), to_timestamp($1::bigint), '', 1)",
        second,
        contact,
        status,
        priority,
        assignee,
    )
    await pool.execute("UPDATE contacts SET conversation_id = $1 WHERE id = $2", second, contact)


async def test_a_thread_is_read_forwards_and_backwards_by_number(pool: Pool, threads: Threads) -> None:
    contact = await arrive(pool)
    for seq in range(1, 8):
        await write(pool, contact, seq)
    assert [message.seq for message in await threads.after(ADDRESS, 4, 2)] == [5, 6]
    assert [message.seq for message in await threads.before(ADDRESS, 5, 2)] == [3, 4]
    assert [message.seq for message in await threads.after(ADDRESS, 7, 2)] == []


async def test_a_message_is_read_as_it_was_stored(pool: Pool, threads: Threads) -> None:
    contact = await arrive(pool)
    await write(pool, contact, 1, choices=[["faq:1", "查话费"]])
    (message,) = await threads.after(ADDRESS, 0, 10)
    assert (message.id, message.sender, message.text) == (f"{contact}-1", "bot", "第1条")
    assert message.choices == (Choice("faq:1", "查话费"),)
    assert message.sent_at.utcoffset() is not None


async def test_notes_of_the_desk_stay_at_the_desk(pool: Pool, threads: Threads) -> None:
    contact = await arrive(pool)
    for seq, sender in enumerate(("contact", "note", "agent"), start=1):
        await write(pool, contact, seq, sender)
    assert [message.seq for message in await threads.after(ADDRESS, 0, 10)] == [1, 3]
    assert [message.seq for message in await threads.before(ADDRESS, 9, 10)] == [1, 3]


async def test_one_contact_never_sees_anothers_thread(pool: Pool, threads: Threads) -> None:
    await write(pool, await arrive(pool), 1)
    for stranger in (Address("app", "demo", "v:1"), Address("web", "other", "v:1"), Address("web", "demo", "v:2")):
        assert await threads.after(stranger, 0, 10) == ()


async def test_a_listener_hears_of_its_contact(pool: Pool, bus: Bus, threads: Threads) -> None:
    contact = await arrive(pool)
    await threads.after(ADDRESS, 0, 10)
    with threads.watch(ADDRESS) as news:
        bus.announce([f"contact:{contact}"])
        assert await asyncio.wait_for(news.wait(SOON), 1) == {f"contact:{contact}"}


async def test_a_listener_that_came_before_the_first_word_hears_it_and_what_follows(
    pool: Pool, bus: Bus, threads: Threads
) -> None:
    with threads.watch(ADDRESS) as news:
        assert await threads.after(ADDRESS, 0, 10) == ()
        waiting = asyncio.create_task(news.wait(SOON))
        contact = await arrive(pool)
        await write(pool, contact, 1)
        threads.begun(ADDRESS)
        await asyncio.wait_for(waiting, 1)
        assert [message.seq for message in await threads.after(ADDRESS, 0, 10)] == [1]
        await news.wait(0)
        await news.wait(0)
        bus.announce([f"contact:{contact}"])
        assert await asyncio.wait_for(news.wait(SOON), 1) == {f"contact:{contact}"}


async def test_the_standing_follows_the_conversation(pool: Pool, threads: Threads) -> None:
    contact = await arrive(pool)
    assert await threads.standing(ADDRESS) == Standing("bot")
    agent = await pool.fetchval(
        "INSERT INTO agents (login, name, password_hash, role) VALUES ('wf', '王芳', '', 'agent') RETURNING id"
    )
    await converse(pool, contact, second=100, status="assigned", assignee=agent)
    assert await threads.standing(ADDRESS) == Standing("assigned", 0, "王芳")
    await pool.execute("UPDATE conversations SET status = 'closed', closed = now() WHERE id = 100")
    assert await threads.standing(ADDRESS) == Standing("bot")


async def test_the_place_counts_who_came_earlier_less_a_minute_for_each_point(pool: Pool, threads: Threads) -> None:
    for number, (priority, status) in enumerate(
        [(0, "queued"), (0, "assigned"), (0, "queued"), (2, "queued")], start=1
    ):
        address = Address("web", "demo", f"v:{number}")
        await converse(pool, await arrive(pool, address), second=number * 20, status=status, priority=priority)
    places = [(await threads.standing(Address("web", "demo", f"v:{number}"))).place for number in (1, 3, 4)]
    assert places == [2, 3, 1]


async def test_a_database_that_is_away_means_busy(pool: Pool, threads: Threads, bus: Bus) -> None:
    pool.terminate()
    with pytest.raises(Busy):
        await threads.after(ADDRESS, 0, 10)
    with pytest.raises(Busy):
        await WebSessions(pool, bus).open("web", "demo", None)
    with pytest.raises(Busy):
        await WebSessions(pool, bus).find("x" * 43)
    assert await hot_questions(pool, "zh") == ()


async def test_a_token_speaks_for_the_contact_that_it_was_given_to(pool: Pool, bus: Bus) -> None:
    token, contact = await WebSessions(pool, bus).open("web", "demo", "8613800000000")
    assert contact == "u:8613800000000"
    assert await WebSessions(pool, bus).find(token) == Address("web", "demo", contact)


async def test_visitors_are_strangers_to_one_another(pool: Pool, bus: Bus) -> None:
    sessions = WebSessions(pool, bus)
    opened = [await sessions.open("web", "demo", None) for _ in range(3)]
    assert len({token for token, _ in opened}) == len({contact for _, contact in opened}) == 3
    assert all(contact.startswith("v:") and len(contact) == 34 for _, contact in opened)


async def test_only_the_hash_of_a_token_is_stored(pool: Pool, bus: Bus) -> None:
    token, _ = await WebSessions(pool, bus).open("web", "demo", None)
    assert await pool.fetchval("SELECT token_hash FROM web_sessions") == sha256(token.encode()).digest()


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 5_000, "字" * 43, "\0" * 43])
async def test_an_unknown_token_speaks_for_nobody(pool: Pool, token: str, bus: Bus) -> None:
    assert await WebSessions(pool, bus).find(token) is None


async def test_a_session_lapses_after_180_days_without_use(pool: Pool, bus: Bus) -> None:
    token, _ = await WebSessions(pool, bus).open("web", "demo", None)
    await pool.execute("UPDATE web_sessions SET expires = expires - interval '180 days'")
    assert await WebSessions(pool, bus).find(token) is None


async def test_a_session_in_use_is_prolonged(pool: Pool, bus: Bus) -> None:
    token, _ = await WebSessions(pool, bus).open("web", "demo", None)
    await pool.execute("UPDATE web_sessions SET expires = expires - interval '90 days'")
    assert await WebSessions(pool, bus).find(token) is not None
    assert await pool.fetchval("SELECT expires > clock_timestamp() + interval '179 days' FROM web_sessions")


async def test_a_known_session_is_not_looked_up_again(pool: Pool, bus: Bus) -> None:
    sessions = WebSessions(pool, bus)
    token, _ = await sessions.open("web", "demo", None)
    found = await sessions.find(token)
    await pool.execute("DELETE FROM web_sessions")
    assert await sessions.find(token) == found


async def test_hot_questions_come_with_the_ids_of_the_bots_choices(pool: Pool) -> None:
    await pool.execute(
        "INSERT INTO knowledge (id, question, answer, hot, published) VALUES ('a', '查话费', '', true, true),"
        " ('b', '旧问题', '', true, false), ('c', '冷门', '', false, true)"
    )
    assert await hot_questions(pool, "zh") == (Choice("faq:a", "查话费"),)
    assert await hot_questions(pool, "zh-TW") == (Choice("faq:a", "查話費"),)


async def test_an_ended_session_speaks_for_nobody_in_any_process(pool: Pool, bus: Bus, redis_url: str) -> None:
    async with Bus(redis_url) as other_bus:
        with other_bus.watch("sessions") as ear:
            await ear.wait(SOON)
            here, there = WebSessions(pool, bus), WebSessions(pool, other_bus)
            token, _ = await here.open("web", "demo", None)
            assert await there.find(token) is not None
            await here.end(token)
            await ear.wait(SOON)
            assert await here.find(token) is None
            assert await there.find(token) is None


async def test_all_sessions_of_a_contact_can_be_ended_and_no_others(pool: Pool, bus: Bus) -> None:
    sessions = WebSessions(pool, bus)
    tokens = [(await sessions.open("app", "demo", subject))[0] for subject in ("one", "one", "two")]
    await sessions.end_all(Address("app", "demo", "u:one"))
    assert [await sessions.find(token) is not None for token in tokens] == [False, False, True]


async def test_an_ear_hears_of_a_contact_before_and_after_its_first_word(
    pool: Pool, bus: Bus, threads: Threads
) -> None:
    ear = threads.ear()
    assert ear.follow(ADDRESS)
    contact = await arrive(pool)
    threads.begun(ADDRESS)
    assert dict(await ear.wait(SOON)) == {ADDRESS: {News.THREAD}}
    await threads.after(ADDRESS, 0, 1)
    assert ear.follow(ADDRESS)
    assert not ear.follow(ADDRESS)
    bus.announce([f"contact:{contact}#reach", f"contact:{contact}#answering", f"contact:{contact}#got"])
    assert dict(await ear.wait(SOON)) == {ADDRESS: {News.REACH, News.TYPING}}
    ear.leave(ADDRESS)
    bus.announce([f"contact:{contact}"])
    assert await ear.wait(0) == {}


async def test_the_heads_of_many_threads_are_read_at_once(pool: Pool, threads: Threads) -> None:
    contact = await arrive(pool)
    await pool.execute("UPDATE contacts SET seq = 7 WHERE id = $1", contact)
    await converse(pool, contact, second=100, status="queued")
    heads = await threads.heads([ADDRESS, Address("web", "demo", "nobody")])
    assert heads == {ADDRESS: Head(7, "100:1", queued=True)}
