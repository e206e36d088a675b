"""Canned replies and mentions: who has which, who may change them, and whom a note names."""

from collections.abc import AsyncIterator

import pytest

from bot.mentions.mentions import mentioned
from bot.people.rights import Role
from bot.people.units import Level, add_unit
from tests.bot.desk_stage import DeskStage, Person, open_desk
from tests.bot.test_access_matrix import NOBODY


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def add(who: Person, key: str, scope: str, *, text: str = "正文", status: int = 303) -> str:
    await who.get("/desk/canned")
    return await who.post(
        "/desk/canned", {"key": key, "title": f"标题{key}", "text": text, "scope": scope}, status=status
    )


async def number(desk: DeskStage, key: str) -> int:
    found: int = await desk.stage.pool.fetchval("SELECT id FROM canned_replies WHERE key = $1", key)
    return found


async def test_everybody_keeps_their_own_and_leaders_those_of_the_unit_and_of_all(desk: DeskStage) -> None:
    leader, agent = await desk.agent("chenjing", "陈静", role=Role.LEADER), await desk.agent()
    far = await desk.agent("lihua", "李华")
    pool = desk.stage.pool
    first, second = [await add_unit(pool, 1, Level.TEAM, name, NOBODY) for name in ("一班", "二班")]
    for person, unit in ((leader, first), (agent, first), (far, second)):
        await pool.execute("UPDATE agents SET unit_id = $2 WHERE id = $1", person.id, unit)
    await add(agent, "mine", "personal", text="<b>{customer}</b>您好，{agent}，{operator}")
    await add(agent, "mine", "personal", status=422)
    await add(agent, "ours", "team", status=422)
    await add(leader, "ours", "team")
    await add(leader, "all", "public")
    assert [key in await far.get("/desk/canned") for key in ("标题mine", "标题ours", "标题all")] == [False, False, True]
    page = await agent.get("/desk/canned")
    assert all(key in page for key in ("标题mine", "标题ours", "一班", "标题all"))
    change = {"key": "all", "title": "改了", "text": "新"}
    await agent.post(f"/desk/canned/{await number(desk, 'all')}/change", change, status=404)
    await agent.post(f"/desk/canned/{await number(desk, 'mine')}/change", {**change, "key": "a b"}, status=422)
    await leader.post(f"/desk/canned/{await number(desk, 'mine')}/drop", status=404)
    await leader.post(f"/desk/canned/{await number(desk, 'all')}/change", change)
    deeds = await pool.fetch("SELECT what, detail FROM audit WHERE deed = 'canned_changed' ORDER BY id")
    assert [tuple(row) for row in deeds] == [
        ("canned:ours", "team added"),
        ("canned:all", "public added"),
        ("canned:all", "public changed"),
    ]
    one = await desk.queued(name="刘伟")
    await desk.give(one, agent.id)
    await agent.post(f"/desk/canned/{await number(desk, 'ours')}/used", status=204)
    await far.post(f"/desk/canned/{await number(desk, 'ours')}/used", status=404)
    page = await agent.get(f"/desk/c/{one}")
    assert "&lt;b&gt;刘伟&lt;/b&gt;您好，王芳，汇通移动" in page
    assert page.index(">标题ours<") < page.index(">标题mine<") < page.index(">改了<")
    assert 'data-find="ours 标题ours btours 正文"' in page


async def test_a_note_names_colleagues_on_record(desk: DeskStage) -> None:
    agent, other = await desk.agent(), await desk.agent("lihua", "李华")
    one = await desk.queued()
    await desk.give(one, agent.id)
    people = await agent.get("/desk/colleagues")
    assert 'data-find="李华 lh lihua" data-text="@李华 "' in people
    assert "王芳" not in people
    await agent.get(f"/desk/c/{one}")
    await agent.post(f"/desk/c/{one}/say", {"as": "note", "text": "@李华 请看一下"})
    row = await desk.stage.pool.fetchrow(
        "SELECT n.agent_id, n.by_agent, n.seen, m.text FROM mentions n JOIN messages m USING (contact_id, seq)"
    )
    assert row is not None
    assert list(row.values()) == [other.id, agent.id, None, "@李华 请看一下"]


@pytest.mark.pure
def test_of_names_that_begin_alike_the_longest_counts_and_of_one_name_whoever_was_picked() -> None:
    people = [(1, "王芳"), (2, "王芳芳"), (3, "李华"), (4, "李华")]
    assert mentioned("@王芳芳 看看", people, []) == (2,)
    assert mentioned("@王芳 @李华 看看", people, ["4"]) == (1, 4)
    assert mentioned("@李华", people, []) == (3, 4)
    assert mentioned("a@b", [], []) == ()
