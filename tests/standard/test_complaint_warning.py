"""Clause ``complaint.warning``: a topic of complaints that grew in a week against its baseline opens a task."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.improvements.weekly import examine
from bot.people.rights import Role
from tests.bot.desk_stage import DeskStage, open_desk
from tests.standard.measure import local

MONDAY = local("2026-11-23 00:00")
USUAL = (3, 4, 2, 3, 5, 3, 4, 3)


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url, clock=lambda: MONDAY) as opened:
        yield opened


async def complain(
    desk: DeskStage, business: str, cause: str, at: datetime, count: int, *, merged: bool = False
) -> None:
    """So many complaints of a topic within the week that begins then."""
    await desk.stage.pool.execute(
        "INSERT INTO tickets (contact_id, kind, business, text, cause, created, version, state, department, grade,"
        " archived, merged_into) SELECT (SELECT min(id) FROM contacts), 'complaint', $1, '?', $2,"
        " $3::timestamptz + n * interval '30 minutes', 1, 'routed', 'network', 'ordinary', CASE WHEN $5 THEN $3 END,"
        " CASE WHEN $5 THEN (SELECT min(id) FROM tickets) END FROM generate_series(1, $4) AS n",
        business, cause, at, count, merged,
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
    task = await pool.fetchval("SELECT id FROM improvements WHERE due > opened")
    await boss.post(f"/desk/improvements/{task}")
    await leader.post(f"/desk/improvements/{task}", {"plan": "不是我的"})
    assert "整改完成" in await boss.get("/desk/improvements"), "only who answers for it closes it"
    await boss.post(f"/desk/improvements/{task}", {"plan": "更换老旧分光器"})
    assert "更换老旧分光器" in await leader.get("/desk/improvements")
    assert await examine(pool, bus, zone, MONDAY + timedelta(weeks=1)) != [], "the next week is looked at in its turn"
