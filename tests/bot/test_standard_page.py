"""The page of the standard: clauses in plain words, today's figures of one's own unit, and the rows behind them."""

import re
from dataclasses import replace

import pytest

from bot.audit.audit import By
from bot.people.rights import Role
from bot.people.units import Level, add_unit
from bot.standards import plain
from bot.standards.coverage import CASES, PAGES, cover
from bot.words import LANGUAGES
from router.clauses.subjects import SUBJECTS
from router.editions import Edition, Editions
from router.standard import parse
from tests.bot.desk_stage import Person, open_desk
from tests.dialog import ALWAYS_OPEN, world
from tests.router.test_standard import HOURS, TRANSFER
from tests.standard.measure import PACKS, STANDARD

OPEN = Editions((Edition(0, ALWAYS_OPEN), Edition(1, PACKS["miit_appeals"])))
FIGURES = re.compile(r'clause=([\w.]+)&amp;state=(\w+)" aria-label="[^"]+">(\d+)<')


async def test_leaders_see_today_s_figures_of_their_own_unit_and_open_what_is_behind_them(
    database_url: str, redis_url: str
) -> None:
    async with open_desk(database_url, redis_url, at=replace(world(), editions=OPEN)) as desk:
        pool, stage = desk.stage.pool, desk.stage
        wang, li = await desk.hire("wangfang"), await desk.hire("lilei", "李雷")
        leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
        mine, theirs = [await add_unit(pool, 1, Level.TEAM, name, By(None, "", "")) for name in ("一班", "二班")]
        for person, unit in ((wang, mine), (leader, mine), (li, theirs)):
            await pool.execute("UPDATE agents SET unit_id = $2 WHERE id = $1", person.id, unit)
        one, other, third = [await desk.queued(f"v:{number}", name=f"客户{number}") for number in (1, 2, 3)]
        await desk.give(one, wang.id)
        await desk.give(other, li.id)
        await desk.give(third, wang.id)
        await stage.reply(await desk.contact(third), wang.id)
        await stage.shift(21)
        await stage.clock.claim()
        assert await figures(leader) == {
            ("enquiry.first_response", "open"): 1,
            ("enquiry.first_response", "warned"): 1,
            ("enquiry.first_response", "met"): 1,
            ("conversation.remind", "open"): 1,
        }
        await pool.execute(
            "UPDATE deadlines SET breached = due, next_at = NULL"
            " WHERE clause = 'enquiry.first_response' AND met IS NULL"
        )
        assert (await figures(leader))["enquiry.first_response", "late"] == 1
        rows = await leader.get("/desk/standard/rows?clause=enquiry.first_response&state=late")
        assert ("客户1" in rows, "客户2" in rows, f"/desk/c/{one}" in rows) == (True, False, True)
        await wang.log_in()
        await wang.get("/desk/standard", status=403)


async def figures(person: Person) -> dict[tuple[str, str], int]:
    """The figures of the page that are not nought."""
    page = await person.get("/desk/standard")
    assert "人工首次答复" in page
    assert "电信用户申诉" in page
    return {(clause, state): int(count) for clause, state, count in FIGURES.findall(page)}


@pytest.mark.pure
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clause_every_kind_and_every_mark_has_a_name(language: str) -> None:
    for clause in STANDARD.clauses:
        assert plain.title(clause, language) != clause.id
    for name, kind in SUBJECTS.items():
        assert plain.kind_title(name, kind, language) != name
        assert [mark for mark in kind.marks if plain.mark(kind, name, mark, language) == mark] == []


@pytest.mark.pure
@pytest.mark.parametrize(
    ("clause", "chinese", "english"),
    [
        ("enquiry.first_response", "30 分钟内", "Within 30 minutes"),
        ("enquiry.follow_up", "服务时间 2 小时内", "Within 2 hours of service"),
        ("message.overnight", "最近的 08:00 之前", "By the next 08:00"),
        ("conversation.closing", "下班时", "At closing time"),
        ("ticket.progress", "24 小时内，之后每 24 小时一次", "Within 24 hours, then every 24 hours"),
        ("complaint.visit", "3 天内", "Within 3 days"),
        ("hotline.pickup", "10 秒内", "Within 10 seconds"),
    ],
)
def test_a_limit_is_said_in_plain_words(clause: str, chinese: str, english: str) -> None:
    found = STANDARD.clause(clause)
    assert (plain.limit(found, "zh"), plain.limit(found, "en")) == (chinese, english)


@pytest.mark.pure
def test_a_pack_speaks_for_itself() -> None:
    pack = PACKS["miit_appeals"]
    clause, kind = pack.clause("appeal.acceptance"), pack.kinds["appeal"]
    assert plain.span(clause, kind, "zh") == "从用户提出申诉到申诉机构决定是否受理"
    assert plain.limit(clause, "en") == "Within 5 working days"
    assert plain.ladder(pack.clause("appeal.answer"), "en") == (
        "the owner, then the leader, then the manager (when late) and the operator's system"
    )


@pytest.mark.pure
def test_a_clause_without_a_test_is_found_out() -> None:
    unheard = parse(HOURS + TRANSFER.replace("ticket.transfer", "ticket.unheard_of"))
    covers = {one.clause: one for one in cover([*STANDARD.clauses, *unheard.clauses], PACKS["miit_appeals"].clauses)}
    assert covers["ticket.unheard_of"].tests == ()
    assert covers["enquiry.first_response"].tests == ("test_enquiry_first_response.py",)
    assert covers["conversation.idle"].tests[0].startswith("test_conversation.py::test_conversation_idle_a_chat")
    assert (covers["appeal.answer"].page, PAGES["question"]) == (CASES, "/desk/questions")
