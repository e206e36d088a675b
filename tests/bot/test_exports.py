"""Lists of tickets as files: made in the background of what their asker may see, and saved by them alone."""

import csv
import io
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from rq.utils import import_attribute

from bot.people.people import People
from bot.tickets.exports.enqueue import JOB, ExportQueue
from bot.tickets.exports.job import EXPORTER, HEADS, Exporter
from bot.tickets.exports.sheets import MARK, CsvSheet, XlsxSheet
from bot.tickets.exports.sweep import expire, overdue
from tests.bot.desk_stage import DeskStage, Person, open_desk
from tests.bot.test_desk_tickets import handler, written_down
from tests.router.test_forms import office

PAGE = "/desk/tickets/exports"
EVIL = ('=HYPERLINK("http://x")', "+86 139", "-1+1", "@SUM(A1)", "\tx", "＝1+1")


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url, at=office()) as opened:
        yield opened


def test_a_cell_that_looks_like_a_formula_is_a_text_in_both_formats() -> None:
    kept = CsvSheet(["甲"])
    kept.add([[text] for text in EVIL])
    kept.add([["平常, “话”"], [7], [datetime(2027, 1, 2, 3, 4)], [None]])  # noqa: DTZ001 - as the operator's clocks show it
    content = kept.content()
    assert content.startswith(MARK)
    cells = [row[0] for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))]
    assert cells == ["甲", *(f"'{text}" for text in EVIL), "平常, “话”", "7", "2027-01-02 03:04", ""]
    book = XlsxSheet(["甲"])
    book.add([[text] for text in EVIL])
    with zipfile.ZipFile(io.BytesIO(book.content())) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert sheet.count('t="inlineStr"') == len(EVIL) + 1


async def test_a_filtered_list_becomes_a_file_that_its_asker_alone_saves_for_a_day(desk: DeskStage) -> None:
    agent, fixer, other = await desk.agent(), await handler(desk), await handler(desk, "qianwu", "billing")
    pool, storage = desk.stage.pool, desk.store.storage
    first = await written_down(desk, agent, text="=1+1 宽带断了两天")
    await written_down(desk, agent, "v:2", business="charge.refund", text="充值没有到账")
    await pool.execute(
        "UPDATE tickets SET about_number = '13800138000', about_place = '朝阳区建国路88号', about_day = '2026-11-25',"
        " about_time = '20:30'"
    )
    assert "导出 XLSX" in await fixer.get("/desk/tickets")
    for who in (fixer, other):
        await who.post(PAGE, {"format": "csv", "kind": "matter"})
    await fixer.post(PAGE, {"format": "xlsx"})
    page = await fixer.get(PAGE)
    assert page.count("等待生成") == 4, "two files, each as a picture and in words"
    assert "every 2s" in page
    exporter = Exporter(pool, People(pool, desk.stage.bus), storage, UTC)
    numbers = await overdue(pool)
    assert [await exporter.make(one) for one in (*numbers, numbers[0])] == [True, True, True, False]
    assert "every 2s" not in await fixer.get(f"{PAGE}/list")
    rows = await saved(fixer, numbers[0])
    assert len(rows[0]) == len(HEADS)
    assert rows[1][4:8] == ["138****8000", "朝阳区***88号", "2026-11-25", "20:30"], "masked as people read them"
    assert [(row[0], row[3]) for row in rows[1:]] == [(str(first), "'=1+1 宽带断了两天")], "their department's alone"
    assert rows[1][1] == "诉求"
    async with other.session.get(f"{other.base}{PAGE}/{numbers[0]}", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, PAGE)
    trail = await pool.fetch("SELECT deed, who, what FROM audit WHERE what LIKE 'export:%' ORDER BY id")
    assert ("tickets_exported", "zhaolei", f"export:{numbers[0]}") in [tuple(row) for row in trail]
    assert tuple(trail[-1]) == ("export_saved", "zhaolei", f"export:{numbers[0]}")
    assert await expire(pool, storage) == 0
    place = await pool.fetchval("SELECT place FROM ticket_exports WHERE id = $1", numbers[0])
    await pool.execute("UPDATE ticket_exports SET requested = requested - interval '25 hours'")
    assert await expire(pool, storage) == 3
    with pytest.raises(FileNotFoundError):
        await anext(aiter(storage.read(place)))


async def test_who_may_not_see_tickets_any_more_gets_no_file_and_nobody_has_many_under_way(desk: DeskStage) -> None:
    agent, pool = await desk.agent(), desk.stage.pool
    for _ in range(4):
        await agent.post(PAGE, {"format": "csv"})
    assert await pool.fetchval("SELECT count(*) FROM ticket_exports") == 3
    assert "已有 3 个文件" in await agent.get(f"{PAGE}?refused=busy")
    await agent.post(PAGE, {"format": "exe"}, status=400)
    await pool.execute("UPDATE agents SET disabled = true WHERE id = $1", agent.id)
    exporter = Exporter(pool, People(pool, desk.stage.bus), desk.store.storage, UTC)
    assert [await exporter.make(one) for one in await overdue(pool)] == [False, False, False]
    assert await pool.fetchval("SELECT count(*) FROM ticket_exports") == 0


def test_the_queue_carries_numbers_to_a_job_that_rq_finds(redis_url: str) -> None:
    queue, made = ExportQueue(redis_url), list[int]()
    try:
        queue.request([7, 7])
        queue.settle()
        assert queue.waiting() == [7]
    finally:
        queue.close()
    EXPORTER.set(made.append)
    import_attribute(JOB)(7)
    assert made == [7]


async def saved(person: Person, number: int) -> list[list[str]]:
    """A file of somebody's, row by row."""
    async with person.session.get(f"{person.base}{PAGE}/{number}") as response:
        assert response.headers["Content-Disposition"].startswith("attachment")
        content = await response.read()
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
