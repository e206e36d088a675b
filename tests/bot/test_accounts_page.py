"""Accounts at the desk and on the command line: made, changed, disabled, and skills that expire."""

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from typer.testing import CliRunner

from bot.people.accounts import Skill, parse_skills
from bot.people.cli import app
from bot.people.rights import Role
from tests.bot.desk_stage import DeskStage, Person, open_desk
from tests.bot.entrance import entrance

YESTERDAY = (datetime.now(UTC) - timedelta(days=2)).date()
NEXT_YEAR = (datetime.now(UTC) + timedelta(days=365)).date()
ZHAO = {"login": "ZhaoLei", "name": "赵磊", "role": "agent", "capacity": "3", "team": "二班", "extension": "8003"}


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


@pytest.fixture
async def admin(desk: DeskStage) -> Person:
    return await desk.agent("admin", "林岚", role=Role.ADMIN)


def secret(page: str) -> str:
    found = re.search(r'<code class="secret">([^<]+)</code>', page)
    assert found is not None
    return found[1]


async def trail(desk: DeskStage) -> list[tuple[str, str]]:
    rows = await desk.stage.pool.fetch(
        "SELECT deed, detail FROM audit WHERE who = 'admin' AND deed NOT LIKE 'log%' ORDER BY id"
    )
    return [(row["deed"], row["detail"]) for row in rows]


async def test_an_administrator_takes_somebody_in_who_then_logs_in(desk: DeskStage, admin: Person) -> None:
    page = await admin.post("/desk/people/new", {**ZHAO, "skills": f"mobile，broadband：{NEXT_YEAR}"}, status=200)
    assert await entrance(desk.stage.pool, desk.people)("zhaolei", secret(page)) is not None
    listed = await admin.get("/desk/people")
    for shown in ("zhaolei", "赵磊", "二班", "mobile", f"至 {NEXT_YEAR}"):
        assert shown in listed
    assert secret(page) not in listed
    deeds = dict(await trail(desk))
    assert "role=agent" in deeds["account_added"]
    assert f"skills=mobile,broadband:{NEXT_YEAR}" in deeds["account_changed"]
    refused = await admin.post("/desk/people/new", ZHAO, status=422)
    assert "已经有人用了" in refused
    assert 'value="赵磊"' in refused


@pytest.mark.parametrize(
    "wrong",
    [{"login": ""}, {"login": "a b"}, {"name": " "}, {"role": "king"}, {"capacity": "x"}, {"skills": "a,a"},
     {"skills": "a:soon"}, {"skills": ":2027-01-01"}],
)  # fmt: skip
async def test_what_does_not_fit_is_refused_and_stays_typed(
    desk: DeskStage, admin: Person, wrong: dict[str, str]
) -> None:
    page = await admin.post("/desk/people/new", {**ZHAO, "skills": "", **wrong}, status=422)
    assert "填得不对" in page
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM agents") == 1


async def test_a_change_counts_at_once_and_tells_the_trail_only_what_changed(desk: DeskStage, admin: Person) -> None:
    wang = await desk.agent()
    await wang.post("/desk/presence", {"presence": "online"})
    form = {"name": "王芳", "role": "auditor", "capacity": "5", "team": "", "skills": "", "extension": ""}
    await admin.post(f"/desk/people/{wang.id}", form)
    assert await desk.stage.pool.fetchval("SELECT presence FROM agents WHERE id = $1", wang.id) == "offline"
    await wang.get("/desk/lists", status=403)
    assert (await trail(desk))[-1] == ("account_changed", "role=auditor")
    await admin.post(f"/desk/people/{wang.id}", form)
    assert len(await trail(desk)) == 1


async def test_single_channels_have_limits_of_their_own(desk: DeskStage, admin: Person) -> None:
    wang = await desk.hire("wangfang")
    form = {"name": "王芳", "role": "agent", "capacity": "5", "limit.wechat": "3", "limit.web": "0"}
    await admin.post(f"/desk/people/{wang.id}", form)
    kept = "SELECT channel_limits FROM agents WHERE id = $1"
    assert await desk.stage.pool.fetchval(kept, wang.id) == {"wechat": 3, "web": 0}
    assert (await trail(desk))[-1] == ("account_changed", "limits=web=0,wechat=3")
    assert 'name="limit.wechat" inputmode="numeric" maxlength="4" value="3"' in await admin.get(
        f"/desk/people/{wang.id}"
    )
    for wrong in ("x", "-1", "12345", "３"):
        await admin.post(f"/desk/people/{wang.id}", {**form, "limit.web": wrong}, status=422)
    await admin.post(f"/desk/people/{wang.id}", {**form, "limit.web": ""})
    assert await desk.stage.pool.fetchval(kept, wang.id) == {"wechat": 3}


