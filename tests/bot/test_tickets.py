"""Tickets through the writer: complete or not at all, told of step by step, and closed through their gates."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

import asyncpg
import pytest
from structlog.testing import capture_logs

from bot import outbox
from bot.db import Row
from bot.sql import load
from bot.turns.turn import Delivery
from channels.door import Address, Receipt
from router.events import Assigned, TicketActed, TicketOpened, Undelivered
from router.tickets import acts
from router.tickets.acts import Draft, TicketAct
from router.tickets.rules import Quiet
from router.tickets.ticket import TicketKind
from tests.bot.stage import CUSTOMER, FOLLOWER, Stage, open_stage
from tests.router.test_forms import office

OUTBOX = load(outbox.__file__, "outbox.sql")
FAULT = Draft(TicketKind.MATTER, "光猫红灯，宽带断了两天", "broadband.fault")
COMPLAINT = Draft(TicketKind.COMPLAINT, "多扣了一个月的月租", "charge.dispute", cause="charge")


@dataclass
class Office:
    """An agent, and the tickets of one customer."""

    stage: Stage
    agent: int
    contact: int

    async def open(self, draft: Draft, *, source_id: str = "") -> Receipt:
        return await self.stage.act(self.contact, TicketOpened(self.agent, "王芳", draft), source_id=source_id)

    async def made(self, draft: Draft = FAULT) -> int:
        receipt = await self.open(draft)
        assert receipt.refused == ""
        found: int = await self.stage.pool.fetchval("SELECT max(id) FROM tickets")
        return found

    async def do(self, ticket: int, act: TicketAct, *, version: int = 0) -> Receipt:
        seen = version or (await self.row(ticket))["version"]
        return await self.stage.act(self.contact, TicketActed(self.agent, "王芳", ticket, seen, act))

    async def later(self, hours: int) -> None:
        """Let time pass for tickets and their deadlines."""
        marks = ("created", "transferred", "reported", "solved", "told", "visited", "extended_to", "extended_at")
        moved = ", ".join(f"{mark} = {mark} - $1::int * interval '1 hour'" for mark in marks)
        await self.stage.pool.execute(f"UPDATE tickets SET {moved}", hours)  # noqa: S608 - constant names
        await self.stage.shift(60 * hours)
        await self.stage.clock.sweep()

    async def row(self, ticket: int) -> Row:
        found = await self.stage.pool.fetchrow("SELECT * FROM tickets WHERE id = $1", ticket)
        assert found is not None
        return found

    async def running(self, ticket: int) -> list[str]:
        rows = await self.stage.pool.fetch(
            "SELECT clause FROM deadlines WHERE subject IN ('ticket', 'complaint') AND subject_id = $1"
            " AND met IS NULL AND voided IS NULL ORDER BY clause",
            ticket,
        )
        return [row["clause"] for row in rows]

    async def steps(self, ticket: int) -> list[str]:
        rows = await self.stage.pool.fetch("SELECT what FROM ticket_steps WHERE ticket_id = $1 ORDER BY id", ticket)
        return [row["what"] for row in rows]

    async def said(self) -> str:
        found: str = await self.stage.pool.fetchval(
            "SELECT text FROM messages WHERE sender IN ('system', 'note') ORDER BY sent_at DESC, seq DESC LIMIT 1"
        )
        return found


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url, at=office()) as opened:
        yield opened


async def at_work(stage: Stage, who: Address = CUSTOMER) -> Office:
    """An agent, and a customer who has written."""
    await stage.say("你好", who)
    contact = await stage.pool.fetchval("SELECT id FROM contacts WHERE address = $1", who.contact)
    return Office(stage, await stage.hire(), contact)


async def test_grave_complaints_one_after_another_find_ids_for_all_their_deadlines(stage: Stage) -> None:
    office, armed = await at_work(stage), "SELECT count(*) FROM deadlines WHERE subject IN ('ticket', 'complaint')"
    grave = Draft(TicketKind.COMPLAINT, "整个小区断网三天，要找记者", "charge.dispute", cause="charge", people=200)
    with capture_logs() as lines:
        await office.made()  # so that what is reserved in blocks does not come out even
        for _ in range(16):
            await office.made(grave)
    assert not [line for line in lines if line["event"] == "writer.batch_failed"]
    assert await office.stage.pool.fetchval(armed) > 16 * 4


async def test_a_matter_goes_from_the_chat_to_the_archive_and_the_customer_hears_of_each_step(stage: Stage) -> None:
    office = await at_work(stage)
    ticket = await office.made()
    assert f"工单号 {ticket}，由网络维护部处理" in await office.said()
    assert await office.running(ticket) == ["ticket.close", "ticket.progress"]
    await office.do(ticket, acts.Taken())
    await office.do(ticket, acts.Reported("师傅明早九点上门"))
    assert "有进展：师傅明早九点上门" in await office.said()
    await office.do(ticket, acts.Solved("更换光猫，已恢复"))
    assert "已处理完毕：更换光猫" in await office.said()
    assert await office.running(ticket) == ["ticket.visit"]
    assert (await office.do(ticket, acts.Archived())).refused == "ticket.state"
    await office.do(ticket, acts.Visited(settled=True, text="客户说好了", stars=5))
    assert await office.running(ticket) == ["ticket.archive"]
    assert (await office.do(ticket, acts.Archived())).refused == ""
    row = await office.row(ticket)
    assert (row["state"], row["next_due"], await office.running(ticket)) == ("archived", None, [])
    assert await office.steps(ticket) == ["opened", "taken", "reported", "solved", "visited", "archived"]


async def test_an_archived_ticket_cannot_be_changed_by_anybody_and_a_line_of_any_timeline_never(stage: Stage) -> None:
    office = await at_work(stage)
    ticket = await office.made()
    with pytest.raises(asyncpg.RaiseError, match="never changed"):
        await stage.pool.execute("UPDATE ticket_steps SET text = 'x'")
    for act in (acts.Solved("已恢复"), acts.Visited(settled=True, text=""), acts.Archived()):
        await office.do(ticket, act)
    assert (await office.do(ticket, acts.Noted("再看一眼"))).refused == "ticket.state"
    changes = ("UPDATE tickets SET text = 'x'", "DELETE FROM tickets", "DELETE FROM ticket_steps")
    added = (
        "INSERT INTO ticket_steps (ticket_id, at, what) SELECT id, now(), 'noted' FROM tickets",
        "INSERT INTO ticket_conversations SELECT id, 1 FROM tickets",
    )
    for change in (*changes, *added):
        with pytest.raises(asyncpg.RaiseError):
            await stage.pool.execute(change)


async def test_an_incomplete_ticket_is_not_created_and_a_repeated_form_creates_one(stage: Stage) -> None:
    office = await at_work(stage)
    bare = Draft(TicketKind.COMPLAINT, "多扣了一个月的月租", "charge.dispute")
    assert (await office.open(bare)).refused == "ticket.incomplete.cause"
    assert await stage.pool.fetchval("SELECT count(*) FROM tickets") == 0
    await office.open(COMPLAINT, source_id="form:1")
    await office.open(COMPLAINT, source_id="form:1")
    assert await stage.pool.fetchval("SELECT count(*) FROM tickets") == 1


async def test_an_act_on_a_ticket_that_has_moved_on_changes_nothing(stage: Stage) -> None:
    office = await at_work(stage)
    ticket = await office.made()
    await office.do(ticket, acts.Taken(), version=1)
    assert (await office.do(ticket, acts.Solved("已恢复"), version=1)).refused == "stale"
    assert (await office.row(ticket))["state"] == "in_hand"


async def test_an_extension_counts_only_while_the_message_that_told_of_it_is_not_lost(stage: Stage) -> None:
    office = await at_work(stage, FOLLOWER)
    ticket = await office.made()
    created = (await office.row(ticket))["created"]
    until = created + timedelta(hours=90)
    told = await office.do(ticket, acts.Extended(until, "配件要从外地调"))
    assert told.outbox_id is not None
    due = "SELECT due FROM deadlines WHERE clause = 'ticket.close' AND met IS NULL AND voided IS NULL"
    await office.do(ticket, acts.Reported("配件在路上"))
    assert await stage.pool.fetchval(due) == until, "deriving anew does not undo it"
    await stage.pool.execute("UPDATE outbox SET state = 'sending', attempts = 1 WHERE id = $1", told.outbox_id)
    lost = Delivery(told.outbox_id, 1, "failed", error="45047")
    await stage.writer.delivered(office.contact, lost, Undelivered("system", "45047", unsure=False))
    assert await stage.pool.fetchval(due) == created + timedelta(hours=48)
    assert (await office.steps(ticket))[-1] == "unproven"


async def test_where_nothing_is_read_an_extension_wants_a_call_and_so_does_the_solution(stage: Stage) -> None:
    office = await at_work(stage)
    await stage.pool.execute("UPDATE contacts SET channel = 'hotline', address = '13800138000'")
    ticket = await office.made()
    until = datetime.now(UTC) + timedelta(hours=72)
    assert (await office.do(ticket, acts.Extended(until, "缺配件"))).refused == "ticket.extend.proof"
    assert (await office.do(ticket, acts.Extended(until, "缺配件", called=True))).refused == ""
    await office.do(ticket, acts.Solved("已更换"))
    assert (await office.row(ticket))["state"] == "solved"
    assert await office.running(ticket) == ["ticket.tell"]
    await office.do(ticket, acts.Told("下午三点电话告知本人"))
    assert (await office.row(ticket))["state"] == "told"


async def test_a_grave_complaint_alarms_at_once_and_the_same_complaint_again_grows_grave(stage: Stage) -> None:
    office = await at_work(stage)
    first = await office.made(COMPLAINT)
    assert (await office.row(first))["grade"] == "ordinary"
    assert await stage.pool.fetchval("SELECT count(*) FROM alerts WHERE kind = 'ticket.emergency'") == 0
    second = await office.made(COMPLAINT)
    assert (await office.row(second))["grade"] == "escalated"
    assert await office.steps(second) == ["opened", "proposed"]
    heard = await stage.pool.fetch("SELECT audience, agent_id FROM alerts WHERE kind = 'ticket.emergency'")
    assert {(row["audience"], row["agent_id"]) for row in heard} == {("leader", None), ("agent", office.agent)}
    assert "complaint.emergency" in await office.running(second)
    await office.do(second, acts.Merged(first))
    row = await office.row(first)
    assert (row["grade"], row["repeats"], await office.running(second)) == ("escalated", 1, [])
    assert (await office.row(second))["state"] == "merged"
    assert f"已合并到 {first}" in await office.said()


async def test_the_clock_alarms_owner_and_leaders_and_archives_what_is_settled(stage: Stage) -> None:
    office = await at_work(stage)
    ticket = await office.made()
    await office.later(49)
    kinds = {row["kind"] for row in await stage.pool.fetch("SELECT kind FROM alerts WHERE audience = 'leader'")}
    assert kinds >= {"breached.ticket.close", "breached.ticket.progress"}
    assert await office.running(ticket) == ["ticket.close", "ticket.progress"], "late is not over"
    assert "没能在承诺的时限内办好" in await office.said()
    told = "SELECT count(*) FROM ticket_steps WHERE fields::text LIKE '%ticket.close%rung%' AND seq IS NOT NULL"
    assert await stage.pool.fetchval(told) == 1
    await stage.pool.execute("UPDATE deadlines SET step = 2, next_at = due WHERE clause = 'ticket.close'")
    await stage.clock.sweep()
    assert await stage.pool.fetchval(told) == 1, "the customer hears of it once"
    assert await office.steps(ticket) == ["opened", "late", "late", "late"]
    await office.do(ticket, acts.Solved("已恢复"))
    await office.do(ticket, acts.Visited(settled=True, text=""))
    await office.later(25)
    assert (await office.row(ticket))["state"] == "archived"
    late = "SELECT count(*) FROM deadlines WHERE breached IS NOT NULL AND clause LIKE 'ticket.%'"
    assert await stage.pool.fetchval(f"{late} AND clause <> 'ticket.archive'") == 2


async def test_what_waits_for_the_morning_holds_nothing_else_back(database_url: str, redis_url: str) -> None:
    all_day = Quiet(time(0), time(23, 59, 59), frozenset({"reported"}))
    world = office()
    world = replace(world, tickets=replace(world.tickets, quiet=all_day))
    async with open_stage(database_url, redis_url, at=world) as stage:
        desk = await at_work(stage, FOLLOWER)
        quiet = await desk.do(await desk.made(), acts.Reported("明早上门"))
        told = await desk.open(FAULT)
        held = await stage.pool.fetchrow("SELECT held, due > now() AS waits FROM outbox WHERE id = $1", quiet.outbox_id)
        assert held is not None
        assert tuple(held.values()) == (True, True)
        await stage.pool.execute("UPDATE outbox SET state = 'sent' WHERE id < $1", quiet.outbox_id)
        claimed = await stage.pool.fetch(OUTBOX["claim"], [], [], [], 5, [], 30.0)
        assert [row["id"] for row in claimed] == [told.outbox_id]

        # A question that is late is told of after the quiet hours as well.
        await stage.pool.execute("UPDATE outbox SET state = 'sent'")
        left = await stage.pool.fetchval("SELECT budget_left FROM contacts WHERE id = $1", desk.contact)
        await stage.pool.execute(
            "WITH asked AS (INSERT INTO questions (contact_id, kind, text, asked) VALUES ($1, 'follow_up', '?', now())"
            " RETURNING id) INSERT INTO deadlines (id, contact_id, subject, subject_id, clause, opened, due, steps,"
            " step, next_at) SELECT 99, $1, 'question', id, 'enquiry.follow_up', now() - interval '3 hours',"
            " now() - interval '1 hour', ARRAY[now() - interval '90 minutes',"
            " now() - interval '70 minutes', now() - interval '1 hour'], 2, now() - interval '1 hour'"
            " FROM asked",
            desk.contact,
        )
        for _ in range(2):
            await stage.clock.sweep()
        assert "没能在承诺的时限内答复" in await desk.said()
        late = await stage.pool.fetch("SELECT held, due > now() AS waits, ticket_id FROM outbox WHERE state = 'queued'")
        assert [tuple(row.values()) for row in late] == [(True, True, None)]
        assert await stage.pool.fetchval("SELECT budget_left FROM contacts WHERE id = $1", desk.contact) == left - 1


async def test_a_finished_form_of_a_complaint_is_a_ticket_and_its_private_answers_stay_masked(stage: Stage) -> None:
    await stage.say("我要投诉")
    asked = await stage.say("资费")
    await stage.say("", choice=asked.replies[-1].choices[0].id)
    for said in ("多扣了一个月的月租，要找工信部", "退回来", "13812341234"):
        await stage.say(said)
    done = await stage.say("", choice="form:confirm")
    row = await stage.pool.fetchrow("SELECT t.* FROM tickets t JOIN business_requests r ON r.ticket_id = t.id")
    assert row is not None
    assert (row["kind"], row["business"], row["cause"], row["owner"]) == ("complaint", "charge.dispute", "charge", None)
    assert (row["grade"], row["department"]) == ("escalated", "billing")
    assert f"工单号 {row['id']}" in done.replies[-1].text
    assert "13812341234" not in row["text"]


async def test_only_conversations_of_the_same_customer_are_linked_and_each_once(stage: Stage) -> None:
    office = await at_work(stage)
    ticket = await office.made()
    first = await stage.pool.fetchval("SELECT conversation_id FROM ticket_conversations")
    await stage.say("你好", FOLLOWER)
    foreign = await stage.pool.fetchval("SELECT max(id) FROM conversations")
    for wrong in (first, foreign, 10**9):
        assert (await office.do(ticket, acts.Linked(wrong))).refused == "ticket.link"
    await stage.say("人工")
    await stage.act(office.contact, Assigned(office.agent, "王芳", None, await stage.version(office.contact)))
    await stage.close(office.contact, office.agent)
    await stage.say("还是断网")
    second = await stage.pool.fetchval("SELECT max(id) FROM conversations WHERE contact_id = $1", office.contact)
    assert (await office.do(ticket, acts.Linked(second))).refused == ""
    assert await office.steps(ticket) == ["opened", "linked"]
