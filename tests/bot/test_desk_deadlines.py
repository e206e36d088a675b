"""The leaders' page of limits: sorted by when they run out, narrowed, and given away several at a time."""

import re
from collections.abc import AsyncIterator

import pytest

from bot.audit.audit import By
from bot.people.rights import Role
from bot.people.units import Level, add_unit
from router.events import Closed
from tests.bot.desk_stage import DeskStage, Person, open_desk


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def limits(person: Person, query: str = "") -> list[int]:
    """Ids of the conversations whose limits are shown, from the top."""
    page = await person.get(f"/desk/deadlines/list?{query}")
    return [int(number) for number in re.findall(r'name="pick\.(\d+)"', page)]


async def hold(desk: DeskStage, count: int) -> tuple[Person, Person, Person, list[int]]:
    """A leader, two agents, and so many chats of the first one, the latest the most urgent."""
    leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    wang, li = await desk.agent(), await desk.agent("lihua", "李华")
    await desk.stage.pool.execute("UPDATE agents SET presence = 'online'")
    made = [await desk.queued(f"v:{number}", name=f"客户{number}") for number in range(count)]
    for place, one in enumerate(made):
        await desk.give(one, wang.id)
        await desk.stage.pool.execute(
            "UPDATE deadlines SET due = due - $2 * interval '5 minutes'"
            " WHERE subject_id = $1 AND clause LIKE 'enquiry.%'",
            one,
            place,
        )
    return leader, wang, li, made


async def test_what_runs_out_first_stands_first_and_only_what_people_owe_is_listed(desk: DeskStage) -> None:
    leader, _, _, made = await hold(desk, 3)
    assert await limits(leader) == made[::-1]
    page = await leader.get("/desk/deadlines")
    assert "人工首次答复" in page
    assert "conversation.closing" not in page
    assert await limits(leader, "clause=enquiry.next_response") == []


async def test_a_leader_sees_the_limits_of_their_unit_and_narrows_to_a_team(desk: DeskStage) -> None:
    leader, wang, li, made = await hold(desk, 2)
    units = [await add_unit(desk.stage.pool, 1, Level.TEAM, name, By(None, "", "")) for name in ("一班", "二班")]
    path = await desk.stage.pool.fetchval("SELECT path FROM units WHERE id = $1", units[1])
    await desk.give(other := await desk.queued("v:9"), li.id, "李华")
    await desk.stage.pool.execute("UPDATE agents SET unit_id = $1 WHERE id = $2", units[0], wang.id)
    await desk.stage.pool.execute("UPDATE agents SET unit_id = $1 WHERE id = $2", units[1], li.id)
    assert await limits(leader, f"team={path}") == [other]
    await desk.stage.pool.execute("UPDATE agents SET unit_id = $1 WHERE id = $2", units[0], leader.id)
    assert set(await limits(leader)) == set(made)
    await leader.get("/desk/deadlines")
    page = await leader.post("/desk/deadlines", {f"pick.{other}": "2", "whom": "queue:service"}, status=409)
    assert "没有执行" in page  # What is not theirs to lead does not exist for them.
    assert (await desk.row(other))["assignee"] == li.id


async def test_several_are_given_away_at_once_and_each_row_says_what_came_of_it(desk: DeskStage) -> None:
    leader, wang, li, made = await hold(desk, 3)
    await leader.get("/desk/deadlines")
    seen = {one: str((await desk.row(one))["version"]) for one in made}
    gone = made[0]
    contact = await desk.contact(gone)
    await desk.stage.act(contact, Closed(wang.id, "王芳", await desk.stage.version(contact), "billing"))
    form = {f"pick.{one}": version for one, version in seen.items()} | {f"pick.{made[1]}": "1"}
    act = {"whom": f"agent:{li.id}", "reason": "load", "do": "reassign"}
    page = await leader.post("/desk/deadlines", form | act, status=409)
    assert page.count('class="good"') == 1
    assert "已改派给 李华" in page
    assert "会话刚刚有了变化" in page
    assert "会话已经结束" in page
    assert [(await desk.row(one))["assignee"] for one in made] == [wang.id, wang.id, li.id]
    row = await desk.stage.pool.fetchrow("SELECT what, detail, reason FROM audit WHERE deed = 'reassign'")
    assert row is not None
    assert tuple(row.values()) == (f"conversation:{made[2]}", f"-> agent {li.id}", "load")
    assert "改派给别人了" in await wang.get("/desk")


async def test_a_chat_goes_into_a_queue_and_owners_are_urged(desk: DeskStage) -> None:
    leader, wang, _, (first, second) = await hold(desk, 2)
    await leader.get("/desk/deadlines")
    seen = str((await desk.row(first))["version"])
    act = {f"pick.{first}": seen, "whom": "queue:broadband", "reason": "skill", "do": "reassign"}
    await leader.post("/desk/deadlines", act, status=200)
    row = await desk.row(first)
    assert (row["status"], row["queue"], row["assignee"]) == ("queued", "broadband", None)
    await leader.get("/desk/deadlines")
    assert "已提醒受理人" in await leader.post("/desk/deadlines", {f"pick.{second}": seen, "do": "urge"}, status=200)
    assert "班长催办" in await wang.get("/desk")
    await leader.get("/desk/deadlines")
    page = await leader.post("/desk/deadlines", {f"pick.{second}": seen, "whom": "agent:999999"}, status=409)
    assert "没有执行" in page