async def test_an_extension_is_one_person_s(desk: DeskStage, admin: Person) -> None:
    wang = await desk.hire("wangfang")
    await desk.people.set_extension("admin", "8001")
    form = {"name": "王芳", "role": "agent", "capacity": "5", "extension": "8001"}
    assert "已经是别人的" in await admin.post(f"/desk/people/{wang.id}", form, status=422)


async def test_who_is_disabled_is_out_and_their_chats_go_to_others(desk: DeskStage, admin: Person) -> None:
    wang = await desk.agent()
    await wang.post("/desk/presence", {"presence": "online"})
    one = await desk.queued()
    await desk.give(one, wang.id)
    await admin.post(f"/desk/people/{wang.id}/disable")
    await wang.get("/desk", status=303)
    await wang.log_in(status=401)
    assert await desk.stage.assigner.leave_nobody_behind() == 1
    await admin.post(f"/desk/people/{wang.id}/enable")
    await wang.log_in()
    assert [deed for deed, _ in await trail(desk)] == ["account_disabled", "account_enabled"]


async def test_a_new_password_and_the_end_of_sessions_log_somebody_out(desk: DeskStage, admin: Person) -> None:
    wang = await desk.agent()
    await admin.post(f"/desk/people/{wang.id}/sessions")
    await wang.get("/desk", status=303)
    await wang.log_in()
    password = secret(await admin.post(f"/desk/people/{wang.id}/password", status=200))
    await wang.get("/desk", status=303)
    await wang.log_in(password)
    assert password not in str(await desk.stage.pool.fetch("SELECT * FROM audit"))


async def test_nobody_takes_their_own_administration_away(desk: DeskStage, admin: Person) -> None:
    form = {"name": "林岚", "role": "agent", "capacity": "5"}
    assert "不能停用自己" in await admin.post(f"/desk/people/{admin.id}", form, status=422)
    await admin.post(f"/desk/people/{admin.id}/disable", status=422)
    await admin.post("/desk/people/999/disable", status=404)
    await admin.post(f"/desk/people/{admin.id}/promote", status=404)
    await admin.get("/desk/people")


async def test_no_certificate_no_chat_of_that_skill(desk: DeskStage, admin: Person) -> None:
    """Clause people.certified."""
    wang = await desk.agent()
    form = {"name": "王芳", "role": "agent", "capacity": "5", "skills": f"mobile, broadband:{NEXT_YEAR}"}
    await admin.post(f"/desk/people/{wang.id}", form)
    one = await desk.queued()
    await desk.stage.pool.execute("UPDATE conversations SET queue = 'broadband' WHERE id = $1", one)
    await wang.get(f"/desk/c/{one}")
    await admin.post(f"/desk/people/{wang.id}", {**form, "skills": f"mobile, broadband:{YESTERDAY}"})
    await wang.get(f"/desk/c/{one}", status=404)
    assert "已过期" in await admin.get("/desk/people")
    await wang.post("/desk/presence", {"presence": "online"})
    await desk.stage.pool.execute("UPDATE conversations SET queued = queued - interval '1 second'")
    assert await desk.stage.assigner.round() == 0
    await admin.post(f"/desk/people/{wang.id}", form)
    assert await desk.stage.assigner.round() == 1
    assert (await desk.row(one))["assignee"] == wang.id


def test_a_certificate_counts_until_the_end_of_its_last_day_in_the_operator_s_zone() -> None:
    (skill,) = parse_skills("broadband:2027-01-31")
    assert skill == Skill("broadband", date(2027, 1, 31))
    assert skill.expires is not None
    assert skill.expires.astimezone(UTC) == datetime(2027, 1, 31, 16, tzinfo=UTC)
    assert str(skill) == "broadband:2027-01-31"


def test_accounts_are_changed_from_the_command_line(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYING_DATABASE_URL", database_url)
    monkeypatch.setenv("HUIYING_REDIS_URL", redis_url)
    monkeypatch.setenv("HUIYING_SECRET_KEY", "a secret of this test alone")
    run = CliRunner().invoke
    assert run(app, ["add", "lilei", "--skills", "mobile:2027-01-31,esim", "--json"]).exit_code == 0
    assert run(app, ["change", "lilei", "--role", "leader", "--team", "二班", "--json"]).exit_code == 0
    (row,) = json.loads(run(app, ["list", "--json"]).stdout)
    assert (row["role"], row["team"], row["skills"]) == ("leader", "二班", ["mobile", "esim"])
    assert row["certified_until"] == {"mobile": "2027-01-31"}
    assert run(app, ["disable", "lilei"]).exit_code == 0
    assert run(app, ["disable", "lilei"]).exit_code == 1
    assert run(app, ["enable", "LiLei"]).exit_code == 0
    assert run(app, ["sessions", "nobody"]).exit_code == 1
    assert run(app, ["change", "lilei", "--skills", "a:b"]).exit_code == 2
