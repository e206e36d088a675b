"""Forms as operators publish them: checked, in force within moments, on the trail, and every version kept."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.business.forms import FOLDER, read_editions
from bot.business.publish import publish
from bot.cli import app
from bot.knowledge.publish import Draft, InvalidDraft
from bot.knowledge.publish import publish as publish_knowledge
from bot.snapshot import Snapshot
from router.forms.table import parse
from tests.bot.stage import Stage, open_stage
from tests.router.test_forms import SMALL, office


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url, at=office()) as opened:
        yield opened


def test_a_form_is_checked_on_the_command_line_and_what_is_wrong_is_named_by_its_line(tmp_path: Path) -> None:
    good = CliRunner().invoke(app, ["forms", "check", str(FOLDER / "invoice.toml"), "--json"])
    assert json.loads(good.stdout) == {"ok": True, "form": "invoice", "version": 1, "steps": 5}
    file = tmp_path / "small.toml"
    file.write_text(SMALL.replace('kind = "text"', 'kind = "tune"'), encoding="utf-8")
    bad = CliRunner().invoke(app, ["forms", "check", str(file), "--json"])
    assert bad.exit_code == 1
    assert json.loads(bad.stdout)["line"] == 8


async def test_a_published_form_is_in_force_and_on_the_trail_and_its_versions_only_rise(stage: Stage) -> None:
    text = SMALL.replace("version = 2", "version = 3").replace(
        'en = "A small thing"', 'en = "A"\nphrases = ["小事一桩"]'
    )
    assert await publish(stage.pool, SMALL, parse("small", SMALL)) is not None
    assert await publish(stage.pool, text, parse("small", text)) is not None
    assert await publish(stage.pool, SMALL, parse("small", SMALL)) is None
    world = stage.world
    snapshot = Snapshot(stage.pool, world.standard, world.manners, world.routing, answers=False)
    await snapshot.refresh()
    assert snapshot.world.forms["small"].version == 3
    assert snapshot.world.form_phrases["小事一桩"] == "small"
    assert snapshot.world.form_editions["small", 2].title.en == "A small thing"
    assert "invoice" in snapshot.world.forms
    rows = await stage.pool.fetch("SELECT what, detail FROM audit WHERE deed = 'form_published' ORDER BY id")
    assert [(row["what"], row["detail"]) for row in rows] == [("form:small", "version=2"), ("form:small", "version=3")]
    entry = Draft("a", "问", (), "答", form="small")
    assert await publish_knowledge(stage.pool, [entry]) > 0
    with pytest.raises(InvalidDraft, match="a: there is no form none"):
        await publish_knowledge(stage.pool, [Draft("a", "问", (), "答", form="none")])
    assert (await read_editions(stage.pool)).of("small", 2) == parse("small", SMALL)
