"""One customer over all channels: joined by proofs alone, with one chat with people, and taken apart again."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

import pytest

from bot.customers.proofs import Proofs
from bot.doctor import examine
from channels.door import Address, Receipt
from router.customers import Proof
from router.events import Assigned, Closed, HandedBack, Noted, Proved, Replied, Unjoined
from router.world import Binding, Manners
from tests.bot.stage import PROOFS, Stage, open_stage
from tests.dialog import PHRASES, world

WEB = Address("web", "demo", "u:alice")
APP = Address("app", "demo", "u:alice")
WECHAT = Address("wechat", "demo", "o-alice")
ALICE = PROOFS.of_subject("alice", realm="", means="jwt:web:demo")
BOB = PROOFS.of_subject("bob", realm="", means="jwt:web:demo")
PHONE = PROOFS.of_phone("13812341234")
DEMO = replace(
    world(),
    manners=Manners(binding=Binding.DEMO),
    phrases=replace(PHRASES, bind=frozenset({"绑定手机号"}), unbind=frozenset({"解绑手机号"})),
)


DIES_ONCE = """
CREATE SEQUENCE deaths;
CREATE FUNCTION die_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('deaths') = 1 THEN  -- A sequence forgets nothing, whatever is rolled back.
        PERFORM pg_terminate_backend(pg_backend_pid());
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dies BEFORE {event} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION die_once();
"""
"""The server's process for us is killed in the middle of a transaction, once."""


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url, at=DEMO) as opened:
        yield opened


async def prove(stage: Stage, who: Address, proof: Proof = ALICE) -> Receipt:
    return await stage.say("", who, event=Proved(proof))


async def contact(stage: Stage, who: Address) -> int:
    found: int = await stage.pool.fetchval(
        "SELECT id FROM contacts WHERE (channel, account, address) = ($1, $2, $3)", *who
    )
    return found


async def customer(stage: Stage, who: Address) -> int | None:
    found: int | None = await stage.pool.fetchval(
        "SELECT customer_id FROM contacts WHERE (channel, account, address) = ($1, $2, $3)", *who
    )
    return found


async def open_ones(stage: Stage) -> Sequence[Mapping[str, object]]:
    return await stage.pool.fetch("SELECT * FROM conversations WHERE closed IS NULL ORDER BY id")


async def assign(stage: Stage, who: Address, agent: int) -> None:
    row = await stage.pool.fetchrow(
        "SELECT v.* FROM contacts c JOIN conversations v ON v.id = c.conversation_id WHERE c.id = $1",
        await contact(stage, who),
    )
    assert row is not None
    receipt = await stage.act(row["contact_id"], Assigned(agent, "王芳", row["assignee"], row["version"]))
    assert not receipt.refused


async def version(stage: Stage, who: Address) -> int:
    found: int = await stage.pool.fetchval(
        "SELECT v.version FROM contacts c JOIN conversations v ON v.id = c.conversation_id WHERE c.id = $1",
        await contact(stage, who),
    )
    return found


async def thread(stage: Stage, who: Address, sender: str) -> list[str]:
    rows = await stage.pool.fetch(
        "SELECT text FROM messages WHERE contact_id = $1 AND sender = $2 ORDER BY seq",
        await contact(stage, who),
        sender,
    )
    return [row["text"] for row in rows]


async def healthy(stage: Stage) -> None:
    await stage.wire.settled()
    ill = [finding for finding in await examine(stage.pool, stage.wire) if not finding.healthy]
    assert not ill, ill


# Joining --------------------------------------------------------------------------------------------------------------


async def test_the_same_subject_on_web_and_app_is_one_customer(stage: Stage) -> None:
    await prove(stage, WEB)
    await prove(stage, APP)
    assert await customer(stage, WEB) == await customer(stage, APP) is not None
    joins = await stage.pool.fetch("SELECT contact_id, why, unjoined FROM joins ORDER BY id")
    assert [(row["why"], row["unjoined"]) for row in joins] == [("jwt:web:demo", None)] * 2
    assert await stage.pool.fetchval("SELECT number FROM customers") == "alice"


async def test_no_value_that_was_proved_can_be_read_in_the_database(stage: Stage) -> None:
    await prove(stage, WECHAT, PHONE)
    row = await stage.pool.fetchrow("SELECT encode(blind, 'hex') AS blind, shown FROM identities")
    assert row is not None
    assert row["shown"] == "138****1234"
    assert row["blind"] == PHONE.value != Proofs("another secret").of_phone("13812341234").value


