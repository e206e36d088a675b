"""Tickets at the desk: from the chat to the archive by forms alone, departments' inboxes, and kept filters."""

from collections.abc import AsyncIterator

import pytest

from bot.audit.audit import By
from bot.people.rights import Role
from bot.people.units import Level, add_unit
from channels.door import Address
from tests.bot.desk_stage import PASSWORD, DeskStage, Person, open_desk
from tests.router.test_forms import office


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url, at=office()) as opened:
        yield opened


async def handler(desk: DeskStage, login: str = "zhaolei", department: str = "network") -> Person:
    """Somebody of a department."""
    person = await desk.hire(login, "赵磊", role=Role.HANDLER)
    await desk.stage.pool.execute("UPDATE agents SET department = $2 WHERE id = $1", person.id, department)
    await person.get("/desk/login")
    await person.post("/desk/login", {"login": login, "password": PASSWORD})
    await person.get("/desk/tickets")
    return person


async def written_down(desk: DeskStage, agent: Person, who: str = "v:1", **fields: str) -> int:
    """A ticket from a chat of the agent's."""
    one = await desk.queued(who)
    await desk.give(one, agent.id)
    await agent.get(f"/desk/c/{one}/ticket")
    form = {"kind": "matter", "text": "宽带断了两天", "business": "broadband.fault", **fields}
    await agent.post(f"/desk/c/{one}/ticket", form)
    found: int = await desk.stage.pool.fetchval("SELECT max(id) FROM tickets")
    return found


async def do(person: Person, ticket: int, act: str, status: int = 303, **fields: str) -> str:
    """Open the page and send one of its forms."""
    await person.get(f"/desk/tickets/{ticket}")
    return await person.post(f"/desk/tickets/{ticket}/{act}", fields, status=status)


async def test_agent_handler_and_leader_take_a_ticket_from_the_chat_to_the_archive(desk: DeskStage) -> None:
    agent, fixer = await desk.agent(), await handler(desk)
    leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    one = await desk.queued(words="我家宽带坏了，光猫红灯")
    await desk.give(one, agent.id)
    blank = await agent.get(f"/desk/c/{one}/ticket")
    assert "我家宽带坏了，光猫红灯</textarea>" in blank
    assert '<option value="broadband.fault" selected>' in blank
    bare = {"kind": "complaint", "text": "宽带坏了三天没人管", "business": "broadband.fault"}
    assert "投诉要选责任事项" in await agent.post(f"/desk/c/{one}/ticket", bare, status=422)
    await agent.post(f"/desk/c/{one}/ticket", bare | {"cause": "network"})
    ticket = await desk.stage.pool.fetchval("SELECT id FROM tickets")
    assert "投诉" in await agent.get(f"/desk/tickets/{ticket}")
    assert f"#{ticket}" in await fixer.get("/desk/tickets")
    assert await fixer.get("/desk/tickets/count") == "1"
    await do(fixer, ticket, "take")
    await do(fixer, ticket, "report", text="师傅在路上")
    assert "没有延期" in await do(fixer, ticket, "extend", 409, until="2020-01-01T10:00", reason="缺配件")
    await do(fixer, ticket, "solve", text="更换光猫")
    await do(agent, ticket, "visit", settled="yes", stars="5")
    await do(agent, ticket, "archive")
    page = await leader.get(f"/desk/tickets/{ticket}")
    assert "已归档，不能再改动" in page
    assert all(said in page for said in ("师傅在路上", "更换光猫", "回访：已解决", "系统建议等级：普通"))
    assert "/archive" not in page, "nothing is offered any more"
    assert f"#{ticket}" in await leader.get("/desk/tickets?state=archived")
    assert f"#{ticket}" in await leader.get("/desk/tickets?words=没人管")
    assert f"#{ticket}" not in await leader.get("/desk/tickets")


