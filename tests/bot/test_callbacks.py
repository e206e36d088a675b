"""Low scores are called back about, and nobody is asked too often."""

import re
from dataclasses import replace
from datetime import timedelta

from bot.people.rights import Role
from bot.surveys.job import ask
from channels.door import Address
from router.clauses.asking import AskingRules
from router.events import Filled
from router.survey import ASK
from tests.bot.desk_stage import DeskStage, open_desk
from tests.bot.stage import Stage, open_stage
from tests.bot.test_surveys import become_due, send, serve, survey
from tests.dialog import ALWAYS_OPEN, world

ACT = re.compile(r'name="act" value="([0-9a-f]{32})"')


async def scored(desk: DeskStage, agent: int, stars: int, who: str = "v:1") -> int:
    """A customer who was served, asked and gave a score; the survey."""
    one = await desk.queued(who)
    await desk.give(one, agent)
    contact = await desk.contact(one)
    await desk.stage.reply(contact, agent)
    await desk.stage.close(contact, agent)
    number: int = await desk.stage.pool.fetchval("SELECT max(id) FROM surveys")
    await desk.stage.pool.execute("UPDATE surveys SET requested = now() WHERE id = $1", number)
    assert await ask(number, pool=desk.stage.pool, writer=desk.stage.writer, secret_key="k")
    await desk.stage.say("", Address("web", "demo", who), event=Filled(number, stars, "等太久了"))
    return number


async def test_a_low_score_is_called_back_about_and_visited_again_by_the_leader(
    database_url: str, redis_url: str
) -> None:
    async with open_desk(database_url, redis_url) as desk:
        pool = desk.stage.pool
        wang = await desk.hire("wangfang")
        leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
        await scored(desk, wang.id, 4, "v:1")
        assert await pool.fetchval("SELECT count(*) FROM callbacks") == 0, "75 is not low"
        await scored(desk, wang.id, 3, "v:2")
        row = await pool.fetchrow(
            "SELECT b.score, d.due - d.opened AS limit FROM callbacks b JOIN deadlines d"
            " ON d.subject = 'callback' AND d.subject_id = b.id AND d.clause = 'survey.low'"
        )
        assert row is not None
        assert tuple(row.values()) == (50, timedelta(hours=24))
        assert "收到一个低分" in await leader.get("/desk/alerts")

        page = await leader.get("/desk/callbacks")
        assert ("等太久了" in page, "50 分" in page) == (True, True)

        async def move(step: str, form: dict[str, str], *, status: int = 303) -> None:
            found = ACT.search(await leader.get("/desk/callbacks"))
            act = found[1] if found else "0" * 32
            await leader.post(f"/desk/callbacks/1/{step}", {"act": act, **form}, status=status)

        await move("revisit", {"won": "yes"}, status=409)  # Not before the first call.
        await move("take", {})
        await move("call", {"cause": "attitude", "plan": " "}, status=409)  # Nothing is done about it.
        await move("call", {"cause": "waiting", "plan": "加派坐席，补发流量", "departments": "运营部"})
        await move("call", {"cause": "waiting", "plan": "再来一次"}, status=409)
        clauses = await pool.fetch(
            "SELECT clause, met IS NULL AS open, due - opened AS limit FROM deadlines"
            " WHERE subject = 'callback' ORDER BY id"
        )
        assert [tuple(one.values()) for one in clauses] == [
            ("survey.low", False, timedelta(hours=24)), ("survey.revisit", True, timedelta(days=3)),
        ]  # fmt: skip
        await move("revisit", {"won": "no", "remark": "客户已携号转网"})
        done = await pool.fetchrow("SELECT owner, called_by, cause, departments, won_back, remark FROM callbacks")
        assert done is not None
        assert tuple(done.values()) == (leader.id, leader.id, "waiting", "运营部", False, "客户已携号转网")
        assert await pool.fetchval("SELECT count(*) FROM deadlines WHERE subject = 'callback' AND met IS NULL") == 0
        assert "未挽回" in await leader.get("/desk/callbacks")


async def test_a_contact_is_asked_once_in_seven_days(database_url: str, redis_url: str) -> None:
    async with open_stage(database_url, redis_url) as stage:
        await serve(stage)
        (first,) = await become_due(stage)
        assert await send(stage, first)
        await serve(stage)
        assert await become_due(stage) == []
        second = await survey(stage, first + 1)
        assert (second["skip_reason"], second["asked"]) == ("apart", None)
        open_ones = "SELECT count(*) FROM deadlines WHERE clause = 'survey.online' AND met IS NULL AND voided IS NULL"
        assert await stage.pool.fetchval(open_ones) == 0, "nothing waits for a survey that is never asked"
        await stage.pool.execute("UPDATE surveys SET asked = asked - interval '8 days'")
        await serve(stage)
        assert await become_due(stage) == [first + 2]


async def test_services_that_the_standard_excludes_are_not_asked_about(database_url: str, redis_url: str) -> None:
    rules = AskingRules(exclude=({"channel": frozenset({"app"})}, {"wrapup": frozenset({"billing"})}))
    at = replace(world(), standard=replace(ALWAYS_OPEN, surveys=rules))
    async with open_stage(database_url, redis_url, at=at) as stage:
        await serve(stage)
        assert await become_due(stage) == []
        assert await stage.pool.fetchval("SELECT skip_reason FROM surveys") == "excluded"
        assert await said(stage) == 0


async def said(stage: Stage) -> int:
    """How many questions of surveys stand in threads."""
    found: int = await stage.pool.fetchval("SELECT count(*) FROM contacts WHERE last_said = $1", ASK)
    return found
