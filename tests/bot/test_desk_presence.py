"""What people at the desk are: online, busy, on a break and why, in training; kept from moment to moment."""

from collections.abc import AsyncIterator

import pytest

from bot.people.rights import Role
from tests.bot.desk_stage import DeskStage, open_desk


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def _history(desk: DeskStage) -> list[tuple[object, ...]]:
    rows = await desk.stage.pool.fetch("SELECT presence, reason, by_agent FROM presences ORDER BY id")
    return [tuple(row) for row in rows]


async def test_a_break_has_a_reason_and_every_change_is_kept_with_its_moment(desk: DeskStage) -> None:
    agent = await desk.agent()
    await agent.post("/desk/presence", {"presence": "online"})
    await agent.post("/desk/presence", {"presence": "break"})
    assert "用餐" in await agent.get("/desk/seat")
    await agent.post("/desk/presence", {"reason": "meal"})
    assert 'value="meal" aria-pressed="true"' in await agent.get("/desk/seat")
    await agent.post("/desk/presence", {"reason": "meal"})
    await agent.post("/desk/presence", {"presence": "training"})
    seat = await agent.get("/desk/seat")
    assert "起培训" in seat
    assert "用餐" not in seat
    await agent.get("/desk")
    await agent.post("/desk/logout")
    assert await _history(desk) == [
        ("online", "", None),
        ("break", "", None),
        ("break", "meal", None),
        ("training", "", None),
        ("offline", "", None),
    ]
    rows = await desk.stage.pool.fetch("SELECT since FROM presences ORDER BY id")
    since = [row["since"] for row in rows]
    assert since == sorted(set(since))
    assert since[-1] == await desk.stage.pool.fetchval("SELECT presence_since FROM agents")


async def test_reasons_that_do_not_exist_and_reasons_for_being_online_are_refused(desk: DeskStage) -> None:
    agent = await desk.agent()
    await agent.post("/desk/presence", {"reason": "sunshine"}, status=400)
    await agent.post("/desk/presence", {"presence": "online", "reason": "meal"}, status=400)
    await agent.post("/desk/presence", {}, status=400)
    assert await _history(desk) == []


async def test_who_is_in_training_is_given_nothing(desk: DeskStage) -> None:
    agent = await desk.agent()
    await desk.queued()
    await agent.post("/desk/presence", {"presence": "training"})
    assert await desk.stage.assigner.round() == 0
    await agent.post("/desk/presence", {"presence": "online"})
    assert await desk.stage.assigner.round() == 1


async def test_a_leader_sets_somebody_s_presence_on_record_and_they_are_told(desk: DeskStage) -> None:
    agent, leader = await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    await agent.post("/desk/presence", {"presence": "online"})
    crew = await leader.get("/desk/crew")
    assert f'action="/desk/crew/{agent.id}"' in crew
    await leader.post(f"/desk/crew/{agent.id}", {"presence": "busy"})
    await leader.post(f"/desk/crew/{agent.id}", {"presence": "busy"}, status=404)
    assert (await _history(desk))[-1] == ("busy", "", leader.id)
    deed = await desk.stage.pool.fetchrow("SELECT who, what, detail FROM audit WHERE deed = 'presence_forced'")
    assert tuple(deed or ()) == ("chenjing", f"agent:{agent.id}", "busy")
    assert "由班长设置" in await agent.get("/desk/seat")
    alerts = await agent.get("/desk/alerts")
    assert "班长改了您的在岗状态" in alerts
    assert "陈静" in alerts
    await agent.get("/desk")
    await agent.post("/desk/presence", {"presence": "online"})
    assert "由班长设置" not in await agent.get("/desk/seat")


async def test_agents_set_nobody_else_s_presence(desk: DeskStage) -> None:
    agent, other = await desk.agent(), await desk.agent("lihua", "李华")
    await other.post("/desk/presence", {"presence": "online"})
    await agent.get("/desk/crew", status=403)
    await agent.post(f"/desk/crew/{other.id}", {"presence": "busy"}, status=403)
    assert await _history(desk) == [("online", "", None)]


async def test_a_seat_says_why_the_house_has_set_somebody_on_a_break(desk: DeskStage) -> None:
    agent = await desk.agent()
    await desk.stage.pool.execute("UPDATE agents SET presence = 'break', presence_reason = 'unanswered'")
    assert "没有应答派给您的会话" in await agent.get("/desk/seat")