async def test_strangers_stay_apart(stage: Stage) -> None:
    await prove(stage, WEB, ALICE)
    await prove(stage, APP, BOB)
    await stage.say("话费", WECHAT)
    assert len({await customer(stage, who) for who in (WEB, APP, WECHAT)}) == 3


async def test_a_second_proof_makes_two_customers_one(stage: Stage) -> None:
    await prove(stage, WEB, ALICE)
    await prove(stage, WECHAT, PHONE)
    await prove(stage, WEB, PHONE)
    await prove(stage, APP, ALICE)
    assert len({await customer(stage, who) for who in (WEB, APP, WECHAT)}) == 1
    assert await stage.pool.fetchval("SELECT count(*) FROM customers WHERE merged_into IS NOT NULL") == 1
    assert await stage.pool.fetchval("SELECT count(*) FROM joins WHERE unjoined IS NULL") == 3


async def test_nobody_becomes_two_subjects_of_the_operator_by_one_number(stage: Stage) -> None:
    for who, subject in ((WEB, ALICE), (APP, BOB)):
        await prove(stage, who, subject)
    await prove(stage, WEB, PHONE)
    await prove(stage, APP, PHONE)
    assert await customer(stage, WEB) != await customer(stage, APP)
    assert await stage.pool.fetchval("SELECT count(*) FROM alerts WHERE kind = 'identity'") == 1


async def test_joins_at_the_same_instant_make_one_customer(stage: Stage, database_url: str, redis_url: str) -> None:
    await stage.pool.execute("DELETE FROM queues")
    people = [Address("web", "demo", f"v:{n}") for n in range(12)]
    async with open_stage(database_url, redis_url, at=DEMO) as other:
        await asyncio.gather(*((stage, other)[n % 2].say("人工", who) for n, who in enumerate(people)))
        await asyncio.gather(*(prove((stage, other)[n % 2], who) for n, who in enumerate(people)))
    assert len({await customer(stage, who) for who in people}) == 1
    assert len(await open_ones(stage)) == 1
    await healthy(stage)


# One conversation -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["customers", "identities", "joins", "conversations", "messages", "deadlines"])
async def test_a_join_whose_server_is_killed_in_the_middle_is_made_whole_once(stage: Stage, table: str) -> None:
    agent = await stage.hire()
    await prove(stage, WEB)
    await stage.say("话费", APP)
    await stage.say("人工", WEB)
    await assign(stage, WEB, agent)
    event = "UPDATE" if table == "customers" else "INSERT OR UPDATE"
    await stage.pool.execute(DIES_ONCE.format(table=table, event=event))
    await prove(stage, APP)
    assert await customer(stage, WEB) == await customer(stage, APP) is not None
    assert len(await open_ones(stage)) == 1
    assert await stage.pool.fetchval("SELECT count(*) FROM joins") == 2
    assert await stage.pool.fetchval("SELECT count(*) FROM conversations WHERE wrapup = 'merged'") == 1
    notes = await thread(stage, APP, "note")
    assert len(notes) == len(set(notes)) == 2
    assert await stage.pool.fetchval("SELECT is_called FROM deaths")
    await healthy(stage)


async def test_the_conversation_with_a_person_takes_the_other_in(stage: Stage) -> None:
    agent = await stage.hire()
    await stage.say("话费", WECHAT)
    await stage.say("人工", WEB)
    await assign(stage, WEB, agent)
    await prove(stage, WEB)
    await prove(stage, WECHAT)
    (only,) = await open_ones(stage)
    assert only["contact_id"] == await contact(stage, WEB)
    ended = await stage.pool.fetchrow("SELECT wrapup, merged_into FROM conversations WHERE closed IS NOT NULL")
    assert ended is not None
    assert (ended["wrapup"], ended["merged_into"]) == ("merged", only["id"])
    assert any(f"#{only['id']}" in note for note in await thread(stage, WECHAT, "note"))
    assert len(await thread(stage, WEB, "note")) == 1
    await healthy(stage)


async def test_of_two_chats_with_the_bot_the_older_stays(stage: Stage) -> None:
    await stage.say("话费", WECHAT)
    await stage.say("话费", WEB)
    await prove(stage, WEB)
    await prove(stage, WECHAT)
    (only,) = await open_ones(stage)
    assert only["contact_id"] == await contact(stage, WECHAT)
    await stage.say("话费", WEB)
    assert len(await open_ones(stage)) == 1
    await healthy(stage)


