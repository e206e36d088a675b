"""Telephone numbers at the desk: masked, shown for a reason, and never without a trace."""

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from bot.audit.cli import app
from channels.door import Address
from router.events import CallEnded, CallOffered, VoicemailLeft
from tests.bot.desk_stage import DeskStage, Person, open_desk
from tests.bot.stage import CUSTOMER
from tests.bot.test_outbox_cli import invoke_of

NUMBER = "13800138000"
CALLER = Address("hotline", "demo", NUMBER)


@pytest.fixture
async def desk(database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DeskStage]:
    monkeypatch.setenv("HUIYING_DATABASE_URL", database_url)
    monkeypatch.setenv("HUIYING_REDIS_URL", redis_url)
    monkeypatch.setenv("HUIYING_SECRET_KEY", "a key of this test only")
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def voicemail(desk: DeskStage, who: Address = CALLER) -> tuple[int, int]:
    """A message on the machine; its call's conversation and its question."""
    rang = datetime.now(UTC) - timedelta(minutes=3)
    for event in (
        CallOffered("c", rang),
        VoicemailLeft("c", rang + timedelta(seconds=30), 20, "宽带坏了，请回电"),
        CallEnded("c", rang + timedelta(seconds=60), "caller", 0),
    ):
        await desk.stage.say("", who, event=event)
    row = await desk.stage.pool.fetchrow("SELECT id, conversation_id FROM questions")
    assert row is not None
    return row["conversation_id"], row["id"]


async def show(person: Person, path: str, reason: str, *, status: int = 200) -> str:
    """Ask for a number."""
    return await person.post(path, {"reason": reason}, status=status, headers={"HX-Request": "true"})


async def trail(desk: DeskStage) -> list[tuple[int, str, str]]:
    rows = await desk.stage.pool.fetch("SELECT agent_id, detail, reason FROM audit WHERE deed = 'disclose' ORDER BY id")
    return [(row["agent_id"], row["detail"], row["reason"]) for row in rows]


async def test_a_caller_s_number_is_masked_and_shown_in_full_for_a_reason_that_is_kept(desk: DeskStage) -> None:
    agent = await desk.agent()
    one, question = await voicemail(desk)
    await desk.stage.pool.execute("UPDATE conversations SET assignee = $1 WHERE id = $2", agent.id, one)
    for path, place in ((f"/desk/c/{one}", f"/desk/c/{one}/number"), ("/desk/questions", None)):
        page = await agent.get(path)
        assert NUMBER not in page
        assert "138****8000" in page
        shown = await show(agent, place or f"/desk/questions/{question}/number", "回电核实")
        assert f'href="tel:{NUMBER}"' in shown
        assert 'data-hide-after="60"' in shown
    assert await trail(desk) == [(agent.id, "contact.number", "回电核实")] * 2


async def test_no_number_is_shown_without_a_reason_or_to_whom_it_does_not_concern(desk: DeskStage) -> None:
    agent = await desk.agent()
    one, question = await voicemail(desk)
    for reason in ("", " 。 ", "长" * 201):
        assert NUMBER not in await show(agent, f"/desk/questions/{question}/number", reason, status=422)
    await show(agent, f"/desk/c/{one}/number", "回电核实", status=404)
    await show(agent, "/desk/questions/999/number", "回电核实", status=404)
    await agent.post(f"/desk/questions/{question}/number", {"reason": "回电核实", "csrf": "x"}, status=403)
    assert await trail(desk) == []


async def test_a_contact_without_a_number_has_none_to_show(desk: DeskStage) -> None:
    agent = await desk.agent()
    _, question = await voicemail(desk, Address("hotline", "demo", "call:77"))
    assert "/number" not in await agent.get("/desk/questions")
    await show(agent, f"/desk/questions/{question}/number", "回电核实", status=404)
    one = await desk.queued()
    await desk.give(one, agent.id)
    await show(agent, f"/desk/c/{one}/number", "回电核实", status=404)
    assert CUSTOMER.contact not in await agent.get("/desk/questions")


@pytest.mark.parametrize("change", ["UPDATE audit SET reason = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
async def test_the_trail_can_be_read_and_never_changed(desk: DeskStage, change: str) -> None:
    agent = await desk.agent()
    _, question = await voicemail(desk)
    await show(agent, f"/desk/questions/{question}/number", "回电核实")
    with pytest.raises(asyncpg.RaiseError, match="never changed"):
        await desk.stage.pool.execute(change)
    result = await invoke_of(app, "disclosures", "--json")
    (row,) = json.loads(result.stdout)["disclosures"]
    assert (row["who"], row["detail"], row["reason"]) == ("wangfang", "contact.number", "回电核实")
    assert NUMBER not in result.stdout


async def test_a_message_on_the_machine_is_answered_by_calling_back(desk: DeskStage) -> None:
    agent = await desk.agent()
    one, question = await voicemail(desk)
    page = await agent.get("/desk/questions")
    assert re.search(r'name="by" value="telephone"[^>]*>.*?已回电', page)
    assert "答复客户" not in page
    form = {"text": "已派单，明天上门", "by": "telephone"}
    await agent.post(f"/desk/questions/{question}/answer", form)
    row = await desk.stage.pool.fetchrow("SELECT answered_by, answer FROM questions")
    assert row is not None
    assert tuple(row.values()) == (agent.id, "已派单，明天上门")
    open_ = "SELECT count(*) FROM deadlines WHERE subject = 'question' AND met IS NULL AND voided IS NULL"
    assert await desk.stage.pool.fetchval(open_) == 0
    assert "已记下电话里的答复" in await agent.get("/desk/questions?done=telephone")
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM outbox") == 0
    assert one
