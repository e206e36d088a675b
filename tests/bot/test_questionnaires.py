"""Questionnaires as operators publish them: checked, in force within moments, on the trail, and every version kept."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.snapshot import Snapshot
from tests.bot.stage import Stage, open_stage
from tests.commands import document
from tests.router.test_questionnaire import SMALL


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


async def test_a_questionnaire_is_checked_published_and_asked_by_and_its_versions_only_rise(
    stage: Stage, database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "DATA_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(f"HUIYING_{name}", value)
    file = tmp_path / "questionnaire.toml"

    async def run(command: str, text: str = SMALL) -> Result:
        file.write_text(text, encoding="utf-8-sig")
        named = [] if command == "show" else [str(file)]
        return await asyncio.to_thread(CliRunner().invoke, app, ["survey", "questionnaire", command, *named, "--json"])

    wrong = await run("check", SMALL.replace("stars = [1, 2]", "stars = [9]"))
    assert (wrong.exit_code, document(wrong)["line"], document(wrong)["where"]) == (
        1, 12, "reasons.reason.slow",
    )  # fmt: skip
    assert document(await run("check")) == {"ok": True, "version": 3, "reasons": 2}
    assert document(await run("show"))["version"] == 1
    assert document(await run("publish")) == {"version": 3}
    assert (await run("publish")).exit_code == 1
    assert (await run("publish", SMALL.replace("version = 3", "version = 2"))).exit_code == 1
    shown = document(await run("show"))
    assert (shown["version"], shown["questions"]["reasons"]) == (3, "为什么？")
    assert shown["reasons"][0] == {"id": "slow", "label": "慢", "stars": [1, 2]}

    snapshot = Snapshot(stage.pool, stage.world.standard, stage.world.manners, stage.world.routing, answers=False)
    await snapshot.refresh()
    known = snapshot.world.questionnaires
    assert (known.latest.version, sorted(known.all)) == (3, [1, 3])
    noted = await stage.pool.fetch("SELECT detail FROM audit WHERE deed = 'questionnaire_published'")
    assert [row["detail"] for row in noted] == ["version=3"]
