"""The CRM: files are read row by row, a remote one is asked with patience, and routing hears region and level."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec import structs
from typer.testing import CliRunner

from bot.cli import app
from bot.crm.breaker import FAILURES, REST, Breaker
from bot.crm.built_in import BuiltIn
from bot.crm.files import Row, read
from bot.crm.record import Month, Record
from bot.crm.remote import FRESH, Remote
from bot.crm.sweep import sweep
from bot.db import Pool
from bot.spreadsheets import Wrong, WrongFile
from router.events import Proved
from router.handoff import _facts
from router.routing import parse
from tests.bot.crm_api import CrmApi, open_crm
from tests.bot.desk_stage import DeskStage, open_desk
from tests.bot.stage import PROOFS, Stage, open_stage
from tests.dialog import Dialog, world

ROUTING = """
default = "service"
[queue.service]
zh = "综合"
en = "All"
[queue.vip]
zh = "贵宾"
en = "VIP"
[rule.vip]
queue = "vip"
when = { region = "江苏", level = ["金卡", "钻石"] }
"""
FILE = """number,phone,name,region,level,package,balance,consumption,since,broadband,real_name
C1,13812341234,张三丰,江苏,金卡,畅享129,12.5,2026-08:99;2026-10:128.50;2026-09:100,2019-05-01,500M,是
C2,12345,李四,,,,,,,,
C3,,王五,,,,much,,,,
C1,,赵六,,,,,,,,
"""
GOLD = {"number": "C1", "name": "张三丰", "region": "江苏", "level": "金卡", "balance": 1250, "real_name": True}


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url, at=replace(world(), routing=parse(ROUTING))) as opened:
        await opened.pool.execute("INSERT INTO queues (id, name_zh, name_en, required) VALUES ('vip', '贵', 'V', '{}')")
        yield opened


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


@pytest.fixture
async def api() -> AsyncIterator[CrmApi]:
    async with open_crm() as opened:
        yield opened


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


async def prove(stage: Stage, number: str = "C1") -> int:
    """The customer has been recognised by the operator's own system; our customer's id."""
    await stage.say("你好")
    await stage.say("", event=Proved(PROOFS.of_subject(number, realm="", means="jwt:web:demo")))
    found: int = await stage.pool.fetchval("SELECT customer_id FROM contacts")
    return found


@pytest.mark.pure
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_each_row_of_a_file_is_a_record_or_is_named_with_what_is_wrong(encoding: str) -> None:
    first, *rest = read(FILE.encode(encoding))
    assert isinstance(first, Row)
    assert first.phone == "13812341234"
    assert first.record.consumption == (Month("2026-10", 12850), Month("2026-09", 10000), Month("2026-08", 9900))
    assert (first.record.balance, first.record.real_name) == (1250, True)
    assert rest == [
        Wrong(3, "phone", "mobile"),
        Wrong(4, "balance", "misread", "much"),
        Wrong(5, "number", "twice", "C1"),
    ]


@pytest.mark.pure
@pytest.mark.parametrize("content", [b"name\nx\n", b"number,nmae\n1,x\n", b"\xff\xff"])
def test_a_file_that_is_none_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(WrongFile):
        read(content)


@pytest.mark.pure
def test_what_is_private_is_masked() -> None:
    masked = Record("1234567890", "张三丰", balance=1250, consumption=(Month("2026-10", 1),)).masked()
    assert (masked.number, masked.name, masked.balance) == ("123****890", "张**", "****")
    assert masked.consumption == (("2026-10", "****"),)


@pytest.mark.pure
def test_who_fails_several_times_is_left_alone_and_then_tried_once() -> None:
    watch = Watch()
    breaker = Breaker(watch)
    for _ in range(FAILURES):
        assert breaker.closed
        breaker.failed()
    assert not breaker.closed
    watch.now += REST
    assert [breaker.closed, breaker.closed] == [True, False]
    breaker.answered()
    assert breaker.closed


@pytest.mark.pure
def test_routing_is_told_region_and_level() -> None:
    contact = structs.replace(Dialog().contact, region="江苏", level="金卡")
    assert parse(ROUTING).choose(_facts(contact, world())) == "vip"


async def test_files_are_imported_and_a_dry_run_takes_nothing(
    pool: Pool, database_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "customers.csv"
    file.write_text(FILE, "utf-8")
    for name, value in (("DATABASE_URL", database_url), ("REDIS_URL", redis_url), ("DATA_DIR", str(tmp_path))):
        monkeypatch.setenv(f"HUIYING_{name}", value)
    monkeypatch.setenv("HUIYING_SECRET_KEY", "the secret of this stage, long enough")
    for flags, kept in ((["--dry-run"], 0), ([], 1)):
        result = await _run(["customers", "import", str(file), "--json", *flags])
        told = json.loads(result)
        assert (told["taken"], [wrong["line"] for wrong in told["wrong"]]) == (1, [3, 4, 5])
        assert await pool.fetchval("SELECT count(*) FROM crm_records") == kept
        trail = await pool.fetch("SELECT deed, detail FROM audit")
        assert [tuple(row) for row in trail] == [("customers_imported", "1 rows of customers.csv")][:kept]
    assert "13812341234" not in str(await pool.fetch("SELECT * FROM crm_records"))


async def _run(args: list[str]) -> str:
    result = await asyncio.to_thread(CliRunner().invoke, app, args)
    assert result.exit_code == 1, result.output
    return result.stdout


async def test_who_is_recognised_is_routed_by_region_and_level(stage: Stage) -> None:
    await BuiltIn(stage.pool).keep(Record(number="C1", region="江苏", level="金卡"), datetime.now(UTC))
    await prove(stage)
    await stage.say("人工")
    assert await stage.pool.fetchval("SELECT queue FROM conversations") == "vip"


async def test_a_file_that_comes_later_tells_routing_too(stage: Stage) -> None:
    await prove(stage)
    kept = BuiltIn(stage.pool)
    await kept.keep(Record(number="C1", region="江苏", level="钻石"), datetime.now(UTC))
    await kept.tell(["C1"])
    await stage.say("人工")
    assert await stage.pool.fetchval("SELECT queue FROM conversations") == "vip"


async def test_a_telephone_number_that_was_proved_finds_its_record(stage: Stage) -> None:
    phone = bytes.fromhex(PROOFS.of_phone("13812341234").value)
    await BuiltIn(stage.pool).keep(Record(number="C9", region="江苏", level="金卡"), datetime.now(UTC), phone=phone)
    await stage.say("你好")
    await stage.say("", event=Proved(PROOFS.of_phone("13812341234")))
    customer = await stage.pool.fetchval("SELECT customer_id FROM contacts")
    found = await BuiltIn(stage.pool).find(customer)
    assert found is not None
    assert found.record.number == "C9"
    assert await stage.pool.fetchval("SELECT region FROM contacts") == "江苏"


async def test_a_remote_crm_is_asked_once_in_a_while_and_its_last_word_holds_while_it_is_down(
    stage: Stage, api: CrmApi
) -> None:
    watch, customer = Watch(), await prove(stage)
    api.customers["C1"] = GOLD
    crm = Remote(api.account, api.session, BuiltIn(stage.pool), watch, PROOFS)
    for _ in range(3):
        found = await crm.find(customer)
        assert found is not None
        assert (found.record.level, found.stale) == ("金卡", False)
    assert api.asked == ["C1"]
    assert await stage.pool.fetchval("SELECT level FROM contacts") == "金卡"
    watch.now += FRESH
    api.status = 500
    for _ in range(FAILURES + 2):
        found = await crm.find(customer)
        assert found is not None
        assert found.stale
    assert len(api.asked) == 1 + FAILURES


async def test_whom_a_remote_crm_does_not_know_is_not_asked_about_again_and_again(stage: Stage, api: CrmApi) -> None:
    watch, customer = Watch(), await prove(stage)
    crm = Remote(api.account, api.session, BuiltIn(stage.pool), watch, PROOFS)
    for _ in range(3):
        assert await crm.find(customer) is None
    assert api.asked == ["C1"]
    api.customers["C1"] = GOLD
    watch.now += FRESH
    assert await crm.find(customer) is not None


@pytest.mark.parametrize("body", ["{", '{"number": 1}', '{"number": "C2"}'])
async def test_an_answer_that_makes_no_sense_is_none(stage: Stage, api: CrmApi, body: str) -> None:
    customer = await prove(stage)
    api.body = body
    assert await Remote(api.account, api.session, BuiltIn(stage.pool), Watch(), PROOFS).find(customer) is None
    assert await stage.pool.fetchval("SELECT count(*) FROM crm_records") == 0


async def test_who_has_just_come_is_asked_about_before_anybody_serves_them(stage: Stage, api: CrmApi) -> None:
    await prove(stage)
    api.customers["C1"] = GOLD
    crm = Remote(api.account, api.session, BuiltIn(stage.pool), lambda: datetime.now(UTC), PROOFS)
    assert await sweep(stage.pool, crm) == 1
    assert await sweep(stage.pool, crm) == 0
    await stage.say("人工")
    assert await stage.pool.fetchval("SELECT queue FROM conversations") == "vip"


async def test_the_desk_shows_a_record_masked_and_in_full_to_who_says_why(desk: DeskStage) -> None:
    record = Record("C20190501", "张三丰", "江苏", "金卡", "畅享129", 1250, (Month("2026-10", 12850),), real_name=False)
    await BuiltIn(desk.stage.pool).keep(record, datetime.now(UTC))
    customer = await prove(desk.stage, "C20190501")
    assert customer
    await desk.stage.say("人工")
    one = await desk.stage.pool.fetchval("SELECT max(id) FROM conversations")
    agent = await desk.agent()
    await desk.give(one, agent.id)
    assert f"/desk/c/{one}/crm" in await agent.get(f"/desk/c/{one}")
    part = await agent.get(f"/desk/c/{one}/crm")
    assert all(word in part for word in ("畅享129", "金卡 · 江苏", "未实名"))
    assert not any(word in part for word in ("张三丰", "12.50", "128.50"))
    await agent.post(f"/desk/c/{one}/crm", {"reason": ""}, status=422)
    full = await agent.post(f"/desk/c/{one}/crm", {"reason": "核对账单"}, status=200)
    assert all(word in full for word in ("张三丰", "12.50", "128.50"))
    assert await desk.stage.pool.fetchval("SELECT detail FROM audit WHERE deed = 'disclose'") == "crm.record"
    other = await desk.agent("lilei", "李雷")
    await other.get(f"/desk/c/{one}/crm", status=404)
