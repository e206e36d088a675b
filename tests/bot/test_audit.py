"""The audit trail: written with each change, sealed behind it, and any hand on it shows."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from bot.audit.audit import By, Deed, note
from bot.audit.cli import app
from bot.audit.seal import MOST, seal
from bot.audit.verify import verify
from bot.bus import Bus
from bot.db import Pool, Statements
from bot.login.log_in import TRIES
from bot.people.people import People
from bot.people.rights import Role
from tests.bot.desk_stage import PASSWORD, DeskStage, open_desk
from tests.bot.entrance import entrance
from tests.bot.test_outbox_cli import invoke_of

WANG = By(7, "wangfang", "10.0.0.8")


@pytest.fixture
async def desk(database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DeskStage]:
    monkeypatch.setenv("HUIYING_DATABASE_URL", database_url)
    monkeypatch.setenv("HUIYING_REDIS_URL", redis_url)
    monkeypatch.setenv("HUIYING_SECRET_KEY", "a key of this test only")
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def written(pool: Statements, rows: int) -> None:
    for number in range(rows):
        await note(pool, WANG, Deed.DISCLOSE, f"contact:{number}", detail="contact.number", reason="回电\n核实")


async def deeds(pool: Pool) -> list[tuple[str, str, str]]:
    rows = await pool.fetch("SELECT who, deed, what FROM audit ORDER BY id")
    return [(row["who"], row["deed"], row["what"]) for row in rows]


async def tampered(pool: Pool, *statements: str) -> None:
    """What a superuser can do."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement)


async def faults(pool: Pool) -> list[tuple[int, str]]:
    return [(one.place, one.kind) for one in (await verify(pool)).faults]


# The chain ------------------------------------------------------------------------------------------------------


async def test_rows_are_sealed_behind_the_change_and_hold(pool: Pool) -> None:
    await written(pool, 3)
    verdict = await verify(pool)
    assert (verdict.sealed, verdict.unsealed, verdict.faults) == (0, 3, [])
    assert verdict.unsealed_since is not None
    assert await seal(pool) == 3
    await written(pool, 2)
    verdict = await verify(pool)
    assert (verdict.sealed, verdict.place, verdict.unsealed, verdict.faults) == (3, 3, 2, [])
    assert await seal(pool) == 2
    assert await seal(pool) == 0
    assert (await verify(pool)).faults == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET reason = 'x' WHERE place = 3",
        "UPDATE audit SET at = at + interval '1 microsecond' WHERE place = 3",
        "UPDATE audit SET agent_id = NULL WHERE place = 3",
        "UPDATE audit SET detail = '', reason = detail || reason WHERE place = 3",
        "UPDATE audit SET seal = sha256('x') WHERE place = 3",
    ],
)
async def test_an_altered_row_shows(pool: Pool, change: str) -> None:
    await written(pool, 5)
    await seal(pool)
    await tampered(pool, change)
    assert (3, "altered") in await faults(pool)


async def test_a_row_taken_out_of_the_middle_shows(pool: Pool) -> None:
    await written(pool, 5)
    await seal(pool)
    await tampered(pool, "DELETE FROM audit WHERE place = 3")
    assert (3, "missing") in await faults(pool)
    await tampered(pool, "UPDATE audit SET place = place - 1 WHERE place > 3")
    assert (3, "altered") in await faults(pool)


async def test_rows_cut_off_at_the_end_show(pool: Pool) -> None:
    await written(pool, 5)
    await seal(pool)
    known = await pool.fetchrow("SELECT place, seal FROM audit_head")
    assert known is not None
    await tampered(pool, "DELETE FROM audit WHERE place > 3")
    assert await faults(pool) == [(4, "cut_off")]
    await tampered(pool, "UPDATE audit_head SET (place, seal) = (SELECT place, seal FROM audit WHERE place = 3)")
    assert await faults(pool) == []
    verdict = await verify(pool, (known["place"], known["seal"]))
    assert [one.kind for one in verdict.faults] == ["cut_off"]