async def test_a_handler_sees_the_inbox_of_their_department_and_nothing_else(desk: DeskStage) -> None:
    agent, fixer, other = await desk.agent(), await handler(desk), await handler(desk, "qianwu", "billing")
    ticket = await written_down(desk, agent)
    await other.get(f"/desk/tickets/{ticket}", status=404)
    assert f"#{ticket}" not in await other.get("/desk/tickets")
    await fixer.get("/desk/c/1", status=403)
    await do(fixer, ticket, "move", department="billing", reason="是账务的事")
    assert f"#{ticket}" in await other.get("/desk/tickets?view=board")
    assert f'href="/desk/tickets/{ticket}"><strong>有新工单派到您的部门' in await other.get("/desk/alerts")
    await other.get(f"/desk/tickets/{ticket}")
    assert "有新工单" not in await other.get("/desk/alerts"), "whoever has opened it knows"


async def test_leaders_hear_at_once_of_grave_complaints_that_people_of_their_unit_follow(desk: DeskStage) -> None:
    agent, pool = await desk.agent(), desk.stage.pool
    here = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    there = await desk.agent("sunli", "孙丽", role=Role.LEADER)
    nobody = By(None, "", "")
    mine, theirs = [await add_unit(pool, 1, Level.TEAM, name, nobody) for name in ("一班", "二班")]
    for person, unit in ((agent, mine), (here, mine), (there, theirs)):
        await pool.execute("UPDATE agents SET unit_id = $2 WHERE id = $1", person.id, unit)
    text = "整个小区断网三天，要找记者"
    ticket = await written_down(desk, agent, kind="complaint", cause="network", text=text)
    assert "升级或重大投诉" in await here.get("/desk/alerts")
    assert "升级或重大投诉" not in await there.get("/desk/alerts")
    await there.get(f"/desk/tickets/{ticket}", status=404)
    page = await here.get(f"/desk/tickets/{ticket}")
    assert all(said in page for said in ("群体事项：“整个小区”", "提到媒体：“记者”", "启动应急"))


async def test_a_stale_page_is_refused_with_what_was_typed_and_inspection_is_for_leaders(desk: DeskStage) -> None:
    agent = await desk.agent()
    ticket = await written_down(desk, agent)
    await agent.get(f"/desk/tickets/{ticket}")
    stale = dict(agent.fields)
    await do(agent, ticket, "note", text="客户下午在家")
    await do(agent, ticket, "take")
    said = {**stale, "text": "已经修好", "act_name": "solve"}
    page = await agent.post(f"/desk/tickets/{ticket}/solve", said, status=409)
    assert "已经修好</textarea>" in page
    await do(agent, ticket, "solve", text="已经修好")
    await do(agent, ticket, "draw", status=409)
    leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    await do(leader, ticket, "draw")
    assert "还没有这样" not in await leader.get(f"/desk/tickets/{ticket}")


async def test_several_tickets_are_moved_at_once_and_those_that_cannot_be_are_counted(desk: DeskStage) -> None:
    leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    first = await written_down(desk, leader)
    second = await written_down(desk, leader, "v:2")
    await leader.get("/desk/tickets")
    form = {
        "do": "move",
        "to": "billing",
        "reason": "账务的事",
        f"pick.{first}": "1",
        f"pick.{second}": "7",
        "pick.99": "1",
    }
    await leader.post("/desk/tickets/bulk", form)
    moved = await desk.stage.pool.fetch("SELECT department FROM tickets ORDER BY id")
    assert [row["department"] for row in moved] == ["billing", "network"], "of the second a stale page was seen"
    assert "完成 1 张，没有执行 2 张" in await leader.get("/desk/tickets?done=1&left=2")
    await leader.get("/desk/tickets")
    await leader.post("/desk/tickets/bulk", {"do": "own", "whom": str(leader.id), f"pick.{first}": "2"})
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM ticket_steps WHERE what = 'owned'") == 1


