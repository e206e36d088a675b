"""Business at the desk: forms under way beside the thread, requests that are taken once, private answers on record."""

from collections.abc import AsyncIterator

import pytest

from bot.people.rights import Role
from channels.door import Address
from tests.bot.desk_stage import DeskStage, Person, open_desk
from tests.router.test_forms import INVOICE, office

WHO = Address("web", "demo", "v:1")


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url, at=office()) as opened:
        yield opened


async def file(desk: DeskStage) -> int:
    """A customer has asked for an invoice; the request's id."""
    await desk.stage.say("开发票", WHO)
    for said in INVOICE.values():
        await desk.stage.say(said, WHO)
    await desk.stage.say("", WHO, choice="form:confirm")
    found: int = await desk.stage.pool.fetchval("SELECT max(id) FROM business_requests")
    return found


async def take(person: Person, request: int, state: str = "new", note: str = "", *, status: int = 303) -> str:
    """An agent takes a request one step on."""
    return await person.post(f"/desk/requests/{request}/move", {"state": state, "note": note}, status=status)


async def test_a_request_goes_from_new_to_in_hand_to_done_and_the_customer_hears_of_it(desk: DeskStage) -> None:
    agent, request = await desk.agent(), await file(desk)
    assert f"开具发票 #{request}" in await agent.get("/desk/requests")
    await take(agent, request)
    await take(agent, request, "in_hand", "已发到您的邮箱。")
    assert "已发到您的邮箱。" in await agent.get("/desk/requests?list=done")
    said = await desk.stage.pool.fetch("SELECT text FROM messages WHERE sender = 'agent' ORDER BY seq")
    assert [f"编号 {request}" in row["text"] for row in said] == [True, True]
    assert "已发到您的邮箱。" in said[1]["text"]


async def test_two_agents_who_take_one_request_take_it_once(desk: DeskStage) -> None:
    wang, li = await desk.agent(), await desk.agent("lilei", "李雷")
    request = await file(desk)
    await wang.get("/desk/requests")
    await take(wang, request)
    await take(li, request, status=404)  # It is another's now, so it does not exist for him.
    leader = await desk.agent("chen", "陈静", role=Role.LEADER)
    assert "刚刚有同事处理过" in await take(leader, request, status=409)


async def test_what_another_has_in_hand_is_seen_by_leaders_only(desk: DeskStage) -> None:
    wang, li = await desk.agent(), await desk.agent("lilei", "李雷")
    leader = await desk.agent("chen", "陈静", role=Role.LEADER)
    await take(wang, await file(desk))
    seen = [("开具发票" in await person.get("/desk/requests")) for person in (wang, li, leader)]
    assert seen == [True, False, True]


async def test_private_answers_are_masked_until_somebody_says_why_and_that_is_kept(desk: DeskStage) -> None:
    agent, request = await desk.agent(), await file(desk)
    assert INVOICE["mail"] not in await agent.get("/desk/requests")
    place = f"/desk/requests/{request}/answers"
    assert INVOICE["mail"] not in await agent.post(place, {"reason": "x"}, status=422)
    assert INVOICE["mail"] in await agent.post(place, {"reason": "寄发票"}, status=200)
    row = await desk.stage.pool.fetchrow("SELECT agent_id, detail, reason FROM audit WHERE deed = 'disclose'")
    assert row is not None
    assert (row["agent_id"], row["detail"], row["reason"]) == (agent.id, "request.answers", "寄发票")


async def test_an_agent_starts_a_form_and_sees_how_far_the_customer_is(desk: DeskStage) -> None:
    agent, one = await desk.agent(), await desk.queued()
    await desk.give(one, agent.id)
    await agent.get(f"/desk/c/{one}")
    await agent.post(f"/desk/c/{one}/form", {"text": "invoice"})
    await desk.stage.say("单位", WHO)
    page = await agent.get(f"/desk/c/{one}")
    assert "办理中，第 2/5 步" in page
    assert "<dd>单位</dd>" in page
    await agent.post(f"/desk/c/{one}/form", {"text": "nothing"}, status=409)


async def test_the_dot_counts_what_nobody_has_taken(desk: DeskStage) -> None:
    agent, request = await desk.agent(), await file(desk)
    assert await agent.get("/desk/requests/count") == "1"
    await take(agent, request)
    assert await agent.get("/desk/requests/count") == "0"
