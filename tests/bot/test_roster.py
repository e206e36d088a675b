"""The roster at the desk: a week of one's own units, planned team by team, and never over somebody else's plan."""

import re
from collections.abc import AsyncIterator
from datetime import date, datetime

import pytest

from bot.people.rights import Role
from bot.people.units import HEADQUARTERS, Level, add_unit
from bot.shifts.shifts import Plan, Shift, all_shifts, parse_periods, plan, put_shift, retire_shift
from bot.shifts.week import Crew, Line, Week, changes, copied, fitting, instead, typed
from router.calendar import SHANGHAI
from tests.bot.desk_stage import DeskStage, Person, open_desk
from tests.bot.test_access_matrix import NOBODY

TODAY = date(2026, 11, 26)
WEEK = Week.of(TODAY)
EARLY = Shift("early", "早班", parse_periods(["08:00-12:00", "13:30-18:00"]))
SHIFTS = {"early": EARLY}
OFF = ("",) * 7


def crew(*days: tuple[str, ...]) -> Crew:
    return Crew(1, "一班", tuple(Line(n, f"坐席{n}", f"a{n}", one) for n, one in enumerate(days, 1)))


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


@pytest.mark.pure
def test_a_week_begins_on_a_monday_and_last_week_is_taken_over_for_the_days_to_come() -> None:
    assert WEEK.days[0] == date(2026, 11, 23)
    before, now = crew(("early",) * 7, ("early",) * 5 + ("", "")), crew(OFF, ("",) * 6 + ("early",))
    taken = copied(now, before, WEEK, TODAY)
    assert [line.days for line in taken.lines] == [
        ("", "", "", "early", "early", "early", "early"),
        ("", "", "", "early", "early", "", ""),
    ]
    assert taken.counts == [0, 0, 0, 2, 2, 1, 1]
    assert copied(now, crew(), WEEK, TODAY) == now, "whoever is new keeps what is planned"


@pytest.mark.pure
def test_only_what_differs_is_planned_anew_and_the_past_stays() -> None:
    now = crew(("early",) * 7, OFF)
    wanted = typed(now, {"1.3": "", "2.6": "early", "2.5": ""})
    assert changes(now, wanted, WEEK, TODAY, SHIFTS) == [
        Plan(1, TODAY, None),
        Plan(2, date(2026, 11, 29), EARLY),
    ]
    assert changes(now, typed(now, {"1.2": ""}), WEEK, TODAY, SHIFTS) is None, "yesterday has passed"
    assert changes(now, typed(now, {"1.3": "late"}), WEEK, TODAY, SHIFTS) is None
    assert now.seal != wanted.seal


@pytest.mark.pure
def test_days_by_a_shift_that_is_retired_are_left_as_they_are_planned_and_named() -> None:
    now = crew(("",) * 5 + ("early", "old"), OFF)
    wanted, gaps = fitting(
        now, crew(("old", "early", "old", "", "", "old", "old"), ("gone",) + ("",) * 6), WEEK, SHIFTS
    )
    assert [line.days for line in wanted.lines] == [("", "early", "", "", "", "early", "old"), OFF]
    days = WEEK.days
    assert [(gap.code, gap.count, gap.days) for gap in gaps] == [
        ("gone", 1, ((now.lines[1], (days[0],)),)),
        ("old", 3, ((now.lines[0], (days[0], days[2], days[5])),)),
    ]
    assert changes(now, wanted, WEEK, WEEK.first, SHIFTS) == [Plan(1, days[1], EARLY)]
    assert fitting(now, wanted, WEEK, SHIFTS) == (wanted, []), "what is planned already may stay"
    assert instead(crew(("old", "early")), {"old": "late"}).lines[0].days == ("late", "early")


