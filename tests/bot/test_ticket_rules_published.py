"""Ticket rules as operators publish them: checked, in force within moments, on the trail, no department forgotten."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.snapshot import Snapshot
from bot.tickets.rules import shipped_text
from tests.bot.stage import Stage, open_stage
from tests.bot.test_tickets import FAULT, at_work
from tests.commands import document
from tests.router.test_forms import office

SMALL = """
[department.field]
zh = "装维部"
en = "Field service"

[business.line]
zh = "线路"
en = "Line"
department = "field"
"""


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url, at=office()) as opened:
        yield opened


async def test_published_rules_lead_new_tickets_and_a_department_that_is_needed_cannot_go(
    stage: Stage, database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "DATA_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(f"HUIYING_{name}", value)
    file = tmp_path / "tickets.toml"

    async def run(command: str, text: str) -> Result:
        file.write_text(text, encoding="utf-8")
        named = [] if command == "show" else [str(file)]
        return await asyncio.to_thread(CliRunner().invoke, app, ["tickets", command, *named, "--json"])

    wrong = await run("check", SMALL.replace('department = "field"', 'department = "feild"'))
    assert (wrong.exit_code, document(wrong)["line"]) == (1, 9)
    assert document(await run("show", ""))["text"] == shipped_text()
    await (await at_work(stage)).made(FAULT)
    refused = await run("publish", SMALL)
    assert (refused.exit_code, "network" in document(refused)["problem"]) == (1, True)
    await stage.pool.execute("UPDATE tickets SET archived = now(), visited = now()")
    assert (await run("publish", SMALL)).exit_code == 0
    assert document(await run("show", ""))["text"] == SMALL
    noted = await stage.pool.fetch("SELECT deed FROM audit WHERE deed = 'ticket_rules_published'")
    assert len(noted) == 1

    snapshot = Snapshot(stage.pool, stage.world.standard, stage.world.manners, stage.world.routing, answers=False)
    await snapshot.refresh()
    assert snapshot.world.tickets.department_of("line") == "field"
    assert not snapshot.world.tickets.is_leaf("broadband.fault")
