"""The live wall: figures from what is stored, each with its definition, its colour and its rows."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.audit.audit import By
from bot.db import Pool
from bot.people.rights import Role
from bot.people.units import Level, add_unit
from bot.wall.answers import Answers
from bot.wall.cli import app as commands
from bot.wall.thresholds import State, Threshold, state_of
from bot.wall.walls import Walls
from channels.door import Address
from router.calendar import SHANGHAI
from tests.bot.desk_stage import DeskStage, Person, open_desk
from tests.dialog import MONDAY_MORNING


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def tiles(person: Person) -> dict[str, tuple[str, str]]:
    """What the wall shows: the value of each figure and its state."""
    page = await person.get("/desk/wall")
    found = re.findall(
        r'class="wall-tile wall-(\w+)" id="wall-tile-(\w+)".*?<p class="wall-value"><a[^>]*>(.*?)</a>', page, re.DOTALL
    )
    return {name: (re.sub("<.*?>", "", value), state) for state, name, value in found}


def test_more_is_worse_or_less_is_by_the_order_of_the_two_limits() -> None:
    waits, scores = Threshold(10, 30), Threshold(80, 70)
    assert [waits.state(value) for value in (9, 10, 29, 30)] == [State.GOOD, State.AMBER, State.AMBER, State.RED]
    assert [scores.state(value) for value in (81, 80, 71, 70)] == [State.GOOD, State.AMBER, State.AMBER, State.RED]
    assert state_of({"a": waits}, "a", None) is State.PLAIN
    assert state_of({}, "a", 3) is State.PLAIN


async def test_an_empty_house_shows_nothing_to_alarm_anybody(desk: DeskStage) -> None:
    leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    shown = await tiles(leader)
    assert shown["waiting"] == ("0", "good")
    assert shown["longest"] == ("00:00", "good")
    assert {shown[name][0] for name in ("connect", "first", "mean", "satisfaction", "bots")} == {"–"}
    assert len(shown) == 12


async def test_the_figures_are_those_of_what_happened(desk: DeskStage) -> None:
    pool = desk.stage.pool
    leader, wang = await desk.agent("chenjing", "陈静", role=Role.LEADER), await desk.agent()
    await pool.execute("UPDATE agents SET presence = 'online', capacity = 2 WHERE id = $1", wang.id)
    await desk.stage.say("话费", Address("web", "demo", "bot:1"))
    served, waits, late = [await desk.queued(f"v:{number}", name=f"客户{number}") for number in range(3)]
    for one in (served, late):
        await desk.give(one, wang.id)
    await pool.execute(
        "UPDATE deadlines SET opened = opened - interval '5 minutes' WHERE subject_id = $1 AND clause LIKE 'enquiry.%'",
        served,
    )
    await desk.stage.reply(await desk.contact(served), wang.id)
    await pool.execute("UPDATE conversations SET queued = queued - interval '16 minutes' WHERE id = $1", waits)
    await pool.execute("UPDATE deadlines SET breached = now() WHERE subject_id = $1 AND clause LIKE 'enquiry.%'", late)
    await pool.execute(
        "INSERT INTO surveys (contact_id, conversation_id, agent_id, ended, scored, stars, score)"
        " SELECT contact_id, id, $2, now(), now(), 4, 75 FROM conversations WHERE id = $1",
        served,
        wang.id,
    )
    shown = await tiles(leader)
    assert shown["waiting"] == ("1", "good")
    assert shown["longest"][0].startswith("16:")
    assert shown["longest"][1] == "red"
    assert shown["on_duty"] == ("1", "plain")
    assert shown["chats"] == ("2", "plain")
    assert shown["first"][0].startswith("05:0")
    assert shown["first"][1] == "amber"
    assert shown["mean"] == shown["first"]
    assert shown["satisfaction"] == ("75.0", "amber")
    assert shown["breaches"] == ("1", "amber")
    assert shown["opened"] == ("4", "plain")
    assert shown["bots"] == ("25.0%", "plain")
    page = await leader.get("/desk/wall/figures")
    assert "告警" in page  # Never by colour alone.
    assert ">100.0<small>%</small>" in page  # Two chats of two places: the team's load.
    for figure, name in (("waiting", waits), ("chats", late), ("first", served), ("breaches", late)):
        assert f"/desk/c/{name}" in await leader.get(f"/desk/wall/rows/{figure}"), figure
    assert "75" in await leader.get("/desk/wall/rows/satisfaction")
    assert "王芳" in await leader.get("/desk/wall/rows/on_duty")
    assert f"/desk/c/{waits}" not in await leader.get("/desk/wall/rows/waiting?queue=broadband")
    await leader.get("/desk/wall/rows/nothing", status=404)


async def test_answers_of_ended_chats_are_summed_up_once_and_those_of_others_follow_their_chat(desk: DeskStage) -> None:
    pool, wang = desk.stage.pool, await desk.hire("wangfang")
    one = await desk.queued()
    contact = await desk.contact(one)
    await desk.give(one, wang.id)
    await desk.stage.reply(contact, wang.id)
    await pool.execute(
        "UPDATE deadlines SET opened = opened - interval '10 minutes', met = met - interval '5 minutes'"
        " WHERE subject_id = $1 AND clause LIKE 'enquiry.%' AND met IS NOT NULL",
        one,
    )
    since, answers = datetime.now(UTC) - timedelta(hours=1), Answers(pool)

    async def told(by: Answers = answers) -> dict[str, tuple[int, int, int]]:
        rows = await by.read("/", since, datetime.now(UTC))
        return {row["queue"]: (row["firsts"], row["answers"], row["total"] // 60) for row in rows}

    assert await told() == {"service": (1, 1, 5)}
    assert await answers.read("/7/", since, datetime.now(UTC)) == []
    await pool.execute("UPDATE conversations SET queue = 'broadband' WHERE id = $1", one)
    assert await told() == {"broadband": (1, 1, 5)}
    await desk.stage.say("还在吗", Address("web", "demo", "v:1"))
    await desk.stage.reply(contact, wang.id)
    assert await told() == {"broadband": (1, 2, 5)}  # The second one a moment ago.
    await desk.stage.close(contact, wang.id)
    assert await told() == {"broadband": (1, 2, 5)}
    await pool.execute("DELETE FROM deadlines WHERE subject_id = $1 AND clause = 'enquiry.first_response'", one)
    assert await told() == {"broadband": (1, 2, 5)}
    assert await told(Answers(pool)) == {"broadband": (0, 1, 0)}


async def test_a_leader_s_wall_is_that_of_their_units_and_one_reading_serves_everyone(desk: DeskStage) -> None:
    pool = desk.stage.pool
    leader, wang, zhao = (
        await desk.agent("chenjing", "陈静", role=Role.LEADER),
        await desk.agent(),
        await desk.agent("z"),
    )
    ours, theirs = [await add_unit(pool, 1, Level.TEAM, name, By(None, "", "")) for name in ("一班", "二班")]
    await pool.execute("UPDATE agents SET unit_id = $1 WHERE id = ANY($2)", ours, [leader.id, wang.id])
    await pool.execute("UPDATE agents SET unit_id = $1 WHERE id = $2", theirs, zhao.id)
    mine, others = await desk.queued("v:1"), await desk.queued("v:2")
    await desk.give(mine, wang.id)
    await desk.give(others, zhao.id)
    page = await leader.get("/desk/wall")
    assert "一班" in page
    assert "二班" not in page
    assert (await tiles(leader))["chats"][0] == "1"
    rows = await leader.get("/desk/wall/rows/chats?team=/")  # Above what they lead: their own, and no more.
    assert f"/desk/c/{mine}" in rows
    assert f"/desk/c/{others}" not in rows
    walls = Walls(pool, lambda: MONDAY_MORNING, SHANGHAI)
    one, same, other = await asyncio.gather(walls.read("/"), walls.read("/"), walls.read(f"/{ours}/"))
    assert one is same
    assert other is not one


async def test_colours_and_the_manner_of_watching_are_set_on_record(
    pool: Pool, database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    named = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "DATA_DIR": str(tmp_path)}
    for name, value in named.items():
        monkeypatch.setenv(f"HUIYING_{name}", value)

    async def run(*command: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, commands, list(command))

    assert (await run("colour", "waiting", "3", "5")).exit_code == 0
    assert (await run("watching", "silent")).exit_code == 0
    assert (await run("colour", "waiting", "3", "3")).exit_code == 2
    shown = json.loads((await run("show", "--json")).stdout)
    assert {"figure": "waiting", "amber": 3.0, "red": 5.0} in shown["thresholds"]
    assert shown["watching"] == "silent"
    rows = await pool.fetch("SELECT detail FROM audit WHERE deed = 'desk_set' ORDER BY id")
    assert [row["detail"] for row in rows] == ["wall waiting 3 5", "watching silent"]
