"""Being named in a note: found in a list of one's own until it was looked at, read by whoever is named, and no more."""

import re
from collections.abc import AsyncIterator

import pytest

from bot.audit.audit import By
from bot.people.rights import Role
from bot.people.units import Level, add_unit
from tests.bot.desk_stage import DeskStage, Person, open_desk

COUNT = re.compile(r'data-tab="named"[^>]*>[^<]*<b class="count[^"]*">(\d+)')


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def apart(desk: DeskStage) -> tuple[Person, Person]:
    """Two people of two teams."""
    wang, li = await desk.agent(), await desk.agent("lihua", "李华", role=Role.LEADER)
    for person, name in ((wang, "一班"), (li, "二班")):
        unit = await add_unit(desk.stage.pool, 1, Level.TEAM, name, By(None, "", ""))
        await desk.stage.pool.execute("UPDATE agents SET unit_id = $2 WHERE id = $1", person.id, unit)
    return wang, li


async def note(desk: DeskStage, person: Person, conversation: int, text: str) -> None:
    """Somebody writes a note."""
    await person.get(f"/desk/c/{conversation}")
    await person.post(f"/desk/c/{conversation}/say", {"as": "note", "text": text})


async def named(person: Person, before: str = "") -> tuple[int, list[int]]:
    """How many chats name somebody anew, and which ones stand in the list."""
    page = await person.get(f"/desk/lists?tab=named&open=0&before={before}")
    count = COUNT.search(page)
    assert count is not None
    return int(count[1]), [int(number) for number in re.findall(r'id="card-(\d+)"', page)]


async def test_who_is_named_is_told_reads_the_chat_and_has_seen_it_then(desk: DeskStage) -> None:
    wang, li = await apart(desk)
    one = await desk.queued(name="刘伟")
    await desk.give(one, wang.id)
    await li.get(f"/desk/c/{one}", status=404)
    with desk.stage.bus.watch(f"agent:{li.id}") as ear:
        await note(desk, wang, one, "请 @李华 看一下端口")
        assert await ear.wait(5)
    assert await named(li) == (1, [one])
    assert "王芳：</em>请 @李华 看一下端口" in await li.get("/desk/lists?tab=named&open=0")
    assert "同事在备注里提到了您" in await li.get("/desk/alerts")
    assert f"card-{one}" not in await li.get("/desk/lists?tab=all&open=0")  # It is no chat of their team.
    assert "请 @李华 看一下端口" in await li.get(f"/desk/c/{one}")
    assert await named(li) == (0, [one])
    assert "同事在备注里提到了您" not in await li.get("/desk/alerts")
    await note(desk, wang, one, "@李华 还有一条")
    assert await named(li) == (1, [one])


async def test_who_is_only_named_changes_nothing_but_may_write_a_note(desk: DeskStage) -> None:
    wang, li = await apart(desk)
    await desk.stage.pool.execute("UPDATE agents SET presence = 'online', role = 'agent' WHERE id = $1", li.id)
    one = await desk.queued()
    await desk.give(one, wang.id)
    await note(desk, wang, one, "@李华")
    await note(desk, li, one, "端口正常")
    acts = {
        "say": {"as": "reply", "text": "您好"},
        "take": {},
        "back": {},
        "transfer": {"whom": f"agent:{li.id}"},
        "invite": {"whom": f"agent:{li.id}"},
        "close": {"wrapup": "billing.balance"},
        "accept": {},
        "return": {},
    }
    before = await desk.row(one)
    for waits in (False, True):
        if waits:  # A queue whose skills they lack.
            await desk.stage.pool.execute("UPDATE queues SET required = '{fibre}'")
            await wang.get(f"/desk/c/{one}")
            await wang.post(f"/desk/c/{one}/transfer", {"whom": "queue:service"})
            before = await desk.row(one)
        page = await li.get(f"/desk/c/{one}")
        assert f"/desk/c/{one}/take" not in page
        for act, fields in acts.items():
            await li.post(f"/desk/c/{one}/{act}", fields, status=409)
            await li.get(f"/desk/c/{one}")
    assert await desk.row(one) == before
    assert await desk.messages(one, "agent") == []
    assert (await desk.messages(one, "note"))[:2] == ["@李华", "端口正常"]


async def test_the_list_goes_on_page_by_page_the_latest_first(desk: DeskStage) -> None:
    wang, li = await apart(desk)
    one = await desk.queued()
    await desk.give(one, wang.id)
    await note(desk, wang, one, "@李华")
    await desk.stage.pool.execute(
        "INSERT INTO conversations (id, contact_id, status, version, queue, priority, assignee, reoffer, misses,"
        " opened, queued, closed, wrapup, first_seq) SELECT 10000 + n, contact_id, 'closed', 1, queue, 0, assignee,"
        " false, 0, opened, queued, now(), '', 1 FROM conversations, generate_series(1, 60) n WHERE id = $1",
        one,
    )
    await desk.stage.pool.execute(
        "INSERT INTO mentions (agent_id, contact_id, seq, conversation_id, by_agent, at)"
        " SELECT agent_id, contact_id, seq + n, 10000 + n, by_agent, at - n * interval '1 minute'"
        " FROM mentions, generate_series(1, 60) n"
    )
    count, first = await named(li)
    following = re.findall(r"before=([0-9.]+)", await li.get("/desk/lists?tab=named&open=0"))[-1]
    _, second = await named(li, following)
    assert count == 61
    assert first + second == [one, *range(10001, 10061)]


async def test_only_people_who_open_chats_can_be_named(desk: DeskStage) -> None:
    wang, _ = await apart(desk)
    await desk.hire("peixun", "裴训", role=Role.TRAINER)
    one = await desk.queued()
    await desk.give(one, wang.id)
    people = await wang.get("/desk/colleagues")
    assert "李华" in people
    assert "裴训" not in people
    await note(desk, wang, one, "@裴训 看看")
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM mentions") == 0
