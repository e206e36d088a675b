"""Tickets of another system at the desk: a file is checked, looked over, then taken in; what became of it stays."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from aiohttp import FormData
from rq.utils import import_attribute

from bot.people.people import People
from bot.people.rights import Role
from bot.tickets.claim import TRIES
from bot.tickets.imports.enqueue import JOB, ImportQueue
from bot.tickets.imports.job import IMPORTER, Importer
from bot.tickets.imports.sheet import COLUMNS
from bot.tickets.imports.sweep import expire, overdue
from router.calendar import SHANGHAI
from tests.bot.desk_stage import DeskStage, Person, open_desk
from tests.bot.test_spreadsheets import book
from tests.router.test_forms import office

PAGE = "/desk/tickets/imports"


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url, at=office()) as opened:
        yield opened


def importer(desk: DeskStage) -> Importer:
    """What a process of the jobs does, in this one."""
    people = People(desk.stage.pool, desk.stage.bus)
    return Importer(desk.stage.pool, people, desk.store.storage, desk.stage.writer.take, SHANGHAI, desk.hotlines)


async def hand_in(person: Person, content: bytes, name: str = "old.xlsx", *, status: int = 204) -> str:
    """Choose a file on the page."""
    body = FormData()
    body.add_field("file", content, filename=name)
    headers = {"X-CSRF-Token": person.fields["csrf"]}
    async with person.session.post(person.base + PAGE, data=body, headers=headers) as response:
        assert response.status == status
        return await response.text()


async def work(desk: DeskStage) -> list[bool]:
    """Whatever is due."""
    return [await importer(desk).work(one) for one in await overdue(desk.stage.pool)]


async def test_a_file_is_checked_looked_over_and_then_taken_in_once(desk: DeskStage) -> None:
    pool, boss = desk.stage.pool, await desk.agent("chenjing", "陈静", role=Role.MANAGER)
    assert f'href="{PAGE}"' in await boss.get("/desk/tickets")
    page = await boss.get(PAGE)
    assert "还没有导入过" in page
    assert "broadband.fault" in page, "the page says what a column may hold"
    async with boss.session.get(f"{boss.base}{PAGE}/template?format=csv") as response:
        (heads,) = csv.reader(io.StringIO((await response.read()).decode("utf-8-sig")))
    assert len(heads) == len(COLUMNS)
    ago = datetime.now(SHANGHAI).replace(tzinfo=None, microsecond=0) - timedelta(days=4)
    row = dict.fromkeys(heads, "")
    good = row | {
        "原系统单号": "X-1",
        "客户号码": "13800138000",
        "业务类型": "broadband.fault",
        "描述": "光猫红灯断网两天",
    }
    rows = [good, good | {"原系统单号": "X-2"}, good | {"原系统单号": "X-3", "客户号码": "张三"}]
    cells: list[list[str | datetime]] = [list(one.values()) for one in rows]
    for one in cells:
        one[heads.index("建单时间")] = ago
    content = book(heads, *cells)
    await hand_in(boss, content)
    listed = await boss.get(f"{PAGE}/list")
    assert ("正在检查" in listed, "every 2s" in listed) == (True, True)

    assert await work(desk) == [True]
    checked = await boss.get(PAGE)
    assert "导入 2 张工单" in checked
    assert "<td>4</td><td>客户号码</td><td>不是电话号码</td>" in checked
    assert "every 2s" not in checked
    assert await pool.fetchval("SELECT count(*) FROM tickets") == 0, "nothing is taken in unasked"

    number = await pool.fetchval("SELECT id FROM ticket_imports")
    for _ in range(2):
        await boss.post(f"{PAGE}/{number}")
    assert await work(desk) == [True]
    assert await work(desk) == [], "it is taken in once"
    done = await boss.get(PAGE)
    assert "已导入" in done
    assert "<dt>新建</dt><dd>2</dd>" in done
    assert "不是电话号码" in done, "the result can be opened again"
    assert await pool.fetchval("SELECT count(*) FROM tickets WHERE outside IN ('X-1', 'X-2')") == 2
    assert await pool.fetchval("SELECT place FROM ticket_imports") is None
    noted = await pool.fetchrow("SELECT who, detail FROM audit WHERE deed = 'tickets_imported'")
    assert noted is not None
    assert tuple(noted.values()) == ("chenjing", "2 new, 0 known, 0 refused, of old.xlsx")

    await hand_in(boss, content, "again.xlsx")
    await work(desk)
    assert "没有新的工单" in await boss.get(PAGE)


async def test_a_try_that_broke_off_is_made_up_for_and_its_tickets_count_as_new(desk: DeskStage) -> None:
    pool, boss = desk.stage.pool, await desk.agent("chenjing", "陈静", role=Role.MANAGER)
    await boss.get(PAGE)
    head = "number,phone,business,text,created\n"
    await hand_in(boss, f"{head}Y-1,13800138000,broadband.fault,断网两天了,2026-01-05\n".encode(), "old.csv")
    await work(desk)
    number = await pool.fetchval("SELECT id FROM ticket_imports")
    await boss.post(f"{PAGE}/{number}")
    await work(desk)
    await pool.execute(
        "UPDATE ticket_imports SET state = 'taking', due = clock_timestamp(), tries = 1, taken = NULL, place = $1",
        "0" * 32,
    )
    with pytest.raises(OSError, match="0000"):
        await work(desk)
    assert await overdue(pool) == [], "the next try comes when this one has had its time"
    await pool.execute("UPDATE ticket_imports SET due = clock_timestamp(), tries = $1", TRIES)
    assert "没有成功" in await boss.get(PAGE)
    kept = "1" * 32
    await desk.store.storage.put(kept, f"{head}Y-1,13800138000,broadband.fault,断网两天了,2026-01-05\n".encode())
    await pool.execute("UPDATE ticket_imports SET tries = 1, place = $1", kept)
    assert await work(desk) == [True]
    assert "<dt>新建</dt><dd>1</dd>" in await boss.get(PAGE)


async def test_a_file_that_is_none_says_why_and_one_that_nobody_wants_is_forgotten(desk: DeskStage) -> None:
    pool, boss = desk.stage.pool, await desk.agent("chenjing", "陈静", role=Role.ADMIN)
    other = await desk.agent("wangfang", role=Role.MANAGER)
    await boss.get(PAGE)
    for content in (b"PK\x03\x04", b"number,colour\n", b"number,phone,business,text,created\n"):
        await hand_in(boss, content)
    assert "三个文件" in await hand_in(boss, b"x", status=429)
    await hand_in(boss, b"x" * (desk.store.limit + 1), status=413)
    assert await work(desk) == [True, True, True]
    page = await boss.get(PAGE)
    assert ("不是能读的 XLSX" in page, "不认识的列" in page, "没有新的工单" in page) == (True, True, True)
    assert "还没有导入过" in await other.get(PAGE), "everybody sees their own"
    assert await expire(pool, desk.store.storage) == 0
    await pool.execute("UPDATE ticket_imports SET requested = requested - interval '25 hours'")
    assert await expire(pool, desk.store.storage) == 1
    assert "文件已不再保留" in await boss.get(PAGE)

    await hand_in(boss, b"number,phone,business,text,created\n")
    desk.hotlines.clear()
    assert await work(desk) == [True]
    assert "没有热线账号" in await boss.get(PAGE)
    desk.hotlines.append("demo")
    await hand_in(boss, b"number,phone,business,text,created\n")
    await pool.execute("UPDATE agents SET disabled = true WHERE id = $1", boss.id)
    assert await work(desk) == [False], "who may no longer takes nothing in"


async def test_where_there_are_several_hotline_accounts_one_is_chosen_and_where_there_is_none_no_file_is_taken(
    desk: DeskStage,
) -> None:
    pool, boss = desk.stage.pool, await desk.agent("chenjing", "陈静", role=Role.MANAGER)
    file = b"number,phone,business,text,created\nZ-%d,13800138000,broadband.fault,no signal for days,2026-01-05\n"
    await boss.get(PAGE)
    await hand_in(boss, file % 1)
    await work(desk)
    assert "ti-account-" not in await boss.get(PAGE), "one account is no choice"
    desk.hotlines.append("north")
    page = await boss.get(PAGE)
    assert ("<option>demo</option>" in page, "<option>north</option>" in page) == (True, True)
    number = await pool.fetchval("SELECT id FROM ticket_imports")
    for account in ("", "elsewhere"):
        await boss.post(f"{PAGE}/{number}", {"account": account})
    assert "aria-invalid" in await boss.get(f"{PAGE}?choose={number}")
    assert await work(desk) == [], "the customers go nowhere unasked"
    await boss.post(f"{PAGE}/{number}", {"account": "north"})
    assert await work(desk) == [True]
    assert "热线账号 north" in await boss.get(PAGE)
    assert await pool.fetchval("SELECT account FROM contacts") == "north"

    await hand_in(boss, file % 2)
    await work(desk)
    number = await pool.fetchval("SELECT max(id) FROM ticket_imports")
    await boss.post(f"{PAGE}/{number}", {"account": "north"})
    desk.hotlines.remove("north")
    assert await work(desk) == [True]
    assert "热线账号 north 已不在配置里" in await boss.get(PAGE)
    assert await pool.fetchval("SELECT count(*) FROM tickets") == 1

    desk.hotlines.clear()
    assert "还没有配置热线账号" in await boss.get(PAGE)
    assert "还没有配置热线账号" in await hand_in(boss, file % 3, status=409)


def test_the_queue_carries_imports_to_a_job_that_rq_finds(redis_url: str) -> None:
    queue, made = ImportQueue(redis_url), list[int]()
    try:
        queue.request([8, 8])
        queue.settle()
        assert queue.waiting() == [8]
    finally:
        queue.close()
    IMPORTER.set(made.append)
    import_attribute(JOB)(8)
    assert made == [8]
