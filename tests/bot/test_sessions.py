"""Platforms that count sessions, in the writer: cursors, vouchers, the end of a session, messages that come back."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.db import Row
from bot.lru import Lru
from bot.outbox import letters
from bot.outbox.keys import key_of, row_of
from channels.door import Address, Cursor, Inbound, Receipt, Voucher
from router.events import Bounced, CustomerEvent, Followed, Observed, Said
from tests.bot.stage import Stage, open_stage

CUSTOMER = Address("wechat_kf", "main", "wk1:wm1")
OTHER = Address("wechat_kf", "main", "wk1:wm2")
LATER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        await opened.pool.execute("INSERT INTO pulls (channel, account, source) VALUES ('wechat_kf', 'main', 'wk1')")
        yield opened


async def take(stage: Stage, source_id: str, event: CustomerEvent, cursor: Cursor | None = None) -> Receipt:
    return await stage.writer.take(Inbound(CUSTOMER, source_id, event, cursor=cursor))


async def read_to(stage: Stage) -> str:
    found: str = await stage.pool.fetchval("SELECT cursor FROM pulls")
    return found


async def outbox(stage: Stage) -> list[Row]:
    return await stage.pool.fetch("SELECT * FROM outbox ORDER BY from_seq")


async def served(stage: Stage) -> tuple[int, int]:
    """A customer whom an agent serves."""
    agent = await stage.hire()
    receipt = await stage.say("人工", CUSTOMER)
    assert receipt.message is not None
    await stage.assigner.round()
    return receipt.message.contact_id, agent


async def test_the_cursor_is_written_in_the_transaction_of_what_it_covers(stage: Stage) -> None:
    await take(stage, "m1", Said("话费"), Cursor("wechat_kf", "main", "wk1", "", "c1"))
    assert await read_to(stage) == "c1"
    transactions = await stage.pool.fetch(
        "SELECT p.xmin AS pulled, m.xmin AS stored FROM pulls p, messages m WHERE m.sender = 'contact'"
    )
    assert all(row["pulled"] == row["stored"] for row in transactions)


async def test_a_repeated_event_still_moves_the_cursor_but_never_back(stage: Stage) -> None:
    await take(stage, "m1", Said("话费"))
    stage.writer._receipts = Lru(0)
    await take(stage, "m1", Said("话费"), Cursor("wechat_kf", "main", "wk1", "", "c2"))
    assert await read_to(stage) == "c2"
    await take(stage, "m2", Said("查询"), Cursor("wechat_kf", "main", "wk1", "", "c1"))
    assert await read_to(stage) == "c2"
    assert await stage.pool.fetchval("SELECT count(*) FROM messages WHERE sender = 'contact'") == 2


async def test_the_answer_to_an_event_with_a_voucher_costs_no_budget(stage: Stage) -> None:
    voucher = Voucher("welcome-1", LATER)
    await stage.writer.take(Inbound(CUSTOMER, "e1", Followed(), voucher=voucher))
    (row,) = await outbox(stage)
    assert (row["voucher"], row["voucher_until"], row["ends"], row["notice"]) == ("welcome-1", LATER, False, False)


async def test_without_a_voucher_nothing_but_a_notice_may_go_to_who_has_not_written(stage: Stage) -> None:
    await take(stage, "e1", Followed())
    (row,) = await outbox(stage)
    assert (row["voucher"], row["notice"]) == (None, True)


async def test_the_close_asks_in_the_words_that_end_the_session_and_the_clause_is_kept(stage: Stage) -> None:
    contact_id, agent = await served(stage)
    await stage.reply(contact_id, agent)
    left = await stage.pool.fetchval("SELECT budget_left FROM contacts")
    await stage.close(contact_id, agent)
    row = (await outbox(stage))[-1]
    assert (row["kind"], row["ends"], row["to_seq"] - row["from_seq"]) == ("survey", True, 1)
    assert await stage.pool.fetchval("SELECT budget_left FROM contacts") == left
    survey = await stage.pool.fetchrow("SELECT id, asked, agent_id FROM surveys")
    assert survey is not None
    assert (survey["asked"] is not None, survey["agent_id"]) == (True, agent)
    choices = await stage.pool.fetchval("SELECT choices FROM messages ORDER BY seq DESC LIMIT 1")
    assert [number for number, _ in choices] == [f"survey:{survey['id']}:{star}" for star in range(1, 6)]
    met = await stage.pool.fetchrow("SELECT met, breached FROM deadlines WHERE clause = 'survey.online'")
    assert met is not None
    assert (met["met"] is not None, met["breached"]) == (True, None)
    await stage.shift(25 * 60)
    await stage.clock.claim()
    assert stage.surveys.requested == []


async def test_the_score_after_the_close_is_recorded_once(stage: Stage) -> None:
    contact_id, agent = await served(stage)
    await stage.reply(contact_id, agent)
    await stage.close(contact_id, agent)
    await stage.say("5", CUSTOMER)
    await stage.say("", CUSTOMER, choice="survey:1:1")
    assert await stage.pool.fetchval("SELECT stars FROM surveys") == 5


async def test_an_answer_that_came_back_makes_the_customer_wait_again(stage: Stage) -> None:
    contact_id, agent = await served(stage)
    await stage.reply(contact_id, agent)
    row = (await outbox(stage))[-1]
    await stage.pool.execute("UPDATE outbox SET state = 'sent'")
    await take(stage, "e1", Bounced(key_of(row["id"], row["created"]), "customer_refuses"))
    failed = (await outbox(stage))[-1]
    assert (failed["state"], failed["error"]) == ("failed", "customer_refuses")
    assert await stage.pool.fetchval("SELECT waiting_since FROM conversations") is not None
    alerted = await stage.pool.fetch("SELECT kind, agent_id FROM alerts WHERE kind <> 'assigned'")
    assert [(one["kind"], one["agent_id"]) for one in alerted] == [("undelivered", agent)]


@pytest.mark.parametrize("off", [timedelta(seconds=1), timedelta(days=30)])
async def test_a_name_of_an_earlier_database_means_no_row_of_ours(stage: Stage, off: timedelta) -> None:
    await stage.say("话费", CUSTOMER)
    (row,) = await outbox(stage)
    await take(stage, "e1", Bounced(key_of(row["id"], row["created"] - off), "quota"))
    await take(stage, "e2", Bounced("msgid-of-somebody-else", "quota"))
    assert [one["state"] for one in await outbox(stage)] == ["queued"]


async def test_a_message_to_one_contact_cannot_be_sent_back_by_another(stage: Stage) -> None:
    await stage.say("话费", OTHER)
    (row,) = await outbox(stage)
    await take(stage, "e1", Bounced(key_of(row["id"], row["created"]), "quota"))
    assert [one["state"] for one in await outbox(stage)] == ["queued"]


async def test_what_was_observed_stands_in_the_thread_for_colleagues(stage: Stage) -> None:
    contact_id, _ = await served(stage)
    await take(stage, "e1", Observed("answered_elsewhere", "已经办好了"))
    row = await stage.pool.fetchrow("SELECT contact_id, sender, text FROM messages ORDER BY seq DESC LIMIT 1")
    assert row is not None
    assert (row["contact_id"], row["sender"]) == (contact_id, "note")
    assert "已经办好了" in row["text"]


async def test_what_came_back_is_sent_again_under_a_new_name_and_the_old_one_means_nothing(stage: Stage) -> None:
    await stage.say("话费", CUSTOMER)
    (row,) = await outbox(stage)
    first = key_of(row["id"], row["created"])
    await stage.pool.execute("UPDATE outbox SET state = 'sent'")
    await take(stage, "e1", Bounced(first, "session_expired"))
    assert await letters.retry(stage.pool, row["id"])
    await take(stage, "e2", Bounced(first, "session_expired"))
    (again,) = await outbox(stage)
    assert (again["state"], again["renamed"]) == ("queued", 1)
    await take(stage, "e3", Bounced(key_of(row["id"], row["created"], 1), "quota"))
    assert [(one["state"], one["error"]) for one in await outbox(stage)] == [("failed", "quota")]


def test_the_name_of_a_row_fits_beside_a_part_into_32_characters() -> None:
    key = key_of(10**14, LATER, 9)
    assert row_of(key) == (10**14, int(LATER.timestamp()), 9)
    assert row_of(key_of(7, LATER)) == (7, int(LATER.timestamp()), 0)
    assert len(f"{key}-99") <= 32
