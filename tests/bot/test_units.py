"""The organisation: a tree of units, and leaders who see their own part of it (clause org.levels)."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from bot.audit.audit import By
from bot.people.cli import app as user
from bot.people.rights import Role
from bot.people.units import HEADQUARTERS, Level, Unfit, add_unit, all_units
from bot.people.units_cli import app
from tests.bot.desk_stage import DeskStage, Person, open_desk

BOSS = By(None, "boss", "")


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def tree(desk: DeskStage) -> dict[str, int]:
    """Guangdong with Shenzhen and Guangzhou, each with a team."""
    pool, made = desk.stage.pool, {}
    made["广东"] = await add_unit(pool, HEADQUARTERS, Level.PROVINCE, "广东", BOSS)
    for city in ("深圳", "广州"):
        made[city] = await add_unit(pool, made["广东"], Level.CITY, city, BOSS)
        made[f"{city}一班"] = await add_unit(pool, made[city], Level.TEAM, "一班", BOSS)
    return made


async def placed(desk: DeskStage, login: str, unit: int, role: Role = Role.AGENT) -> Person:
    person = await desk.hire(login, login, role=role)
    await desk.stage.pool.execute("UPDATE agents SET unit_id = $2 WHERE id = $1", person.id, unit)
    return await person.log_in()


async def test_a_leader_sees_their_subtree_and_nothing_beside_it(desk: DeskStage) -> None:
    units = await tree(desk)
    serving = await placed(desk, "shenzhen", units["深圳一班"])
    one = await desk.queued()
    await desk.give(one, serving.id, "shenzhen")
    sees = {"深圳一班": True, "深圳": True, "广东": True, "广州": False, "广州一班": False}
    for name, visible in sees.items():
        leader = await placed(desk, f"leader{units[name]}", units[name], Role.LEADER)
        await leader.get(f"/desk/c/{one}", status=200 if visible else 404)
        assert (f"/desk/c/{one}" in await leader.get("/desk/lists?tab=all")) is visible
    root = await desk.agent("root", "总部", role=Role.LEADER)
    await root.get(f"/desk/c/{one}")


async def test_what_waits_is_seen_by_every_leader_and_what_has_ended_by_their_own(desk: DeskStage) -> None:
    units = await tree(desk)
    serving = await placed(desk, "shenzhen", units["深圳一班"])
    here = await placed(desk, "here", units["深圳"], Role.LEADER)
    there = await placed(desk, "there", units["广州"], Role.MANAGER)
    one = await desk.queued()
    for leader in (here, there):
        assert f"/desk/c/{one}" in await leader.get("/desk/lists?tab=all")
    await desk.give(one, serving.id)
    contact = await desk.contact(one)
    await desk.stage.reply(contact, serving.id)
    await desk.stage.close(contact, serving.id)
    assert f"/desk/c/{one}" in await here.get("/desk/lists?tab=closed")
    assert f"/desk/c/{one}" not in await there.get("/desk/lists?tab=closed")


async def test_alerts_and_undelivered_messages_go_to_leaders_of_the_unit(desk: DeskStage) -> None:
    units = await tree(desk)
    serving = await placed(desk, "shenzhen", units["深圳一班"])
    here = await placed(desk, "here", units["深圳"], Role.LEADER)
    there = await placed(desk, "there", units["广州"], Role.LEADER)
    one = await desk.queued()
    await desk.give(one, serving.id)
    pool, contact = desk.stage.pool, await desk.contact(one)
    await pool.execute(
        "INSERT INTO alerts (audience, kind, contact_id, conversation_id, raised)"
        " VALUES ('leader', 'breached.enquiry.first_response', $1, $2, $3)",
        contact,
        one,
        datetime.now(UTC),
    )
    await pool.execute(
        "INSERT INTO outbox (id, contact_id, from_seq, to_seq, kind, state, created, due)"
        " SELECT 1, $1, max(seq), max(seq), 'agent', 'failed', now(), now() FROM messages"
        " WHERE conversation_id = $2 AND sender <> 'contact'",
        contact,
        one,
    )
    assert (await here.get("/desk/delivery/count"), await there.get("/desk/delivery/count")) == ("1", "0")
    latest = await pool.fetchval("SELECT max(id) FROM alerts WHERE audience = 'leader'")
    await there.post("/desk/alerts/seen", {"upto": str(latest)})
    assert await pool.fetchval("SELECT count(*) FROM alerts WHERE audience = 'leader' AND seen IS NULL") == 1
    await here.post("/desk/alerts/seen", {"upto": str(latest)})
    assert await pool.fetchval("SELECT count(*) FROM alerts WHERE audience = 'leader' AND seen IS NULL") == 0


async def test_the_tree_grows_downwards_only_and_no_name_stands_twice(desk: DeskStage) -> None:
    units, pool = await tree(desk), desk.stage.pool
    for parent, level, name in (
        (units["深圳"], Level.PROVINCE, "湖南"),
        (units["深圳一班"], Level.TEAM, "二班"),
        (HEADQUARTERS, Level.HEADQUARTERS, "另一个总部"),
        (999, Level.CITY, "珠海"),
        (units["广东"], Level.CITY, "深圳"),
    ):
        with pytest.raises(Unfit):
            await add_unit(pool, parent, level, name, BOSS)
    found = await all_units(pool)
    assert [(one.name, one.depth) for one in found] == [
        ("总部", 0), ("广东", 1), ("深圳", 2), ("一班", 3), ("广州", 2), ("一班", 3),
    ]  # fmt: skip
    assert await pool.fetchval("SELECT count(*) FROM audit WHERE deed = 'unit_added'") == 5


async def test_an_administrator_gives_somebody_a_unit(desk: DeskStage) -> None:
    units = await tree(desk)
    admin, wang = await desk.agent("admin", "林岚", role=Role.ADMIN), await desk.hire("wangfang")
    assert "深圳 · 地市" in await admin.get(f"/desk/people/{wang.id}")
    form = {"name": "王芳", "role": "leader", "capacity": "5", "unit": str(units["深圳"])}
    await admin.post(f"/desk/people/{wang.id}", form)
    assert await desk.stage.pool.fetchval("SELECT unit_id FROM agents WHERE id = $1", wang.id) == units["深圳"]
    assert "没有这个单位" in await admin.post(f"/desk/people/{wang.id}", {**form, "unit": "999"}, status=422)


def test_units_are_kept_from_the_command_line(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYING_DATABASE_URL", database_url)
    monkeypatch.setenv("HUIYING_REDIS_URL", redis_url)
    monkeypatch.setenv("HUIYING_SECRET_KEY", "a secret of this test alone")
    run = CliRunner().invoke
    added = json.loads(run(app, ["add", "province", "广东", "--json"]).stdout)["id"]
    assert run(app, ["add", "province", "湖南", "--below", str(added)]).exit_code == 1
    assert run(user, ["add", "lilei"]).exit_code == 0
    assert run(user, ["change", "lilei", "--unit", str(added)]).exit_code == 0
    assert run(user, ["change", "lilei", "--unit", "999"]).exit_code == 1
    rows = json.loads(run(app, ["list", "--json"]).stdout)["units"]
    assert [(row["name"], row["people"]) for row in rows] == [("总部", 0), ("广东", 1)]