async def test_a_wait_that_was_longer_goes_on_in_the_conversation_that_stays(stage: Stage) -> None:
    agent = await stage.hire()
    await stage.say("人工", WECHAT)
    waited = (await open_ones(stage))[0]["waiting_since"]
    await stage.say("人工", WEB)
    await assign(stage, WEB, agent)
    await stage.reply(await contact(stage, WEB), agent)
    await prove(stage, WEB)
    await prove(stage, WECHAT)
    (only,) = await open_ones(stage)
    assert only["assignee"] == agent
    assert only["waiting_since"] == waited
    running = await stage.pool.fetch(
        "SELECT clause, opened FROM deadlines WHERE met IS NULL AND voided IS NULL AND clause LIKE 'enquiry.%'"
    )
    assert [(row["clause"], row["opened"]) for row in running] == [("enquiry.first_response", waited)]
    await healthy(stage)


async def test_a_word_on_another_channel_goes_into_the_chat_with_the_person_and_is_answered_there(stage: Stage) -> None:
    agent = await stage.hire()
    await prove(stage, WEB)
    await prove(stage, WECHAT)
    await stage.say("人工", WEB)
    await assign(stage, WEB, agent)
    await stage.reply(await contact(stage, WEB), agent, "在网页上答")
    receipt = await stage.say("我换微信说", WECHAT)
    assert receipt.replies == ()
    (only,) = await open_ones(stage)
    assert only["last_used"] == await contact(stage, WECHAT)
    reply = Replied(agent, "王芳", "在微信上答", await version(stage, WEB))
    assert not (await stage.act(await contact(stage, WEB), reply)).refused
    assert await thread(stage, WECHAT, "agent") == ["在微信上答"]
    assert await thread(stage, WEB, "agent") == ["在网页上答"]
    assert await stage.pool.fetchval("SELECT count(*) FROM outbox WHERE kind = 'agent'") == 1
    assert (
        await stage.pool.fetchval("SELECT count(DISTINCT conversation_id) FROM messages WHERE text LIKE '%微信%'") == 1
    )
    assert (await open_ones(stage))[0]["waiting_since"] is None
    await healthy(stage)


async def test_an_act_that_took_place_on_another_channel_is_known_when_it_comes_twice(stage: Stage) -> None:
    agent = await stage.hire()
    await prove(stage, WEB)
    await prove(stage, APP)
    await stage.say("人工", WEB)
    await assign(stage, WEB, agent)
    await stage.say("在吗", APP)
    reply = Replied(agent, "王芳", "在的", await version(stage, WEB))
    for _ in range(2):
        await stage.act(await contact(stage, WEB), reply, source_id="same")
    assert await thread(stage, APP, "agent") == ["在的"]


async def test_each_channel_may_ask_the_bot_until_people_come_in(stage: Stage) -> None:
    await prove(stage, WEB)
    await prove(stage, APP)
    await stage.say("话费", WEB)
    await stage.say("话费", APP)
    assert len(await open_ones(stage)) == 2
    await stage.say("人工", APP)
    (only,) = await open_ones(stage)
    assert (only["status"], only["contact_id"]) == ("queued", await contact(stage, APP))
    await stage.say("我还在网页上", WEB)
    assert len(await open_ones(stage)) == 1
    await healthy(stage)


async def test_an_end_is_an_end_for_all_channels_and_each_may_begin_anew(stage: Stage) -> None:
    agent = await stage.hire()
    await prove(stage, WEB)
    await prove(stage, APP)
    await stage.say("人工", WEB)
    await assign(stage, WEB, agent)
    await stage.say("你好", APP)
    closed = Closed(agent, "王芳", await version(stage, APP), "billing")
    await stage.act(await contact(stage, WEB), closed)
    assert await open_ones(stage) == []
    await stage.say("话费", WEB)
    await stage.say("话费", APP)
    assert len(await open_ones(stage)) == 2
    await healthy(stage)


