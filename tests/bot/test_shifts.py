"""Shifts: kinds with several periods a day, rosters from files, and leaders who hear of whoever does not come."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.audit.audit import By
from bot.cli import app
from bot.people.rights import Role
from bot.people.units import HEADQUARTERS, Level, add_unit
from bot.shifts.roster import read
from bot.shifts.shifts import Plan, Shift, on_duty, parse_periods, plan, put_shift
from bot.shifts.sweep import sweep
from bot.spreadsheets import Wrong, WrongFile
from router.calendar import SHANGHAI
from router.clauses.period import ROUND_THE_CLOCK
from tests.bot.desk_stage import DeskStage, open_desk

BOSS = By(None, "boss", "")
EARLY = Shift("early", "早班", parse_periods(["08:00-12:00", "13:30-18:00"]))
NIGHT = Shift("night", "夜班", parse_periods(["22:00-06:00"]))
TODAY = Shift("all", "全天", ROUND_THE_CLOCK)


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


def test_a_day_s_periods_begin_on_that_day_in_the_operator_s_zone() -> None:
    day = date(2027, 1, 31)
    assert Plan(1, day, EARLY).duties(SHANGHAI) == [
        (datetime(2027, 1, 31, 0, tzinfo=UTC), datetime(2027, 1, 31, 4, tzinfo=UTC)),
        (datetime(2027, 1, 31, 5, 30, tzinfo=UTC), datetime(2027, 1, 31, 10, tzinfo=UTC)),
    ]
    assert Plan(1, day, NIGHT).duties(SHANGHAI) == [
        (datetime(2027, 1, 31, 14, tzinfo=UTC), datetime(2027, 1, 31, 22, tzinfo=UTC))
    ]
    assert Plan(1, day, None).duties(SHANGHAI) == []
    for wrong in ([], ["08:00-12:00", "11:00-13:00"], ["8-12"]):
        with pytest.raises(ValueError):
            parse_periods(wrong)


def test_a_roster_names_each_row_that_does_not_hold() -> None:
    people, shifts = {"wangfang": 1, "lilei": 2}, {"early": EARLY}
    file = "login,day,shift\nWangFang,2027-01-31,early\nlilei,2027-01-31,\nnobody,2027-01-31,early\n"
    file += "lilei,31.1.2027,early\nlilei,2027-02-01,late\nwangfang,2027-01-31,\n"
    rows = read(file.encode("utf-8-sig"), people, shifts)
    assert rows[:2] == [Plan(1, date(2027, 1, 31), EARLY), Plan(2, date(2027, 1, 31), None)]
    assert [one.line for one in rows[2:] if isinstance(one, Wrong)] == [4, 5, 6, 7]
    for wrong in (b"login,day\n", b"\xff\xfe"):
        with pytest.raises(WrongFile):
            read(wrong, people, shifts)


async def test_leaders_of_the_nearest_unit_hear_once_of_whoever_does_not_come(desk: DeskStage) -> None:
    pool = desk.stage.pool
    city = await add_unit(pool, HEADQUARTERS, Level.CITY, "深圳", BOSS)
    team = await add_unit(pool, city, Level.TEAM, "一班", BOSS)
    wang, li = await desk.hire("wangfang"), await desk.agent("lilei", "李雷")
    near = await desk.hire("near", "陈静", role=Role.LEADER)
    far = await desk.hire("far", "总部", role=Role.MANAGER)
    for person, unit in ((wang, team), (li, team), (near, city)):
        await pool.execute("UPDATE agents SET unit_id = $2 WHERE id = $1", person.id, unit)
    await li.post("/desk/presence", {"presence": "online"})
    await put_shift(pool, "all", "全天", ["00:00-24:00"], BOSS)
    today = datetime.now(SHANGHAI).date()
    days = [today + timedelta(days=number) for number in (-1, 0, 1)]
    await plan(pool, [Plan(one.id, day, TODAY) for one in (wang, li) for day in days], SHANGHAI, BOSS, source="x.csv")
    await pool.execute(
        "UPDATE duties SET begins = begins - interval '1 hour', ends = ends + interval '1 hour' WHERE day = $1", today
    )
    assert await sweep(pool, desk.stage.bus) == 0
    await pool.execute("UPDATE agents SET presence_since = now() - interval '11 minutes'")
    told = await sweep(pool, desk.stage.bus)
    assert 1 <= told <= 2
    assert await sweep(pool, desk.stage.bus) == 0
    alerts = await pool.fetch("SELECT agent_id, kind, about FROM alerts")
    assert {(row["agent_id"], row["kind"], row["about"]) for row in alerts} == {(near.id, "absent", "王芳")}
    assert {row["login"] for row in await on_duty(pool, datetime.now(UTC), f"/{city}/")} == {"wangfang", "lilei"}
    assert (await on_duty(pool, datetime.now(UTC)))[0]["login"] == "wangfang"
    leader = await near.log_in()
    assert "应在班的同事还没有上线" in await leader.get("/desk/alerts")
    assert "应在班，还没有上线" in await leader.get("/desk/crew")
    assert "应在班，还没有上线" in await (await far.log_in()).get("/desk/crew")
    admin = await desk.agent("admin", "林岚", role=Role.ADMIN)
    assert "接下来的班次" in await admin.get(f"/desk/people/{wang.id}")


async def test_a_roster_is_imported_day_by_day_and_a_dry_run_plans_nothing(
    desk: DeskStage, database_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("DATABASE_URL", database_url), ("REDIS_URL", redis_url), ("SECRET_KEY", "x" * 20)):
        monkeypatch.setenv(f"HUIYING_{name}", value)
    await desk.hire("wangfang")
    file = tmp_path / "roster.csv"

    async def run(*args: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, ["shift", *args])

    async def planned() -> int:
        found: int = await desk.stage.pool.fetchval("SELECT count(*) FROM duties")
        return found

    assert (await run("set", "early", "早班", "08:00-12:00", "13:30-18:00")).exit_code == 0
    assert (await run("set", "early", "早班", "08:00-12:00", "11:30-18:00")).exit_code == 2
    assert json.loads((await run("list", "--json")).stdout)["shifts"][0]["periods"] == ["08:00-12:00", "13:30-18:00"]
    file.write_text(
        "login,day,shift\nwangfang,2027-01-31,early\nwangfang,2027-02-01,early\nx,2027-02-01,early\n", "utf-8"
    )
    for flags, count in ((["--dry-run"], 0), ([], 4), ([], 4)):
        result = await run("import", str(file), "--json", *flags)
        assert (result.exit_code, json.loads(result.stdout)["taken"], await planned()) == (1, 2, count)
    file.write_text("login,day,shift\nwangfang,2027-01-31,\n", "utf-8")
    assert (await run("import", str(file))).exit_code == 0
    assert await planned() == 2
    assert json.loads((await run("duty", "--json")).stdout) == {"on_duty": []}
    deeds = [row["deed"] for row in await desk.stage.pool.fetch("SELECT deed FROM audit WHERE deed ~ 'shift|roster'")]
    assert deeds == ["shift_set", "roster_imported", "roster_imported", "roster_imported"]