async def test_a_chain_made_anew_shows_against_a_head_that_was_written_down(pool: Pool) -> None:
    await written(pool, 3)
    await seal(pool)
    before = await verify(pool)
    await tampered(
        pool,
        "UPDATE audit SET reason = 'x', place = NULL, seal = NULL",
        "UPDATE audit_head SET place = 0, seal = sha256('huiying audit')",
    )
    await seal(pool)
    assert await faults(pool) == []
    assert [one.kind for one in (await verify(pool, (before.place, before.seal))).faults] == ["other_head"]


async def test_many_workers_seal_one_chain_while_rows_come(pool: Pool) -> None:
    async def worker() -> None:
        for _ in range(20):
            await seal(pool)

    await asyncio.gather(worker(), worker(), written(pool, 40))
    await seal(pool)
    verdict = await verify(pool)
    assert (verdict.sealed, verdict.unsealed, verdict.faults) == (40, 0, [])


async def test_a_row_that_commits_late_finds_its_place_behind(pool: Pool) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await written(connection, 1)
        await written(pool, 2)
        assert await seal(pool) == 2
    assert await seal(pool) == 1
    rows = await pool.fetch("SELECT id, place FROM audit ORDER BY id")
    assert [row["place"] for row in rows] == [3, 1, 2]
    assert await faults(pool) == []


async def test_a_long_tail_is_sealed_a_thousand_at_a_time(pool: Pool) -> None:
    await pool.execute("INSERT INTO audit (who, deed) SELECT 'x', 'log_in' FROM generate_series(1, $1)", MOST + 1)
    assert await seal(pool) == MOST
    assert await seal(pool) == 1
    assert await faults(pool) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET reason = 'x'",
        "UPDATE audit SET place = 9, seal = sha256('x'), reason = 'x' WHERE place IS NULL",
        "UPDATE audit SET place = NULL, seal = NULL WHERE place IS NOT NULL",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "DELETE FROM audit_head",
    ],
)
async def test_nothing_but_sealing_changes_the_trail(pool: Pool, change: str) -> None:
    await written(pool, 1)
    await seal(pool)
    await written(pool, 1)
    with pytest.raises(asyncpg.RaiseError, match="never changed"):
        await pool.execute(change)


# What is written ------------------------------------------------------------------------------------------------


async def test_log_ins_accounts_and_passwords_are_on_record(pool: Pool, redis_url: str) -> None:
    people = People(pool, Bus(redis_url))
    log_in = entrance(pool, people)
    number = await people.add("wangfang", PASSWORD, name="王芳", role=Role.AGENT, by=WANG)
    assert await people.add("wangfang", PASSWORD, name="王芳", role=Role.AGENT, by=WANG) is None
    for _ in range(TRIES + 2):
        await log_in("wangfang", "wrong", "10.0.0.9")
    await log_in("nobody", "wrong", "10.0.0.9")
    await people.set_password("wangfang", "another long one", WANG)
    session = await people.find(await log_in("wangfang", "another long one", "10.0.0.9") or "")
    assert session is not None
    await people.log_out(session, "10.0.0.9")
    what = f"agent:{number}"
    assert await deeds(pool) == [
        ("wangfang", "account_added", what),
        *[("wangfang", "log_in_refused", what)] * TRIES,
        ("wangfang", "password_set", what),
        ("wangfang", "log_in", what),
        ("wangfang", "log_out", what),
    ]
    assert PASSWORD not in str(await pool.fetch("SELECT * FROM audit"))