async def test_a_deadline_of_a_shared_chat_fires_whichever_channel_spoke_last(stage: Stage) -> None:
    agent = await stage.hire()
    await prove(stage, WEB)
    await prove(stage, APP)
    await stage.say("人工", WEB)
    await assign(stage, WEB, agent)
    await stage.reply(await contact(stage, WEB), agent)
    await stage.say("还有一件事", APP)
    await stage.shift(31)
    await stage.clock.sweep()
    assert await stage.pool.fetchval("SELECT kind FROM alerts ORDER BY id DESC LIMIT 1") == (
        "breached.enquiry.next_response"
    )
    assert (await thread(stage, APP, "system"))[-1].startswith("非常抱歉")


async def test_messages_from_all_channels_at_once_meet_in_one_chat(
    stage: Stage, database_url: str, redis_url: str
) -> None:
    await stage.pool.execute("DELETE FROM queues")
    people = (WEB, APP, WECHAT)
    for who in people:
        await prove(stage, who)
    await stage.say("人工", WEB)
    async with open_stage(database_url, redis_url, at=DEMO) as other:
        await asyncio.gather(
            *((stage, other)[n % 2].say(f"第{n}句", people[n % 3], source_id=f"s{n}") for n in range(45))
        )
    (only,) = await open_ones(stage)
    rows = await stage.pool.fetch(
        "SELECT conversation_id, sent_at FROM messages WHERE text LIKE '第%句' ORDER BY sent_at"
    )
    assert len(rows) == 45
    assert {row["conversation_id"] for row in rows} == {only["id"]}
    assert len({row["sent_at"] for row in rows}) == 45
    await healthy(stage)


async def test_the_customer_is_asked_about_the_latest_service_only(stage: Stage) -> None:
    agent = await stage.hire()
    await prove(stage, WEB)
    await prove(stage, APP)
    for who in (WEB, APP):
        await stage.say("人工", who)
        await assign(stage, who, agent)
        reply = Replied(agent, "王芳", "您好", await version(stage, who))
        await stage.act(await contact(stage, who), reply)
        await stage.act(await contact(stage, who), Closed(agent, "王芳", await version(stage, who), "billing"))
    pending = await stage.pool.fetch("SELECT contact_id FROM surveys WHERE asked IS NULL AND skipped IS NULL")
    assert [row["contact_id"] for row in pending] == [await contact(stage, APP)]
    await healthy(stage)


# Going apart ------------------------------------------------------------------------------------------------------


async def test_a_leader_takes_a_contact_away_and_everything_stays_on_record(stage: Stage) -> None:
    leader = await stage.hire("lizhang")
    for who in (WEB, APP, WECHAT):
        await prove(stage, who)
    await stage.act(await contact(stage, APP), Unjoined(leader, "核实后不是本人"))
    assert await customer(stage, APP) is None
    assert await customer(stage, WEB) == await customer(stage, WECHAT) is not None
    row = await stage.pool.fetchrow("SELECT unjoined_by, unjoin_why FROM joins WHERE unjoined IS NOT NULL")
    assert row is not None
    assert (row["unjoined_by"], row["unjoin_why"]) == (leader, "核实后不是本人")
    assert any("核实后不是本人" in note for note in await thread(stage, APP, "note"))


async def test_contacts_that_only_the_one_who_leaves_held_together_go_apart_too(stage: Stage) -> None:
    leader = await stage.hire("lizhang")
    await prove(stage, WEB, ALICE)
    await prove(stage, WECHAT, PHONE)
    await prove(stage, WEB, PHONE)
    await prove(stage, APP, ALICE)
    await stage.act(await contact(stage, WEB), Unjoined(leader, "误绑"))
    assert await customer(stage, WEB) is None
    assert None is not await customer(stage, APP) != await customer(stage, WECHAT) is not None


async def test_whoever_leaves_a_chat_with_people_unanswered_is_queued_on_their_own(stage: Stage) -> None:
    agent = await stage.hire()
    await prove(stage, WEB)
    await prove(stage, APP)
    await stage.say("人工", WEB)
    await assign(stage, WEB, agent)
    await stage.reply(await contact(stage, WEB), agent)
    await stage.say("我的问题呢", APP)
    waited = (await open_ones(stage))[0]["waiting_since"]
    await stage.act(await contact(stage, APP), Unjoined(agent, "误绑"))
    first, second = await open_ones(stage)
    assert (first["contact_id"], first["status"]) == (await contact(stage, WEB), "assigned")
    assert (second["contact_id"], second["status"]) == (await contact(stage, APP), "queued")
    assert second["waiting_since"] == waited
    await stage.say("还在吗", APP)
    await stage.say("还在吗", WEB)
    assert len(await open_ones(stage)) == 2
    await healthy(stage)