async def test_a_leader_plans_a_week_and_hears_of_whoever_was_faster(desk: DeskStage) -> None:
    pool = desk.stage.pool
    await put_shift(pool, "early", "早班", ["08:00-12:00", "13:30-18:00"], NOBODY)
    wang, leader = await desk.hire("wangfang"), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    mine, theirs = [await add_unit(pool, HEADQUARTERS, Level.TEAM, name, NOBODY) for name in ("一班", "二班")]
    other = await desk.hire("lilei", "李雷")
    for person, unit in ((wang, mine), (leader, mine), (other, theirs)):
        await pool.execute("UPDATE agents SET unit_id = $2 WHERE id = $1", person.id, unit)

    shown = await leader.get("/desk/roster")
    assert "王芳" in shown
    assert "李雷" not in shown
    await leader.get(f"/desk/roster/{theirs}", status=404)
    week = Week.of(datetime.now(SHANGHAI).date()).moved(1)
    form = {"week": str(week.first), f"{wang.id}.3": "early", f"{wang.id}.4": "early"}
    form["seal"] = await _seal(leader, f"/desk/roster/{mine}?week={week.first}")
    await leader.post(f"/desk/roster/{mine}", form)
    assert "排班已保存" in await leader.get(f"/desk/roster?week={week.first}&done=saved")
    days = await pool.fetch("SELECT day, count(*) FROM duties GROUP BY day ORDER BY day")
    assert [tuple(row.values()) for row in days] == [(week.days[3], 2), (week.days[4], 2)]
    trail = await pool.fetchval("SELECT detail FROM audit WHERE deed = 'roster_changed'")
    assert trail == f"2 rows of unit:{mine} {week.first}"

    late = await leader.post(f"/desk/roster/{mine}", {**form, f"{wang.id}.5": "early"}, status=409)
    assert "刚刚有人改过这一周" in late
    before = week.moved(-2).first
    past = {"week": str(before), "seal": await _seal(leader, f"/desk/roster/{mine}?week={before}")}
    assert "已经过去的日子" in await leader.post(f"/desk/roster/{mine}", {**past, f"{wang.id}.0": "early"}, status=409)

    after = week.moved(1).first
    filled = await leader.get(f"/desk/roster/{mine}?week={after}&from=last")
    assert filled.count("roster-new") == 2, "both days, as the week before, to be looked over"
    assert await pool.fetchval("SELECT count(*) FROM duties WHERE day >= $1", after) == 0

    await put_shift(pool, "late", "晚班", ["14:00-22:00"], NOBODY)
    await retire_shift(pool, "early", NOBODY)
    filled = await leader.get(f"/desk/roster/{mine}?week={after}&from=last")
    assert "班次“早班”已停用，2 人天没有填" in filled
    assert f"周四 {week.moved(1).days[3].month}-{week.moved(1).days[3].day}" in filled
    assert (filled.count('roster-gap"'), filled.count("roster-new")) == (2, 0)
    form = {"week": str(after), f"{wang.id}.0": "late", f"{wang.id}.3": "early"}
    form["seal"] = await _seal(leader, f"/desk/roster/{mine}?week={after}")
    refused = await leader.post(f"/desk/roster/{mine}", form, status=409)
    assert ("有班次刚刚停用" in refused, "1 人天没有填" in refused, refused.count("roster-new")) == (True, True, 1)
    replaced = await leader.get(f"/desk/roster/{mine}?week={after}&from=last&instead.early=late&instead.late=early")
    assert ("人天没有填" in replaced, replaced.count("roster-new")) == (False, 2)
    del form[f"{wang.id}.3"]
    await leader.post(f"/desk/roster/{mine}", form)
    assert await pool.fetchval("SELECT shift FROM duties WHERE day = $1", after) == "late"
    await leader.get("/desk/roster?week=yesterday", status=404)
    await (await desk.agent("zhao", "赵敏")).get("/desk/roster", status=403)


async def _seal(person: Person, path: str) -> str:
    found = re.search(r'name="seal" value="(\w+)"', await person.get(path))
    assert found is not None
    return found[1]


async def test_kinds_of_shifts_are_added_changed_and_retired_at_the_desk(desk: DeskStage) -> None:
    pool, boss = desk.stage.pool, await desk.agent("boss", "总管", role=Role.MANAGER)
    leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    assert 'href="/desk/shifts"' in await boss.get("/desk/roster")
    assert 'href="/desk/shifts"' not in await leader.get("/desk/roster")
    assert "还没有班次" in await boss.get("/desk/shifts")
    early = {"do": "add", "code": "early", "name": "早班", "periods": "08:00-12:00, 13:30-18:00"}
    await boss.post("/desk/shifts", early)
    for wrong, why in (
        ({**early}, "已经有班次了"),
        ({**early, "code": "late", "periods": "08:00-12:00 11:00-13:00"}, "不能重叠"),
        ({**early, "code": "late", "name": " "}, "名称为"),
        ({**early, "code": "a b"}, "代码为"),
    ):
        assert why in await boss.post("/desk/shifts", wrong, status=422)
    await leader.post("/desk/shifts", early, status=403)

    week = Week.of(datetime.now(SHANGHAI).date()).moved(1)
    await plan(pool, [Plan(leader.id, week.days[0], (await all_shifts(pool))["early"])], SHANGHAI, NOBODY, source="x")
    await boss.post("/desk/shifts", {"do": "change", "code": "early", "name": "早一班", "periods": "07:00-11:00"})
    page = await boss.get("/desk/shifts")
    assert ("早一班" in page, "07:00-11:00" in page, "已排 1 人天" in page) == (True, True, True)
    await boss.post("/desk/shifts", {"do": "retire", "code": "early"})
    assert await all_shifts(pool) == {}, "nobody is planned for it any more"
    assert "早一班" in await leader.get(f"/desk/roster/1?week={week.first}"), "what was planned stays"
    begins = await pool.fetchval("SELECT begins FROM duties ORDER BY begins LIMIT 1")
    assert begins.astimezone(SHANGHAI).hour == 8, "as it was planned"
    await boss.post("/desk/shifts", {"do": "change", "code": "early", "name": "早班", "periods": "08:00-12:00"})
    assert (await all_shifts(pool))["early"].name == "早班"
    trail = await pool.fetch("SELECT deed FROM audit WHERE what = 'shift:early' ORDER BY id")
    assert [row["deed"] for row in trail] == ["shift_set", "shift_set", "shift_retired", "shift_set"]