async def test_a_chat_taken_from_a_colleague_is_on_record_and_one_from_the_queue_is_not(desk: DeskStage) -> None:
    wang, leader = await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    one, other = await desk.queued("v:1"), await desk.queued("v:2")
    await desk.give(one, wang.id)
    for number in (one, other):
        await leader.get(f"/desk/c/{number}")
        await leader.post(f"/desk/c/{number}/take")
    row = await desk.stage.pool.fetchrow("SELECT who, what, detail FROM audit WHERE deed = 'take_over'")
    assert row is not None
    assert tuple(row.values()) == ("chenjing", f"conversation:{one}", f"agent {wang.id} -> {leader.id}")
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM audit WHERE deed = 'take_over'") == 1


async def test_a_change_that_fails_leaves_no_trace_and_a_trace_that_fails_no_change(pool: Pool, redis_url: str) -> None:
    people = People(pool, Bus(redis_url))
    await people.add("wangfang", PASSWORD, name="王芳", role=Role.AGENT)
    before = await pool.fetchval("SELECT password_hash FROM agents")
    await pool.execute("ALTER TABLE audit ADD CONSTRAINT closed CHECK (deed <> 'password_set')")
    with pytest.raises(asyncpg.CheckViolationError):
        await people.set_password("wangfang", "another long one")
    assert await pool.fetchval("SELECT password_hash FROM agents") == before


# How it is read -------------------------------------------------------------------------------------------------


async def test_an_auditor_reads_the_trail_by_day_person_and_deed(desk: DeskStage) -> None:
    auditor = await desk.hire("shenji", "审计", role=Role.AUDITOR)
    await auditor.get("/desk/login")
    await auditor.post("/desk/login", {"login": "shenji", "password": PASSWORD})
    await auditor.get("/desk", status=303)
    await note(desk.stage.pool, By(9, "<b>x", "::1"), Deed.DISCLOSE, "contact:1", reason="<i>回电")
    page = await auditor.get("/desk/audit")
    for shown in ("审计记录", "登录", "shenji", "&lt;b&gt;x", "&lt;i&gt;回电", "127.0.0.1"):
        assert shown in page
    assert lines(await auditor.get("/desk/audit?deed=disclose")) == 1
    assert lines(await auditor.get("/desk/audit?who=shenji")) == 1
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date()
    assert lines(await auditor.get(f"/desk/audit?since={tomorrow}")) == 0
    assert lines(await auditor.get(f"/desk/audit?until={tomorrow}")) > 1
    assert lines(await auditor.get("/desk/audit?since=x&until=9999-99-99&deed=y&who=%00")) > 1
    await auditor.get("/desk/audit?before=x", status=404)


async def test_a_long_trail_comes_in_pages(desk: DeskStage) -> None:
    admin = await desk.agent("admin", "管理", role=Role.ADMIN)
    await written(desk.stage.pool, 120)
    page = await admin.get("/desk/audit?deed=disclose")
    assert lines(page) == 100
    older = page.split('href="/desk/audit?')[1].split('"')[0].replace("&amp;", "&")
    assert lines(await admin.get(f"/desk/audit?{older}")) == 20


async def test_the_command_line_lists_and_verifies(desk: DeskStage) -> None:
    await desk.hire("wangfang")
    await seal(desk.stage.pool)
    listed = json.loads((await invoke_of(app, "list", "--deed", "account_added", "--json")).stdout)["audit"]
    assert [(row["whom"], row["detail"], row["origin"]) for row in listed] == [
        ("wangfang", "role=agent", "command line")
    ]
    told = await verified()
    assert (told["ok"], told["sealed"], told["unsealed"]) == (True, 1, 0)
    assert (await verified("--known", str(told["head"])))["ok"]
    assert (await invoke_of(app, "verify", "--known", "x:y")).exit_code == 2
    await tampered(desk.stage.pool, "UPDATE audit SET who = 'x'")
    result = await invoke_of(app, "verify", "--json")
    assert (result.exit_code, json.loads(result.stdout)["faults"][0]["kind"]) == (1, "altered")


async def verified(*options: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((await invoke_of(app, "verify", "--json", *options)).stdout)
    return found


def lines(page: str) -> int:
    return max(0, page.count("<tr>") - 1)
