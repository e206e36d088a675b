"""The monthly analysis of satisfaction: figures of what customers said, each with its rows, for those who lead."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.audit.audit import By
from bot.cli import app as commands
from bot.people.rights import Role
from bot.people.units import Level, add_unit
from bot.satisfaction.months import Month
from router.calendar import SHANGHAI
from tests.bot.desk_stage import DeskStage, open_desk

FILE = """month,unit,outlet,channel,score,scale,remark
{month},江苏/一班,,web,2,1-5,没有问候
{month},,nj01,outlet,9,0-10,
"""


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def asked(desk: DeskStage, who: str, agent: int, stars: int | None, *, when: datetime, business: str = "") -> int:
    """A customer who was served, asked at a moment, and gave so many stars or none; the conversation."""
    one = await desk.queued(who, name=who)
    await desk.give(one, agent)
    await desk.stage.pool.execute("UPDATE conversations SET wrapup = $2 WHERE id = $1", one, business)
    await desk.stage.pool.execute(
        "INSERT INTO surveys (contact_id, conversation_id, agent_id, ended, asked, scored, stars, score, comment)"
        " SELECT contact_id, id, $2, $3, $3, CASE WHEN $4::int IS NOT NULL THEN $3::timestamptz END,"
        " $4, ($4 - 1) * 25, $5"
        " FROM conversations WHERE id = $1",
        one,
        agent,
        when,
        stars,
        f"留言{who}",
    )
    return one


async def test_a_leader_reads_the_month_of_their_units_and_opens_what_stands_behind_each_figure(
    desk: DeskStage,
) -> None:
    pool, month = desk.stage.pool, Month.of(datetime.now(UTC), SHANGHAI)
    leader, wang = await desk.agent("chenjing", "陈静", role=Role.LEADER), await desk.hire("wangfang")
    zhao = await desk.hire("zhaolei", "赵磊")
    province = await add_unit(pool, 1, Level.PROVINCE, "江苏", By(None, "", ""))
    ours, theirs = [await add_unit(pool, province, Level.TEAM, name, By(None, "", "")) for name in ("一班", "二班")]
    await pool.execute("UPDATE agents SET unit_id = $1 WHERE id = $2", ours, wang.id)
    await pool.execute("UPDATE agents SET unit_id = $1 WHERE id = $2", theirs, zhao.id)
    business = await pool.fetchval("SELECT code FROM wrapups WHERE parent IS NOT NULL ORDER BY code LIMIT 1")
    now, before = month.begins(SHANGHAI), month.before.begins(SHANGHAI)
    low = await asked(desk, "低分客户", wang.id, 2, when=now, business=business)
    await asked(desk, "高分客户", wang.id, 5, when=now)
    await asked(desk, "没有答复", wang.id, None, when=now)
    other = await asked(desk, "二班客户", zhao.id, 5, when=now)
    upset = await asked(desk, "上月客户", wang.id, 4, when=before)
    await pool.execute(
        "INSERT INTO callbacks (survey_id, contact_id, conversation_id, score, opened, revisited, won_back)"
        " SELECT id, contact_id, conversation_id, score, asked, asked, true FROM surveys WHERE conversation_id = $1",
        low,
    )
    for conversation, solved, reasons, nps in (
        (low, False, ["waiting", "attitude"], 3), (other, True, ["quick"], 8), (upset, None, ["waiting"], None)
    ):  # fmt: skip
        values = "UPDATE surveys SET solved = $2, reasons = $3, nps = $4 WHERE conversation_id = $1"
        await pool.execute(values, conversation, solved, reasons, nps)
    table = await leader.get(f"/desk/satisfaction/table?month={month}")
    lines = {tuple(line.split(",")[:2]): line.split(",")[2:] for line in table.removeprefix("\ufeff").splitlines()}
    assert lines["客户评分", "全部"] == [
        "75.0",
        "3",
        "4",
        "75.0",
        "33.3",
        "1",
        "1",
        "50.0",
        "-50.0",
        "75.0",
        "1",
        "1",
        "100.0",
        "0.0",
        "0",
        "0",
        "",
        "",
    ]
    assert lines["按班组", "江苏/一班"][:5] == ["62.5", "2", "3", "66.7", "50.0"]
    assert lines["按地区", "江苏"][:3] == ["75.0", "3", "4"]
    assert lines["按坐席", "赵磊"][:3] == ["100.0", "1", "1"]
    assert lines["按渠道", "网页"][:3] == ["75.0", "3", "4"]
    assert lines["按业务", "未归类"][:3] == ["100.0", "2", "3"]
    assert "没有低分范围" in await leader.get(f"/desk/satisfaction?month={month}"), (
        "two answers are too few to call a team low"
    )
    assert lines["评分原因", "等待太久"][:5] == ["25.0", "1", "", "", "100.0"]
    assert lines["评分原因", "等待太久"][9:11] == ["75.0", "1"]
    rows = f"/desk/satisfaction/rows?month={month}"
    shown = await leader.get(f"{rows}&by=business&key={business}&show=won")
    assert (f"/desk/c/{low}" in shown, "留言低分客户" in shown, "已挽回" in shown) == (True, True, True)
    for query, count in (("by=all&show=asked", 4), ("by=team&key=/2/3/&show=answers", 2), ("by=agent&show=low", 0),
        ("by=all&show=unsettled", 1), ("by=all&show=nps", 2), ("by=reason&key=waiting&show=answers", 1)):  # fmt: skip
        assert (await leader.get(f"{rows}&{query}")).count('href="/desk/c/') == count, query
    await leader.get("/desk/satisfaction?month=2026-13", status=404)
    await leader.get(f"{rows}&by=nothing", status=404)
    await leader.get(f"{rows}&by=all&show=nothing", status=404)

    await pool.execute("UPDATE agents SET unit_id = $1 WHERE id = $2", ours, leader.id)
    page = await leader.get(f"/desk/satisfaction?month={month}")
    assert ("一班" in page, "二班" in page, "赵磊" in page) == (True, False, False)
    behind = await leader.get(f"{rows}&by=all&show=asked")
    assert (f"/desk/c/{low}" in behind, f"/desk/c/{other}" in behind) == (True, False)


async def test_what_mystery_shoppers_found_is_imported_by_the_month_and_stands_on_a_line_of_its_own(
    desk: DeskStage, database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pool, month = desk.stage.pool, Month.of(datetime.now(UTC), SHANGHAI)
    for name, value in {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "DATA_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(f"HUIYING_{name}", value)
    province = await add_unit(pool, 1, Level.PROVINCE, "江苏", By(None, "", ""))
    ours = await add_unit(pool, province, Level.TEAM, "一班", By(None, "", ""))
    await pool.execute("INSERT INTO outlets (id, name, city) VALUES ('nj01', '新街口营业厅', '南京')")
    file = tmp_path / "visits.csv"

    async def run(text: str, *more: str) -> Result:
        file.write_text(text.format(month=month), encoding="utf-8-sig")
        command = ["survey", "mystery", "import", str(file), *more]
        return await asyncio.to_thread(CliRunner().invoke, commands, command)

    count = "SELECT count(*) FROM mystery_visits"
    refused = await run(FILE + "{month},无此班,,web,2,1-5,\n")
    assert (refused.exit_code, "line 4: there is no unit 无此班" in refused.output) == (1, True)
    assert (await run(FILE, "--dry-run")).exit_code == 0
    assert await pool.fetchval(count) == 0
    taken = await run(FILE, "--json")
    assert json.loads(taken.stdout) == {"taken": 2, "wrong": [], "dry_run": False}
    assert (await run(FILE)).exit_code == 0, "a month that comes again is not counted twice"
    assert await pool.fetchval(count) == 2
    assert await pool.fetchval("SELECT count(*) FROM audit WHERE deed = 'mystery_imported'") == 2

    leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    assert "神秘顾客,全部,57.5,2,,,50.0" in await leader.get(f"/desk/satisfaction/table?month={month}")
    rows = f"/desk/satisfaction/rows?month={month}&by=mystery&show=low"
    shown = await leader.get(rows)
    assert ("没有问候" in shown, "2 (1-5)" in shown, "新街口营业厅" in shown) == (True, True, False)
    await pool.execute("UPDATE agents SET unit_id = $1 WHERE id = $2", ours, leader.id)
    assert "神秘顾客,全部,25.0,1," in await leader.get(f"/desk/satisfaction/table?month={month}"), (
        "an outlet elsewhere is not theirs"
    )
