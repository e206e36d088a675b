"""The lists of the workbench: what stands in which, who sees it, and how it is paged."""

import re
from collections.abc import AsyncIterator

import pytest
from markupsafe import Markup

from bot.audit.audit import By
from bot.desk.lines import Line, Run, changed
from bot.people.rights import Role
from bot.people.units import Level, add_unit
from channels.door import Address
from tests.bot.desk_stage import DeskStage, Person, open_desk
from tests.dialog import world

NOBODY = By(None, "", "")


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def chat(desk: DeskStage, who: str, *said: str) -> int:
    """A customer who talks with the bot; the conversation's id."""
    for text in said:
        await desk.stage.say(text, Address("web", "demo", who))
    found: int = await desk.stage.pool.fetchval(
        "SELECT conversation_id FROM contacts WHERE address = $1 AND conversation_id IS NOT NULL", who
    )
    return found


async def cards(person: Person, tab: str, before: str = "") -> list[int]:
    """Ids of the conversations of a list, from the top."""
    page = await person.get(f"/desk/lists?tab={tab}&open=0&before={before}")
    return [int(number) for number in re.findall(r'id="card-(\d+)"', page)]


async def test_a_chat_in_which_the_bot_is_stuck_is_put_before_everyone_who_serves_until_somebody_has_come_in(
    database_url: str, redis_url: str
) -> None:
    async with open_desk(database_url, redis_url, at=world(waiting=10)) as desk:
        wang = await desk.agent()
        calm = await chat(desk, "v:1", "话费")
        cross = await chat(desk, "v:2", "话费", "人工")  # As many wait as may.
        assert await cards(wang, "stuck") == [cross]
        page = await wang.get("/desk/lists?tab=stuck&open=0")
        assert "排队已满" in page
        assert await cards(wang, "bot") == []  # Only those who lead look at all that the bot says; this is "mine".
        await wang.get(f"/desk/c/{calm}", status=404)
        await wang.get(f"/desk/c/{cross}")
        await wang.post(f"/desk/c/{cross}/take")
        assert await cards(wang, "stuck") == []
        assert await cards(wang, "mine") == [cross]
        await wang.get(f"/desk/c/{cross}")
        await wang.post(f"/desk/c/{cross}/back")
        assert await cards(wang, "stuck") == []


async def test_a_leader_browses_the_bot_s_chats_page_by_page(desk: DeskStage) -> None:
    leader = await desk.agent("leader", "陈班长", role=Role.LEADER)
    made = [await chat(desk, f"v:{number}", "话费") for number in range(60)]
    latest = sorted(made, reverse=True)
    assert await cards(leader, "bot") == latest[:50]
    following = re.findall(r"before=(\d+)", await leader.get("/desk/lists?tab=bot&open=0"))[-1]
    assert await cards(leader, "bot", following) == latest[50:]
    await leader.get(f"/desk/c/{made[0]}")


async def test_a_page_is_sent_only_the_lines_that_it_does_not_show_yet(desk: DeskStage) -> None:
    wang = await desk.agent()
    first, second = await desk.queued("v:1"), await desk.queued("v:2")

    async def sent(*known: str, opened: int = 0, tab: str = "waiting") -> str:
        return await wang.get(f"/desk/lists?tab={tab}&open={opened}&known={'.'.join(known)}")

    known = re.findall(r'data-print="([^"]+)"', await sent())
    assert len(set(known)) == 2
    assert f'<li id="card-{first}" data-same="2"></li>' in await sent(*known)
    assert known == re.findall(r'data-print="([^"]+)"', await wang.get("/desk?tab=waiting"))
    assert "data-print" not in await sent(*known)
    await desk.stage.say("还在吗", Address("web", "demo", "v:2"))
    page = await sent(*known)
    assert f'<li id="card-{first}" data-same="1"></li>' in page
    assert re.findall(r'<li id="card-(\d+)" data-print', page) == [str(second)]
    assert "还在吗" in page
    assert await cards(wang, "waiting") == [first, second]  # Whoever does not say what it shows is sent everything.
    opened = re.findall(r'<li id="card-(\d+)" data-print', await sent(*known, opened=first))
    assert opened == [str(first), str(second)]
    assert 'hx-target="#lists"' in await sent(*known, tab="all")  # A list that they have no more: the first one comes.


