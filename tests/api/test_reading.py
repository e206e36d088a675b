"""Programs read what their key is for: pages with cursors, masked where the key is not for personal data."""

from collections.abc import AsyncIterator

import pytest

from bot.keys.keys import Right
from bot.people.units import Level, add_unit
from channels.door import Address
from router.events import Assigned
from tests.api.program import OPERATOR, House, Program, open_house
from tests.bot.test_surveys import asked

ALL_READING = tuple(right for right in Right if right.endswith(":read") and right is not Right.PERSONAL_READ)


@pytest.fixture
async def house(database_url: str, redis_url: str) -> AsyncIterator[House]:
    async with open_house(database_url, redis_url) as opened:
        yield opened


async def everything(program: Program, path: str) -> list[int]:
    """All ids of a list, page by page."""
    found: list[int] = []
    cursor = ""
    while True:
        answer = await program.get(f"{path}{'&' if '?' in path else '?'}limit=2{f'&cursor={cursor}' if cursor else ''}")
        assert answer.status == 200
        found += [one["id"] for one in answer.body["data"]]
        cursor = answer.body["next"]
        if cursor is None:
            return found


async def test_conversations_come_by_pages_with_what_was_said_masked_unless_the_key_is_for_it(house: House) -> None:
    said = "我叫王小明，电话13800138000，宽带坏了"
    for place in range(5):
        await house.stage.say(said, Address("web", "demo", f"v:1380013800{place}"))
    await house.stage.pool.execute("UPDATE contacts SET name = '王小明'")
    plain = await house.program(*ALL_READING)
    trusted = await house.program(*ALL_READING, Right.PERSONAL_READ)
    numbers = await everything(plain, "/conversations")
    assert len(numbers) == 5
    assert numbers == sorted(numbers, reverse=True)
    assert await everything(plain, "/conversations?status=assigned") == []
    assert len(await everything(plain, "/conversations?status=bot&channel=web")) == 5

    masked = (await plain.get(f"/conversations/{numbers[0]}")).body
    clear = (await trusted.get(f"/conversations/{numbers[0]}")).body
    assert masked["contact"]["name"] == "王***"
    assert clear["contact"]["name"] == "王小明"
    assert clear["contact"]["address"] == "v:13800138004"
    assert "1380013" not in masked["contact"]["address"]
    lines = (await plain.get(f"/conversations/{numbers[0]}/messages")).body["data"]
    assert [line["sender"] for line in lines] == ["contact", "bot"]
    assert "13800138000" not in lines[0]["text"]
    assert "王小明" not in lines[0]["text"]
    assert (await trusted.get(f"/conversations/{numbers[0]}/messages?limit=1")).body["data"][0]["text"] == said
    first = (await plain.get(f"/conversations/{numbers[0]}/messages?limit=1")).body
    rest = (await plain.get(f"/conversations/{numbers[0]}/messages?cursor={first['next']}")).body
    assert [*first["data"], *rest["data"]] == lines

    again = await plain.get(f"/conversations/{numbers[0]}")
    unchanged = await plain.get(f"/conversations/{numbers[0]}", If_None_Match=again.headers["ETag"])
    assert (unchanged.status, unchanged.body) == (304, None)


async def test_a_key_opens_what_is_nobody_s_and_what_its_unit_has_and_no_more(house: House) -> None:
    pool = house.stage.pool
    ours, theirs = [await add_unit(pool, 1, Level.TEAM, name, OPERATOR) for name in ("一班", "二班")]
    agent = await house.stage.hire()
    await pool.execute("UPDATE agents SET unit_id = $1", theirs)
    await house.stage.say("人工")
    contact = await pool.fetchval("SELECT id FROM contacts")
    number = await pool.fetchval("SELECT id FROM conversations")
    narrow, wide = await house.program(*ALL_READING, unit=ours), await house.program(*ALL_READING)
    assert await everything(narrow, "/conversations?status=queued") == [number]
    await house.stage.act(contact, Assigned(agent, "王芳", None, await house.stage.version(contact)))
    for program, status, count in ((narrow, 404, 0), (wide, 200, 1)):
        assert len(await everything(program, "/conversations")) == count
        assert (await program.get(f"/conversations/{number}")).status == status
        assert (await program.get(f"/conversations/{number}/messages")).status == status
        assert bool(await everything(program, "/deadlines?subject=conversation&state=running")) is bool(count)
    late = (await wide.get(f"/deadlines?subject_id={number}&clause=enquiry.first_response")).body["data"]
    assert [one["state"] for one in late] == ["running"]


async def test_surveys_tell_their_scores_and_not_whose_they_are(house: House) -> None:
    survey = await asked(house.stage)
    await house.stage.say("5")
    await house.stage.say("", choice=f"survey:{survey}:reason:friendly")
    await house.stage.say("师傅很好，电话13800138000")
    program = await house.program(Right.SURVEYS_READ)
    (one,) = (await program.get("/surveys?scored=yes")).body["data"]
    assert (one["agent"]["name"], one["stars"], one["score"]) == ("王芳", 5, 100)
    assert (one["reasons"], one["solved"], one["nps"]) == (["friendly"], None, None)
    assert "13800138000" not in one["comment"]
    assert await everything(program, "/surveys?scored=no") == []


async def test_a_call_without_a_right_key_is_refused_and_each_key_has_a_pace(house: House) -> None:
    program = await house.program(Right.SURVEYS_READ)
    stranger = Program(house.server, house.session, "hy_nobody")
    unknown = await stranger.get("/surveys")
    assert (unknown.status, unknown.body["code"], unknown.headers["WWW-Authenticate"]) == (401, "key_unknown", "Bearer")
    assert (await Program(house.server, house.session, "").get("/surveys")).status == 401
    assert (await program.get("/conversations")).body["code"] == "scope_missing"
    answer = await program.get("/surveys")
    assert answer.headers["RateLimit-Policy"] == '"minute";q=600;w=60'
    assert ";r=" in answer.headers["RateLimit"]
    await house.stage.pool.execute("UPDATE api_keys SET revoked = now()")
    assert (await program.get("/surveys")).status == 401


SENSELESS = {
    "limit=0": "query_wrong",
    "limit=x": "query_wrong",
    "size=5": "query_wrong",
    "limit=1&limit=2": "query_wrong",
    "cursor=x": "cursor_wrong",
    "cursor=MTIzeA": "cursor_wrong",
    "status=asleep": "query_wrong",
    "queue=%00": "query_wrong",
    "opened_since=yesterday": "query_wrong",
    "opened_since=2026-01-01T00:00:00": "query_wrong",
}


async def test_what_makes_no_sense_is_a_problem_with_a_code(house: House) -> None:
    program = await house.program()
    for query, code in SENSELESS.items():
        answer = await program.get(f"/conversations?{query}")
        assert (answer.status, answer.body["code"]) == (400, code), query
