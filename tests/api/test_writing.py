"""Programs write tickets down and go on with them, each call once, in the name of a person."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.keys.keys import Right
from router.events import Assigned
from tests.api.program import House, Program, open_house

FAULT = {"kind": "matter", "business": "broadband.fault", "text": "光猫红灯，宽带断了两天"}


@pytest.fixture
async def house(database_url: str, redis_url: str) -> AsyncIterator[House]:
    async with open_house(database_url, redis_url) as opened:
        yield opened


async def writing(house: House, *rights: Right) -> tuple[Program, int]:
    """A program that writes as 王芳, and a conversation that waits."""
    await house.stage.hire()
    await house.stage.say("人工")
    conversation = await house.stage.pool.fetchval("SELECT id FROM conversations")
    program = await house.program(Right.TICKETS_READ, Right.TICKETS_WRITE, *rights, login="wangfang")
    return program, conversation


async def test_a_ticket_is_written_down_once_however_often_it_is_asked_for(house: House) -> None:
    program, conversation = await writing(house)
    draft = {**FAULT, "conversation": conversation}
    calls = [program.post("/tickets", draft, Idempotency_Key="one") for _ in range(4)]
    answers = await asyncio.gather(*calls)
    assert {answer.status for answer in answers} == {201}
    assert all(answer.body == answers[0].body for answer in answers)
    assert await house.stage.pool.fetchval("SELECT count(*) FROM tickets") == 1
    ticket = answers[0].body
    assert (ticket["state"], ticket["owner"]["name"], ticket["steps"][0]["what"]) == ("routed", "wangfang", "opened")
    again = await program.post("/tickets", draft, Idempotency_Key="one")
    assert (again.status, again.headers["Idempotency-Replayed"]) == (201, "true")

    other = await program.post("/tickets", {**draft, "text": "另外一件事情"}, Idempotency_Key="one")
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")
    await house.stage.pool.execute("UPDATE api_answers SET taken = taken - interval '24 hours'")
    later = await program.post("/tickets", draft, Idempotency_Key="one")
    assert later.status == 201
    assert later.body["id"] != ticket["id"]
    assert [one["id"] for one in (await program.get("/tickets?kind=matter")).body["data"]] == [
        later.body["id"],
        ticket["id"],
    ]


async def test_a_ticket_says_which_number_where_and_when_masked_unless_the_key_is_for_it(house: House) -> None:
    program, conversation = await writing(house)
    about = {"number": "13900139000", "place": "朝阳区建国路88号", "day": "2026-11-25", "time": "20:30"}
    made = await program.post("/tickets", {**FAULT, "conversation": conversation, "about": about})
    assert made.body["about"] == {**about, "number": "139****9000", "place": made.body["about"]["place"]}
    assert "建国路" not in made.body["about"]["place"]
    whole = await house.program(Right.TICKETS_READ, Right.PERSONAL_READ)
    assert (await whole.get(f"/tickets/{made.body['id']}")).body["about"] == about
    plain = (await program.post("/tickets", {**FAULT, "conversation": conversation})).body
    assert plain["about"] == {"number": "", "place": "", "day": None, "time": ""}
    for wrong in ({"time": "25:00"}, {"day": "25日"}, {"colour": "red"}):
        answer = await program.post("/tickets", {**FAULT, "conversation": conversation, "about": wrong})
        assert (answer.status, answer.body["code"]) == (422, "body_wrong")


async def test_a_call_that_died_after_its_commit_is_answered_with_what_it_did(house: House) -> None:
    program, conversation = await writing(house)
    draft = {**FAULT, "conversation": conversation}
    first = await program.post("/tickets", draft, Idempotency_Key="one")
    await house.stage.pool.execute("UPDATE api_answers SET status = NULL, body = NULL")
    again = await program.post("/tickets", draft, Idempotency_Key="one")
    assert (again.status, again.body["id"]) == (201, first.body["id"])
    assert await house.stage.pool.fetchval("SELECT count(*) FROM tickets") == 1


async def test_what_a_ticket_lacks_is_said_and_what_it_has_become_is_respected(house: House) -> None:
    program, conversation = await writing(house)
    lacking = await program.post("/tickets", {**FAULT, "business": "nothing", "conversation": conversation})
    assert (lacking.status, lacking.body["code"]) == (422, "ticket.incomplete.business")
    for wrong in ({}, {**FAULT, "conversation": 0}, {**FAULT, "conversation": conversation, "colour": "red"}):
        answer = await program.post("/tickets", wrong)
        assert (answer.status, answer.body["code"]) == (422, "body_wrong")
    assert (await program.post("/tickets", {**FAULT, "conversation": 999})).status == 404

    made = (await program.post("/tickets", {**FAULT, "conversation": conversation})).body
    number, version = made["id"], made["version"]
    told = await program.post(f"/tickets/{number}/reports", {"text": "师傅明天上午上门", "version": version})
    assert (told.status, told.body["steps"][-1]["what"], told.body["steps"][-1]["told"]) == (200, "reported", True)
    stale = await program.post(f"/tickets/{number}/reports", {"text": "又有进展", "version": version})
    assert (stale.status, stale.body["code"]) == (409, "stale")
    noted = await program.post(f"/tickets/{number}/notes", {"text": "客户白天不在家"})
    assert noted.body["steps"][-1]["text"] == "客户白天不在家"
    said = await house.stage.pool.fetchval("SELECT text FROM messages ORDER BY seq DESC LIMIT 1")
    assert "师傅明天上午上门" in said


async def test_a_key_closes_a_conversation_in_the_name_of_whoever_has_it(house: House) -> None:
    program, conversation = await writing(house, Right.CONVERSATIONS_WRITE)
    await house.stage.pool.execute("INSERT INTO wrapups VALUES ('billing', NULL, '话费账单', 'Billing', 0)")
    agent = await house.stage.pool.fetchval("SELECT id FROM agents")
    contact = await house.stage.pool.fetchval("SELECT id FROM contacts")
    await house.stage.act(contact, Assigned(agent, "王芳", None, await house.stage.version(contact)))
    path = f"/conversations/{conversation}/close"
    assert (await program.post(path, {"wrapup": "nothing"})).body["code"] == "wrapup_unknown"
    closed = await program.post(path, {"wrapup": "billing"}, Idempotency_Key="end")
    assert (closed.status, closed.body["status"], closed.body["wrapup"]) == (200, "closed", "billing")
    assert (await program.post(path, {"wrapup": "billing"}, Idempotency_Key="end")).body == closed.body
    assert (await program.post(path, {"wrapup": "billing"})).body["code"] == "ended"


async def test_whoever_left_writes_nothing_any_more(house: House) -> None:
    program, conversation = await writing(house)
    await house.stage.pool.execute("UPDATE agents SET disabled = true")
    answer = await program.post("/tickets", {**FAULT, "conversation": conversation})
    assert (answer.status, answer.body["code"]) == (403, "writer_gone")