async def test_handing_back_and_noting_reach_the_shared_chat(stage: Stage) -> None:
    agent = await stage.hire()
    await prove(stage, WEB)
    await prove(stage, APP)
    await stage.say("人工", WEB)
    await assign(stage, WEB, agent)
    await stage.say("你好", APP)
    await stage.act(await contact(stage, WEB), Noted(agent, "老客户"))
    await stage.act(await contact(stage, WEB), HandedBack(agent, await version(stage, WEB)))
    (only,) = await open_ones(stage)
    assert only["status"] == "bot"
    assert "老客户" in await thread(stage, APP, "note")
    await stage.say("话费", WEB)
    assert len(await open_ones(stage)) == 1
    await healthy(stage)


# A telephone number -----------------------------------------------------------------------------------------------


async def bind(stage: Stage, who: Address, phone: str = "138 1234 1234", code: str = "246810") -> str:
    await stage.say("绑定手机号", who)
    await stage.say(phone, who)
    receipt = await stage.say(code, who)
    return receipt.replies[0].text


async def time_passes(stage: Stage) -> None:
    await stage.pool.execute("UPDATE phone_codes SET sent = sent - interval '2 minutes'")


async def test_a_number_bound_on_two_channels_makes_one_customer(stage: Stage) -> None:
    assert "138****1234" in await bind(stage, WEB)
    await time_passes(stage)
    assert "138****1234" in await bind(stage, WECHAT)
    assert await customer(stage, WEB) == await customer(stage, WECHAT) is not None


async def test_neither_the_number_nor_the_code_stands_in_the_thread(stage: Stage) -> None:
    await bind(stage, WEB)
    said = await thread(stage, WEB, "contact")
    assert said == ["绑定手机号", "138****1234", "******"]
    assert await stage.pool.fetchval("SELECT count(*) FROM phone_codes WHERE used IS NULL") == 0


async def test_a_code_may_be_tried_five_times(stage: Stage) -> None:
    await stage.say("绑定手机号", WEB)
    await stage.say("13812341234", WEB)
    told = [(await stage.say("000000", WEB)).replies[0].text for _ in range(5)]
    assert "4" in told[0]
    assert "失效" in told[4]
    assert "失效" in (await bind_again(stage)).replies[0].text
    assert await customer(stage, WEB) is None


async def bind_again(stage: Stage) -> Receipt:
    await stage.pool.execute("UPDATE contacts SET last_said = 'phone.code'")
    return await stage.say("246810", WEB)


async def test_a_code_is_good_for_five_minutes(stage: Stage) -> None:
    await stage.say("绑定手机号", WEB)
    await stage.say("13812341234", WEB)
    await stage.pool.execute("UPDATE phone_codes SET expires = sent")
    assert "失效" in (await stage.say("246810", WEB)).replies[0].text
    assert await customer(stage, WEB) is None


async def test_codes_for_one_number_are_limited_whoever_asks(stage: Stage) -> None:
    people = [Address("web", "demo", f"v:{n}") for n in range(7)]
    for who in people:
        await stage.say("绑定手机号", who)
    told = [await stage.say("13812341234", who) for who in people]
    await time_passes(stage)
    assert sum("频繁" in one.replies[0].text for one in told) == 6
    assert await stage.pool.fetchval("SELECT count(*) FROM phone_codes") == 1


async def test_a_number_of_another_subject_is_not_taken_over(stage: Stage) -> None:
    await prove(stage, WEB, ALICE)
    await prove(stage, APP, BOB)
    await bind(stage, WEB)
    await time_passes(stage)
    assert "另一位客户" in await bind(stage, APP)
    assert await customer(stage, WEB) != await customer(stage, APP)


async def test_the_customer_unbinds_and_binds_again(stage: Stage) -> None:
    await bind(stage, WEB)
    await time_passes(stage)
    await bind(stage, WECHAT)
    await stage.say("解绑手机号", WECHAT)
    await stage.say("1", WECHAT)
    assert await customer(stage, WECHAT) is None
    assert await customer(stage, WEB) is not None
    await time_passes(stage)
    await bind(stage, WECHAT)
    assert await customer(stage, WECHAT) == await customer(stage, WEB)
