"""The counter's form and the hotline's page: visits become conversations, calls a connect rate."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.outlets.outlets import Outlet, put_outlet
from bot.people.rights import Role
from channels.door import Address
from router.events import CallAbandoned, CallOffered, CallPickedUp, Followed
from tests.bot.desk_stage import DeskStage, open_desk

VISIT = {"outlet": "rmlu", "customer": "+86 138 0000 0001", "text": "补办手机卡", "reason": "billing.balance"}


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        await put_outlet(opened.stage.pool, Outlet("rmlu", "人民路营业厅", "上海"))
        yield opened


@pytest.mark.parametrize(
    ("outcome", "status", "questions"), [("settled", "closed", 0), ("queued", "queued", 0), ("question", "closed", 1)]
)
async def test_a_visit_is_a_conversation(desk: DeskStage, outcome: str, status: str, questions: int) -> None:
    agent = await desk.agent()
    assert "人民路营业厅" in await agent.get("/desk/outlet")
    await agent.post("/desk/outlet", {**VISIT, "outcome": outcome})
    row = await desk.stage.pool.fetchrow(
        "SELECT v.status, c.address, c.name FROM conversations v JOIN contacts c ON c.id = v.contact_id"
    )
    assert row is not None
    assert tuple(row.values()) == (status, "13800000001", "138****0001")
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM questions WHERE kind = 'follow_up'") == questions
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM surveys") == 0


async def test_a_form_without_a_customer_is_refused_and_keeps_what_was_typed(desk: DeskStage) -> None:
    agent = await desk.agent()
    await agent.get("/desk/outlet")
    page = await agent.post("/desk/outlet", {**VISIT, "customer": "?", "outcome": "settled"}, status=422)
    assert "手机号或客户码不对" in page
    assert "补办手机卡" in page


async def test_who_scanned_the_code_of_an_outlet_is_known_to_come_from_there(desk: DeskStage) -> None:
    leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    who = Address("wechat", "demo", "o1")
    await desk.stage.say("", who, event=Followed("o:rmlu"))
    await desk.stage.say("人工", who)
    number = await desk.stage.pool.fetchval("SELECT id FROM conversations")
    assert "人民路营业厅" in await leader.get(f"/desk/c/{number}")


async def test_leaders_see_the_connect_rate_and_others_do_not(desk: DeskStage) -> None:
    leader, agent = await desk.agent("chenjing", "陈静", role=Role.LEADER), await desk.agent()
    now = datetime.now(UTC)
    for event in (CallOffered("a", now), CallPickedUp("a", now), CallOffered("b", now), CallAbandoned("b", now)):
        await desk.stage.say("", Address("hotline", "demo", "13800000001"), event=event)
    assert "50.0 %" in await leader.get("/desk/hotline")
    assert '"connect_rate": 50.0' in await leader.get("/desk/hotline/figures")
    await agent.get("/desk/hotline", status=403)