def test_lines_that_a_page_shows_in_the_same_order_are_named_together() -> None:
    lines = [Line(number, Markup(), f"p{number}") for number in range(1, 7)]
    prints = [line.print for line in lines]
    assert changed(lines, []) == lines
    assert changed(lines, prints) == [Run(1, 6)]
    assert changed(lines, ["gone", *prints]) == [Run(1, 6)]
    assert changed(lines, prints[:2] + prints[3:]) == [Run(1, 2), lines[2], Run(4, 3)]
    assert changed(lines, ["p4", "p5", "p6", "p1", "p2", "p3"]) == [Run(1, 3), Run(4, 3)]
    assert changed([lines[5], *lines[:5]], prints) == [Run(6, 1), Run(1, 5)]
    assert changed([lines[0], lines[2]], prints) == [Run(1, 1), Run(3, 1)]


async def test_ended_chats_come_page_by_page_and_only_those_of_one_s_own(desk: DeskStage) -> None:
    wang, li = await desk.agent(), await desk.agent("lihua", "李华")
    one = await desk.queued()
    await desk.give(one, wang.id)
    await desk.stage.close(await desk.contact(one), wang.id)
    await desk.stage.pool.execute(
        "INSERT INTO conversations (id, contact_id, status, version, queue, priority, assignee, reoffer, misses,"
        " opened, queued, closed, wrapup, first_seq) SELECT 10000 + n, contact_id, 'closed', 1, queue, 0, assignee,"
        " false, 0, opened, queued, now() - n * interval '1 minute', '', 1 FROM conversations, generate_series(1, 60) n"
        " WHERE id = $1",
        one,
    )
    first = await cards(wang, "closed")
    assert first[:3] == [one, 10001, 10002]
    mark = re.findall(r"before=([0-9.]+)", await wang.get("/desk/lists?tab=closed&open=0"))[-1]
    second = await cards(wang, "closed", mark)
    assert (first + second) == [one, *range(10001, 10061)]
    assert await cards(li, "closed") == []
    assert await cards(wang, "closed", "9999999999999999999.x") == first


async def test_the_team_s_list_is_the_leader_s_own_unit_and_what_waits(desk: DeskStage) -> None:
    leader = await desk.agent("leader", "陈班长", role=Role.LEADER)
    wang, zhao = await desk.agent(), await desk.agent("zhaomin", "赵敏")
    ours, theirs = [await add_unit(desk.stage.pool, 1, Level.TEAM, name, NOBODY) for name in ("一班", "二班")]
    await desk.stage.pool.execute("UPDATE agents SET unit_id = $1 WHERE id = ANY($2)", ours, [leader.id, wang.id])
    await desk.stage.pool.execute("UPDATE agents SET unit_id = $1 WHERE id = $2", theirs, zhao.id)
    mine, others, waits = [await desk.queued(f"v:{number}") for number in range(3)]
    await desk.give(mine, wang.id)
    await desk.give(others, zhao.id)
    assert set(await cards(leader, "all")) == {mine, waits}
    assert set(await cards(leader, "waiting")) == {waits}


async def test_a_row_says_standing_and_snags_and_masks_a_number(database_url: str, redis_url: str) -> None:
    async with open_desk(database_url, redis_url, at=world(waiting=10)) as desk:
        wang = await desk.agent()
        await chat(desk, "v:1", "人工")
        await desk.stage.pool.execute("UPDATE contacts SET name = '13800138000', level = '钻石'")
        page = await wang.get("/desk/lists?tab=stuck&open=0")
    assert "138****8000" in page
    assert "13800138000" not in page
    assert '<span class="flag level">钻石</span>' in page


async def test_a_long_list_comes_in_pages_of_three_hundred(desk: DeskStage) -> None:
    leader = await desk.agent("leader", "陈班长", role=Role.LEADER)
    await desk.queued()
    await desk.stage.pool.execute(
        "WITH people AS (INSERT INTO contacts (channel, account, address) SELECT 'web', 'demo', 'many:' || n"
        " FROM generate_series(1, 320) n RETURNING id)"
        " INSERT INTO conversations (id, contact_id, status, version, queue, priority, reoffer, misses, opened, queued,"
        " waiting_since, wrapup, first_seq)"
        " SELECT 10000 + id, id, 'queued', 1, 'service', 0, false, 0, now(), now(), now(), '', 1 FROM people"
    )
    assert len(await cards(leader, "waiting")) == 300
    following = re.findall(r"before=(\d+)", await leader.get("/desk/lists?tab=waiting&open=0"))[-1]
    assert len(await cards(leader, "waiting", following)) == 21