async def test_filters_are_kept_by_name_and_pages_follow_one_another(desk: DeskStage) -> None:
    leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    ticket = await written_down(desk, leader)
    copies = (
        "INSERT INTO tickets (contact_id, kind, business, text, created, state, department, next_due)"
        " SELECT contact_id, kind, business, text, created, state, department, next_due + n * interval '1 minute'"
        " FROM tickets, generate_series(1, 60) AS n"
    )
    await desk.stage.pool.execute(copies)
    page = await leader.get("/desk/tickets?department=network")
    after = page.split('class="tk-next"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    rest = await leader.get(after)
    assert (page.count('class="tk-number"'), rest.count('class="tk-number"')) == (50, 11)
    assert f"#{ticket}<" in page
    await leader.post("/desk/tickets/filters", {"name": "网络", "department": "network"})
    assert 'href="/desk/tickets?department=network" aria-current="true"' in await leader.get(
        "/desk/tickets?department=network"
    )
    await leader.post("/desk/tickets/filters", {"drop": "网络"})
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM ticket_filters") == 0


async def test_a_filed_fault_is_followed_as_a_ticket_and_its_address_shown_to_the_department_for_a_reason(
    desk: DeskStage,
) -> None:
    fixer, agent = await handler(desk), await desk.agent()
    who = Address("web", "demo", "v:1")
    await desk.stage.say("报修", who)
    asked = await desk.stage.say("宽带", who)
    await desk.stage.say("", who, choice=asked.replies[-1].choices[0].id)
    for said in ("光猫红灯一直闪", "人民路100号2栋301", "13812341234", "需要"):
        await desk.stage.say(said, who)
    await desk.stage.say("", who, choice="form:confirm")
    ticket = await desk.stage.pool.fetchval("SELECT id FROM tickets WHERE state = 'routed'")
    assert f"#{ticket}" in await agent.get("/desk/tickets"), "nobody follows it yet"
    assert "故障报修 #" not in await agent.get("/desk/requests")
    assert "人民路100号" not in await fixer.get(f"/desk/tickets/{ticket}")
    place = f"/desk/tickets/{ticket}/answers"
    assert "人民路100号" not in await fixer.post(place, {"reason": "x"}, status=422)
    assert "人民路100号2栋301" in await fixer.post(place, {"reason": "上门"}, status=200)
    assert await desk.stage.pool.fetchval("SELECT reason FROM audit WHERE deed = 'disclose'") == "上门"


async def test_what_the_chat_tells_is_filled_in_and_private_matters_stay_masked_without_a_reason(
    desk: DeskStage,
) -> None:
    agent, fixer = await desk.agent(), await handler(desk)
    one = await desk.queued(words="宽带断了，号码13900139000，家在朝阳区建国路88号3单元502室，昨天晚上8点开始的")
    await desk.give(one, agent.id)
    blank = await agent.get(f"/desk/c/{one}/ticket")
    assert 'name="number" maxlength="40" value="139****9000"' in blank
    assert 'name="time" value="20:00"' in blank
    assert "139****9000，家在" in blank, "the description names no number either"
    assert "13900139000" not in blank
    assert blank.count("tk-proposed") == 6, "text, business, number, place, day and time"
    form = {
        "kind": "matter",
        "text": "宽带断了",
        "business": "broadband.fault",
        "place": "朝阳区建国路88号",
        "day": "2026-11-25",
    }
    assert "没有这个打码的号码" in await agent.post(
        f"/desk/c/{one}/ticket", form | {"number": "138****8000"}, status=422
    )
    await agent.post(f"/desk/c/{one}/ticket", form | {"number": "139****9000", "time": "20:00"})
    row = await desk.stage.pool.fetchrow("SELECT id, about_number, about_place, about_time FROM tickets")
    assert row is not None
    assert tuple(row.values())[1:] == ("13900139000", "朝阳区建国路88号", "20:00")
    page = await fixer.get(f"/desk/tickets/{row['id']}")
    assert all(shown in page for shown in ("139****9000", "2026-11-25 20:00"))
    assert not any(hidden in page for hidden in ("13900139000", "建国路"))
    shown = await fixer.post(f"/desk/tickets/{row['id']}/answers", {"reason": "上门前联系"}, status=200)
    assert all(told in shown for told in ("13900139000", "朝阳区建国路88号"))
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM audit WHERE reason = '上门前联系'") == 1
