"""Tickets of another system: read row by row, followed from their marks there, each once, and nobody is told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.people.rights import Role
from bot.spreadsheets import Wrong, WrongFile
from bot.tickets.imports.sheet import Brought, Known, read
from router.calendar import SHANGHAI
from router.tickets.about import About
from router.tickets.acts import Draft, Origin
from router.tickets.ticket import Grade, TicketKind
from tests.bot.desk_stage import DeskStage, open_desk
from tests.commands import document
from tests.dialog import TICKETS

NOW = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
KNOWN = Known(TICKETS, {"wangfang": 7}, SHANGHAI, NOW, "old.csv")
HEAD = "number,phone,business,text,created"
ROW = "A-1,13800138000,broadband.fault,光猫红灯断网两天,2026-11-25 10:00"
ALL = "number,phone,name,kind,business,text,cause,grade,department,people,loss,owner,created,solved,archived\n"
ABOUT = f"{HEAD},about_number,about_place,about_day,about_time\n"


@pytest.mark.pure
def test_a_row_is_a_ticket_with_its_number_and_its_marks_there() -> None:
    one, whole = read(
        f"{ALL}B-2,+86 138-0013-8001,李雷,complaint,charge.dispute,多扣了一个月的月租,charge,major,billing,3,500,"
        "WangFang,2026-11-20T09:00:00+00:00,2026-11-21 18:00,\n"
        "B-3,02512345678,,,broadband.fault,断网已经修好了,,,,,,,2026-11-01,2026-11-02,2026-11-03".encode("gb18030"),
        KNOWN,
    )
    draft = Draft(
        TicketKind.COMPLAINT, "多扣了一个月的月租", "charge.dispute", cause="charge", department="billing", people=3,
        loss=500, grade=Grade.MAJOR, grade_reason="old.csv",
    )  # fmt: skip
    created, solved = datetime(2026, 11, 20, 9, tzinfo=UTC), datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert one == Brought(2, "13800138001", "李雷", draft, Origin("B-2", created, solved, None, 7))
    assert isinstance(whole, Brought)
    assert (whole.phone, whole.draft.kind, whole.origin.owner) == ("02512345678", TicketKind.MATTER, None)
    assert whole.origin.archived == datetime(2026, 11, 2, 16, tzinfo=UTC)


@pytest.mark.pure
def test_a_row_tells_which_number_where_and_when_its_ticket_is_about() -> None:
    told, early, late, long = read(
        f"{ABOUT}{ROW},010-62345678,朝阳区建国路88号,2026-11-25,20:30\n{ROW.replace('A-1', 'A-2')},,,25日,\n"
        f"{ROW.replace('A-1', 'A-3')},,,,8 点\n{ROW.replace('A-1', 'A-4')},,{'长' * 201},,\n".encode(),
        KNOWN,
    )
    assert isinstance(told, Brought)
    assert told.draft.about == About("010-62345678", "朝阳区建国路88号", date(2026, 11, 25), "20:30")
    assert [(one.column, one.what) for one in (early, late, long) if isinstance(one, Wrong)] == [
        ("about_day", "day"),
        ("about_time", "time"),
        ("about_place", "long"),
    ]


WRONG = {
    "2026-11-25 10:00": ("2026-11-27 10:00", "created: 2026-11-27 10:00 is not in the past"),
    "10:00": ("10 h", "created: '2026-11-25 10 h' is no moment such as 2027-01-31 09:30"),
    "broadband.fault": ("broadband", "business: is no business type of which tickets can be"),
    "光猫红灯断网两天": ("坏了", "text: says too little"),
    "13800138000": ("张三", "phone: is no telephone number"),
    "A-1": ("", "number: 1 to 60 visible characters of ASCII, a digit among them"),
    "fault,": ("fault,x,y,z,", "more fields than columns"),
}


@pytest.mark.pure
@pytest.mark.parametrize(("found", "change"), WRONG.items(), ids=[why for _, why in WRONG.values()])
def test_a_row_that_does_not_hold_is_named_with_its_line(found: str, change: tuple[str, str]) -> None:
    rows = read(f"{HEAD}\n{ROW}\n{ROW.replace('A-1', 'A-2').replace(found, change[0])}\n".encode(), KNOWN)
    if found == "A-1":
        rows = read(f"{HEAD}\n{ROW.replace('A-1', 'A-2')}\n{ROW.replace(found, change[0])}\n".encode(), KNOWN)
    assert isinstance(rows[0], Brought)
    assert isinstance(rows[1], Wrong)
    assert (rows[1].line, rows[1].why) == (3, change[1])


@pytest.mark.pure
def test_grades_owners_and_marks_of_a_row_have_to_fit_and_a_number_comes_once() -> None:
    rows = read(
        (
            f"{ALL}C-1,1,,matter,broadband.fault,断网两天了,,major,,,,,2026-11-25,,\n"
            "C-2,10086,,matter,broadband.fault,断网两天了,,,,,,nobody,2026-11-25,,\n"
            "C-3,10086,,matter,broadband.fault,断网两天了,,,,,,,2026-11-25,2026-11-24,\n"
            "C-4,10086,,complaint,broadband.fault,断网两天了,,,,,,,2026-11-25,,\n"
            "C-5,10086,,matter,broadband.fault,断网两天了,,,nowhere,,,,2026-11-25,,\n"
            "C-6,10086,,matter,broadband.fault,断网两天了,,,,-1,,,2026-11-25,,\n"
            "C-7,10086,,matter,broadband.fault,断网两天了,,,,,,,2026-11-25,,\n"
            "C-7,10086,,matter,broadband.fault,断网两天了,,,,,,,2026-11-25,,\n"
        ).encode("utf-8-sig"),
        KNOWN,
    )
    assert [one.column if isinstance(one, Wrong) else "" for one in rows] == [
        "phone", "owner", "solved", "cause", "department", "people", "", "number",
    ]  # fmt: skip
    with pytest.raises(WrongFile, match="the column created is missing"):
        read(b"number,phone,business,text\n", KNOWN)
    with pytest.raises(WrongFile, match="unknown column 'state'"):
        read(f"{HEAD},state\n".encode(), KNOWN)


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def test_a_file_is_taken_in_once_and_its_tickets_are_late_as_they_were_there(
    desk: DeskStage, database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pool = desk.stage.pool
    for name, value in {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "DATA_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(f"HUIYING_{name}", value)
    leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    file = tmp_path / "old.csv"
    ago = datetime.now(SHANGHAI) - timedelta(days=4)
    rows = (
        f"X-1,13800138000,韩梅,matter,broadband.fault,光猫红灯断网两天,,,,,,chenjing,{ago:%Y-%m-%d %H:%M},,\n"
        f"X-2,13800138000,韩梅,complaint,charge.dispute,多扣了一个月的月租,charge,,,,,,{ago:%Y-%m-%d %H:%M},,\n"
        f"X-3,13800138001,,matter,broadband.fault,宽带早就修好了,,,,,,,2026-01-05,2026-01-06,2026-01-09\n"
    )

    async def run(text: str, *more: str) -> Result:
        file.write_text(ALL + text, encoding="utf-8")
        command = ["tickets", "import", str(file), "--json", *more]
        return await asyncio.to_thread(CliRunner().invoke, app, command)

    asked = await run(rows, "--dry-run")
    assert document(asked) == {"new": 3, "known": 0, "wrong": [], "dry_run": True}
    assert await pool.fetchval("SELECT count(*) FROM tickets") == 0
    taken = await run(rows + "X-4,nobody,,,broadband.fault,断网两天了,,,,,,,2026-01-05,,\n")
    assert taken.exit_code == 1
    told = document(taken)
    assert (told["new"], told["known"], [one["line"] for one in told["wrong"]]) == (3, 0, [5])
    again = await run(rows.replace("断网两天", "断网三天"))
    assert document(again) == {"new": 0, "known": 3, "wrong": [], "dry_run": False}
    assert document(await run(rows, "--dry-run"))["known"] == 3

    first, second, third = await pool.fetch("SELECT * FROM tickets ORDER BY outside")
    assert (first["state"], first["owner"], first["created"]) == ("routed", leader.id, first["transferred"])
    assert (second["state"], second["grade"], second["contact_id"]) == ("routed", "ordinary", first["contact_id"])
    assert (third["state"], third["next_due"], third["visited"]) == ("archived", None, third["archived"])
    due = await pool.fetchval(
        "SELECT due FROM deadlines WHERE subject = 'ticket' AND subject_id = $1 AND clause = 'ticket.close'",
        first["id"],
    )
    assert due == first["created"] + timedelta(hours=48), "four days old: late from the first moment on"
    assert not await pool.fetchval("SELECT count(*) FROM deadlines WHERE subject_id = $1 AND met IS NULL", third["id"])
    assert await pool.fetchval("SELECT count(*) FROM messages") == 0, "customers are told of nothing"
    assert await pool.fetchval("SELECT count(*) FROM outbox") == 0
    assert await pool.fetchval("SELECT count(*) FROM alerts") == 0
    noted = await pool.fetch("SELECT detail FROM audit WHERE deed = 'tickets_imported' ORDER BY id")
    assert [row["detail"] for row in noted] == [
        "3 new, 0 known, 0 refused, of old.csv", "0 new, 3 known, 0 refused, of old.csv",
    ]  # fmt: skip

    await desk.stage.clock.sweep()
    page = await leader.get(f"/desk/tickets/{first['id']}")
    assert ("由外部工单 X-1 导入" in page, "超时" in page) == (True, True)
    for words, number in (("X-2", second["id"]), ("光猫红灯", first["id"])):
        found = await leader.get(f"/desk/tickets?words={words}")
        assert f'href="/desk/tickets/{number}"' in found, words
