"""The organisation: a tree of units, and leaders who see their own part of it (clause org.levels)."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from bot.audit.audit import By
from bot.people.cli import app as user
from bot.people.rights import Role
from bot.people.units import (
    HEADQUARTERS,
    Level,
    Misfit,
    Unfit,
    add_unit,
    all_units,
    close_unit,
    merge_unit,
    move_unit,
    rename_unit,
)
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


async def test_a_unit_moves_with_all_below_it_and_its_leaders_see_accordingly(desk: DeskStage) -> None:
    units, pool = await tree(desk), desk.stage.pool
    serving = await placed(desk, "shenzhen", units["深圳一班"])
    there = await placed(desk, "there", units["广州"], Role.LEADER)
    one = await desk.queued()
    await desk.give(one, serving.id)
    await there.get(f"/desk/c/{one}", status=404)
    await rename_unit(pool, units["深圳一班"], "深圳一班", BOSS)
    await move_unit(pool, units["深圳一班"], units["广州"], BOSS)
    await there.get(f"/desk/c/{one}")
    hunan = await add_unit(pool, HEADQUARTERS, Level.PROVINCE, "湖南", BOSS)
    await move_unit(pool, units["广州"], hunan, BOSS)
    paths = {one.name: one.path for one in await all_units(pool)}
    assert paths["深圳一班"] == f"/{hunan}/{units['广州']}/{units['深圳一班']}/"
    details = await pool.fetch(
        "SELECT deed, detail FROM audit WHERE deed IN ('unit_renamed', 'unit_moved') ORDER BY id"
    )
    assert [tuple(row) for row in details] == [
        ("unit_renamed", "一班 -> 深圳一班"),
        ("unit_moved", f"unit:{units['深圳']} -> unit:{units['广州']}"),
        ("unit_moved", f"unit:{units['广东']} -> unit:{hunan}"),
    ]


async def test_no_unit_goes_where_it_does_not_fit_and_a_refusal_changes_nothing(desk: DeskStage) -> None:
    units, pool = await tree(desk), desk.stage.pool
    before = await all_units(pool)
    refused: list[tuple[Misfit, Awaitable[None]]] = [
        (Misfit.INSIDE, move_unit(pool, units["广东"], units["深圳"], BOSS)),
        (Misfit.INSIDE, move_unit(pool, units["广东"], units["广东"], BOSS)),
        (Misfit.LEVEL, move_unit(pool, units["深圳"], units["广州"], BOSS)),
        (Misfit.TWICE, move_unit(pool, units["深圳一班"], units["广州"], BOSS)),
        (Misfit.ROOT, move_unit(pool, HEADQUARTERS, units["广东"], BOSS)),
        (Misfit.NOWHERE, move_unit(pool, units["深圳"], 999, BOSS)),
        (Misfit.TWICE, rename_unit(pool, units["深圳"], "广州", BOSS)),
        (Misfit.NOWHERE, rename_unit(pool, 999, "珠海", BOSS)),
        (Misfit.INSIDE, merge_unit(pool, units["广东"], units["深圳一班"], BOSS)),
        (Misfit.ROOT, merge_unit(pool, HEADQUARTERS, units["广东"], BOSS)),
        (Misfit.TWICE, merge_unit(pool, units["深圳"], units["广州"], BOSS)),
        (Misfit.LEVEL, merge_unit(pool, units["深圳"], units["广州一班"], BOSS)),
        (Misfit.ROOT, close_unit(pool, HEADQUARTERS, BOSS)),
        (Misfit.USED, close_unit(pool, units["深圳"], BOSS)),
    ]
    for why, attempt in refused:
        with pytest.raises(Unfit) as caught:
            await attempt
        assert caught.value.why is why
    assert await all_units(pool) == before
    assert await pool.fetchval("SELECT count(*) FROM audit WHERE deed <> 'unit_added'") == 0


async def test_changes_side_by_side_leave_every_path_in_line_with_its_parent(desk: DeskStage) -> None:
    units, pool = await tree(desk), desk.stage.pool
    hunan = await add_unit(pool, HEADQUARTERS, Level.PROVINCE, "湖南", BOSS)
    changes = [
        move_unit(pool, units["深圳"], hunan, BOSS),
        add_unit(pool, units["深圳"], Level.TEAM, "二班", BOSS),
        merge_unit(pool, units["广东"], hunan, BOSS),
        rename_unit(pool, units["深圳一班"], "三班", BOSS),
    ]
    await asyncio.gather(*changes)
    found = {one.id: one for one in await all_units(pool)}
    assert len(found) == 7
    for one in found.values():
        assert one.path == ("/" if one.parent is None else f"{found[one.parent].path}{one.id}/")


async def test_an_administrator_reshapes_the_organisation_on_its_page(desk: DeskStage) -> None:
    units, pool = await tree(desk), desk.stage.pool
    admin = await desk.agent("admin", "林岚", role=Role.ADMIN)
    await placed(desk, "wangfang", units["深圳一班"])
    page = await admin.get("/desk/units")
    for shown in ("广东", "深圳", "本级 1 人", "含下级 1 人", "wangfang"):
        assert shown in page
    team, city = units["深圳一班"], units["深圳"]
    assert "本单位" not in await admin.get(f"/desk/units/{team}")
    await admin.post(f"/desk/units/{team}/rename", {"name": "深圳一班"})
    await admin.post(f"/desk/units/{city}/add", {"name": "二班", "level": "team"})
    for act, wrong in (("rename", {"name": " "}), ("add", {"name": "x", "level": "king"}), ("move", {"unit": "x"})):
        assert "没有填好" in await admin.post(f"/desk/units/{city}/{act}", wrong, status=422)
    assert "级别不对" in await admin.post(f"/desk/units/{city}/move", {"unit": str(units["广州"])}, status=422)
    assert "还有人员" in await admin.post(f"/desk/units/{team}/close", status=422)
    await admin.post(f"/desk/units/{city}/merge", {"unit": str(units["广州"])})
    assert (
        await pool.fetchval("SELECT path FROM units WHERE id = $1", team) == f"/{units['广东']}/{units['广州']}/{team}/"
    )
    await admin.get(f"/desk/units/{city}", status=404)
    await admin.post(f"/desk/units/{team}/merge", {"unit": str(units["广州"])})
    assert await pool.fetchval("SELECT unit_id FROM agents WHERE login = 'wangfang'") == units["广州"]
    await pool.execute("UPDATE agents SET disabled = true WHERE login = 'wangfang'")
    await admin.post(f"/desk/units/{units['广州一班']}/close")
    await admin.get("/desk/units/99999999999", status=404)
    await admin.post(f"/desk/units/{units['广州']}/explode", status=404)
    told = [
        row["deed"]
        for row in await pool.fetch("SELECT deed FROM audit WHERE who = 'admin' AND deed LIKE 'unit%' ORDER BY id")
    ]
    assert told == ["unit_renamed", "unit_added", "unit_closed", "unit_closed", "unit_closed"]


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
    city = json.loads(run(app, ["add", "city", "深圳", "--json"]).stdout)["id"]
    assert run(app, ["move", str(city), "--below", str(added)]).exit_code == 0
    assert json.loads(run(app, ["rename", str(city), "深圳市", "--json"]).stdout) == {"id": city}
    assert run(app, ["close", str(added)]).exit_code == 1
    assert run(app, ["merge", str(added), "--into", "1"]).exit_code == 0
    assert run(app, ["close", str(city)]).exit_code == 0
