"""Clause ``complaint.warning``: a topic of complaints that grew in a week against its baseline opens a task."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.audit.audit import By
from bot.improvements.limits import settle
from bot.improvements.weekly import examine
from bot.people.rights import Role
from bot.people.units import Level, add_unit
from tests.bot.desk_stage import DeskStage, open_desk
from tests.standard.measure import local

BOSS = By(None, "boss", "")
MONDAY = local("2026-11-23 00:00")
USUAL = (3, 4, 2, 3, 5, 3, 4, 3)


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url, clock=lambda: MONDAY) as opened:
        yield opened


async def complain(
    desk: DeskStage,
    business: str,
    cause: str,
    at: datetime,
    count: int,
    *,
    merged: bool = False,
    owner: int | None = None,
) -> None:
    """So many complaints of a topic within the week that begins then."""
    await desk.stage.pool.execute(
        "INSERT INTO tickets (contact_id, kind, business, text, cause, created, version, state, department, grade,"
        " archived, merged_into, owner) SELECT (SELECT min(id) FROM contacts), 'complaint', $1, '?', $2,"
        " $3::timestamptz + n * interval '30 minutes', 1, 'routed', 'network', 'ordinary', CASE WHEN $5 THEN $3 END,"
        " CASE WHEN $5 THEN (SELECT min(id) FROM tickets) END, $6 FROM generate_series(1, $4) AS n",
        business, cause, at, count, merged, owner,
    )  # fmt: skip


async def test_complaint_warning_opens_a_task_once_and_managers_hear_of_it(desk: DeskStage) -> None:
    pool, bus = desk.stage.pool, desk.stage.bus
    boss = await desk.agent("boss", "总管", role=Role.MANAGER)
    leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    await desk.queued()
    last = MONDAY - timedelta(weeks=1)
    await complain(desk, "line.fault", "network", last - timedelta(weeks=9), 1)
    for back, count in enumerate(USUAL, 2):
        await complain(desk, "broadband.fault", "network", MONDAY - timedelta(weeks=back), count)
        await complain(desk, "charge.dispute", "charge", MONDAY - timedelta(weeks=back), 6)
    await complain(desk, "broadband.fault", "network", last, 17)
    await complain(desk, "charge.dispute", "charge", last, 8)
    await complain(desk, "charge.dispute", "charge", last, 30, merged=True)
    await complain(desk, "mobile.signal", "network", MONDAY, 40)
    assert "没有异常增长的投诉" in await boss.get("/desk/improvements")
    zone = MONDAY.tzinfo
    assert zone is not None
    found = [await examine(pool, bus, zone, MONDAY + timedelta(hours=hours)) for hours in (1, 2)]
    assert [[(one.topic.business, one.count, one.usual) for one in each] for each in found] == [
        [("broadband.fault", 17, 3.0)],
        [],
    ], "one customer's repeats are no growth, the week under way is not over, and a week is looked at once"
    assert '/desk/improvements"><strong>一类投诉异常增长' in await boss.get("/desk/alerts")
    assert "一类投诉异常增长" not in await leader.get("/desk/alerts")
    page = await boss.get("/desk/improvements")
    assert all(said in page for said in ("宽带故障", "往常每周 3 件", "网络维护部"))
    writer = desk.stage.writer
    assert [await settle(pool, writer) for _ in range(2)] == [1, 0], "its limit runs from its opening, once"
    task, limit = await pool.fetchrow(  # type: ignore[misc]
        "SELECT i.id, d.due - i.opened FROM improvements i JOIN deadlines d ON d.subject = 'improvement'"
        " AND d.subject_id = i.id AND d.clause = 'complaint.warning'"
    )
    assert limit == timedelta(days=7)
    await boss.post(f"/desk/improvements/{task}")
    await leader.post(f"/desk/improvements/{task}", {"plan": "不是我的"})
    assert "整改完成" in await boss.get("/desk/improvements"), "only who answers for it closes it"
    await boss.post(f"/desk/improvements/{task}", {"plan": "更换老旧分光器"})
    assert "更换老旧分光器" in await leader.get("/desk/improvements")
    assert await examine(pool, bus, zone, MONDAY + timedelta(weeks=1)) != [], "the next week is looked at in its turn"


async def test_complaint_warning_reminds_its_owner_then_the_leader_and_managers_when_it_is_late(
    desk: DeskStage,
) -> None:
    pool, stage = desk.stage.pool, desk.stage
    city, team = [
        await add_unit(pool, 1, level, name, BOSS) for level, name in ((Level.CITY, "深圳"), (Level.TEAM, "一班"))
    ]
    boss = await desk.agent("boss", "总管", role=Role.MANAGER)
    near = await desk.agent("near", "陈静", role=Role.LEADER)
    far = await desk.agent("far", "林岚", role=Role.LEADER)
    for person, unit in ((near, city), (far, team)):
        await pool.execute("UPDATE agents SET unit_id = $2 WHERE id = $1", person.id, unit)
    task = await pool.fetchval(
        "WITH w AS (INSERT INTO complaint_weeks VALUES ('2026-11-16') RETURNING week) INSERT INTO improvements"
        " (week, cause, business, department, complaints, usual, opened) SELECT week, 'charge', 'charge.dispute',"
        " 'billing', 11, 3.5, now() FROM w RETURNING id"
    )
    await settle(pool, stage.writer)
    assert "扣费争议" in await far.get("/desk/improvements"), "what is nobody's is seen by all who lead"
    await near.get("/desk/improvements")
    await near.post(f"/desk/improvements/{task}")
    assert "扣费争议" not in await far.get("/desk/improvements"), "what somebody has is seen in their own unit"
    await far.post(f"/desk/improvements/{task}")
    assert await pool.fetchval("SELECT owner FROM improvements") == near.id
    assert "陈静" in await boss.get("/desk/improvements")

    heard = []
    for days in (5, 1, 1):
        await pool.execute("UPDATE improvements SET opened = opened - $1 * interval '1 day'", days)
        await stage.shift(days * 24 * 60 + 1)
        await stage.clock.sweep()
        rows = await pool.fetch("DELETE FROM alerts RETURNING audience, agent_id, kind")
        heard.append(sorted((row["audience"], row["agent_id"], row["kind"].split(".")[0]) for row in rows))
    assert heard == [
        [("agent", near.id, "warned")],
        [("leader", None, "warned")],
        [("leader", None, "breached"), ("manager", None, "breached")],
    ]
    assert "已超时" in await near.get("/desk/improvements")
    assert "陈静" in await near.get("/desk/standard/rows?clause=complaint.warning&state=late")
    assert 'href="/desk/improvements"' in await near.get("/desk/deadlines")
    await near.post(f"/desk/improvements/{task}", {"plan": "改了扣费提醒"})
    met = await pool.fetchval("SELECT met IS NOT NULL FROM deadlines WHERE subject = 'improvement'")
    assert met, "what was done ends its limit"


async def test_complaint_warning_of_one_province_concerns_those_who_lead_there_and_above(desk: DeskStage) -> None:
    pool, stage = desk.stage.pool, desk.stage
    south, north = [await add_unit(pool, 1, Level.PROVINCE, name, BOSS) for name in ("广东", "河北")]
    team = await add_unit(pool, south, Level.TEAM, "一班", BOSS)
    boss = await desk.agent("boss", "总管", role=Role.MANAGER)
    people = {}
    for login, role, unit in (
        ("south", Role.MANAGER, south), ("north", Role.MANAGER, north), ("crew", Role.LEADER, team),
        ("wangfang", Role.AGENT, team), ("zhao", Role.AGENT, north),
    ):  # fmt: skip
        people[login] = await desk.agent(login, login, role=role)
        await pool.execute("UPDATE agents SET unit_id = $2 WHERE id = $1", people[login].id, unit)
    await desk.queued()
    for back in range(1, 10):
        at = MONDAY - timedelta(weeks=back)
        await complain(desk, "broadband.fault", "network", at, 40, owner=people["zhao"].id)
        await complain(desk, "broadband.fault", "network", at, 4 if back > 1 else 19, owner=people["wangfang"].id)
    zone = MONDAY.tzinfo
    assert zone is not None
    (found,) = await examine(pool, stage.bus, zone, MONDAY)
    assert (found.topic.unit, found.count, found.usual) == (south, 19, 4.0), "the whole hides it"

    async def heard(login: str) -> bool:
        return "投诉异常增长" in await people[login].get("/desk/alerts")

    assert "广东 · " in await boss.get("/desk/alerts")
    assert [await heard(login) for login in ("south", "north", "crew")] == [True, False, False]
    seen = ["广东" in await people[login].get("/desk/improvements") for login in ("south", "north", "crew")]
    assert seen == [True, False, True], "what is nobody's is seen in its province and above"
    await settle(pool, stage.writer)
    task = await pool.fetchval("SELECT id FROM improvements")
    await people["north"].post(f"/desk/improvements/{task}")
    await people["crew"].post(f"/desk/improvements/{task}")
    assert await pool.fetchval("SELECT owner FROM improvements") == people["crew"].id

    await pool.execute("DELETE FROM alerts")
    await pool.execute("UPDATE improvements SET opened = opened - interval '8 days'")
    await stage.shift(8 * 24 * 60)
    await stage.clock.sweep()
    newest = await pool.fetchval("SELECT max(id) FROM alerts")
    late = {login: "一项整改超时了" in await people[login].get("/desk/alerts") for login in ("south", "north", "crew")}
    assert late == {"south": True, "north": False, "crew": True}, "those who lead whoever has it"
    await people["north"].post("/desk/alerts/seen", {"upto": str(newest)})
    assert await pool.fetchval("SELECT count(seen) FROM alerts WHERE improvement_id = $1", task) == 0
