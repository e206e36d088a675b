"""``python -m bot outbox``: dead letters are listed, sent again or dropped, beside a running service."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from bot.outbox.cli import app
from tests.bot.stage import FOLLOWER, Stage, open_stage


@pytest.fixture
async def stage(database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setenv("HUIYING_DATABASE_URL", database_url)
    monkeypatch.setenv("HUIYING_REDIS_URL", redis_url)
    monkeypatch.setenv("HUIYING_SECRET_KEY", "a key of this test only")
    async with open_stage(database_url, redis_url) as opened:
        yield opened


async def invoke(*args: str) -> Result:
    """Run a command of the outbox."""
    return await invoke_of(app, *args)


async def invoke_of(commands: Typer, *args: str) -> Result:
    """Run a command; it brings a loop of its own, so it gets a thread of its own."""
    return await asyncio.to_thread(CliRunner().invoke, commands, list(args))


async def dead_letter(stage: Stage, state: str) -> str:
    receipt = await stage.say("话费", FOLLOWER)
    await stage.pool.execute("UPDATE outbox SET state = $1, error = '45015', attempts = 2", state)
    return str(receipt.outbox_id)


async def test_the_list_shows_what_is_unfinished_without_anybodys_words(stage: Stage) -> None:
    number = await dead_letter(stage, "failed")
    result = await invoke("list", "--json")
    assert result.exit_code == 0
    (row,) = json.loads(result.stdout)["outbox"]
    assert (row["id"], row["state"], row["error"], row["attempts"]) == (int(number), "failed", "45015", 2)
    assert not {"text", "address"} & set(row)
    assert "45015" in (await invoke("list")).stdout


async def test_the_list_of_one_state_leaves_the_others_out(stage: Stage) -> None:
    await dead_letter(stage, "failed")
    result = await invoke("list", "--state", "in_doubt", "--json")
    assert json.loads(result.stdout) == {"outbox": []}


@pytest.mark.parametrize("state", ["failed", "in_doubt"])
async def test_a_dead_letter_can_be_sent_again(stage: Stage, state: str) -> None:
    number = await dead_letter(stage, state)
    result = await invoke("retry", number, "--json")
    assert json.loads(result.stdout) == {"ok": True, "id": int(number), "state": "queued"}
    assert result.exit_code == 0


@pytest.mark.parametrize("state", ["sent", "sending", "dropped"])
async def test_what_is_no_dead_letter_is_not_sent_again(stage: Stage, state: str) -> None:
    number = await dead_letter(stage, state)
    result = await invoke("retry", number)
    assert result.exit_code == 1
    assert await stage.pool.fetchval("SELECT state FROM outbox") == state


@pytest.mark.parametrize("state", ["queued", "failed", "in_doubt"])
async def test_what_is_not_wanted_any_more_can_be_dropped(stage: Stage, state: str) -> None:
    number = await dead_letter(stage, state)
    assert (await invoke("drop", number)).exit_code == 0
    assert await stage.pool.fetchval("SELECT state FROM outbox") == "dropped"


async def test_a_call_under_way_cannot_be_dropped(stage: Stage) -> None:
    number = await dead_letter(stage, "sending")
    result = await invoke("drop", number, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"ok": False, "id": int(number), "state": "sending"}


async def test_an_unknown_id_is_an_error(stage: Stage) -> None:
    assert (await invoke("retry", "4711")).exit_code == 1
