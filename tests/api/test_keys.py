"""Keys are shown once and kept as hashes; making and revoking them is on record."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.db import Pool
from bot.keys.keys import Draft, Misfit, Right, Unfit, add_key, find_key, revoke_key
from bot.people.units import Level, add_unit, close_unit
from tests.api.program import OPERATOR

READING = frozenset({Right.SURVEYS_READ})


async def test_a_key_is_kept_as_a_hash_and_opens_until_it_is_revoked(pool: Pool) -> None:
    number, secret = await add_key(pool, Draft("warehouse", READING), OPERATOR)
    row = await pool.fetchrow("SELECT * FROM api_keys")
    assert row is not None
    assert secret not in str(dict(row))
    assert secret.startswith(row["start"])
    assert row["used"] is None
    found = await find_key(pool, secret)
    assert found is not None
    assert (found.id, found.rights, found.unit) == (number, READING, "/")
    assert await pool.fetchval("SELECT used FROM api_keys") is not None
    assert await revoke_key(pool, number, OPERATOR)
    assert not await revoke_key(pool, number, OPERATOR)
    assert await find_key(pool, secret) is None
    deeds = await pool.fetch("SELECT deed, what FROM audit ORDER BY id")
    assert [tuple(deed) for deed in deeds] == [("key_added", "key:1"), ("key_revoked", "key:1")]


async def test_a_key_opens_nothing_once_its_unit_is_closed(pool: Pool) -> None:
    unit = await add_unit(pool, 1, Level.TEAM, "一班", OPERATOR)
    _, secret = await add_key(pool, Draft("warehouse", READING, unit), OPERATOR)
    assert await find_key(pool, secret) is not None
    await close_unit(pool, unit, OPERATOR)
    assert await find_key(pool, secret) is None


UNFIT = {
    Misfit.NAME: Draft("", READING),
    Misfit.RIGHTS: Draft("warehouse", frozenset()),
    Misfit.UNIT: Draft("warehouse", READING, 99),
    Misfit.AGENT: Draft("warehouse", READING, login="nobody"),
    Misfit.NOBODY: Draft("warehouse", frozenset({Right.TICKETS_WRITE})),
}


async def test_a_key_that_makes_no_sense_is_not_made(pool: Pool) -> None:
    for why, draft in UNFIT.items():
        with pytest.raises(Unfit) as unfit:
            await add_key(pool, draft, OPERATOR)
        assert unfit.value.why is why


async def test_the_command_line_makes_lists_and_revokes_keys(
    database_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "DATA_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(f"HUIYING_{name}", value)
    monkeypatch.setenv("HUIYING_SECRET_KEY", "the secret of these tests")

    def run(*words: str) -> tuple[int, dict[str, Any]]:
        result = CliRunner().invoke(app, ["key", *words, "--json"])
        return result.exit_code, json.loads(result.stdout)

    code, made = await asyncio.to_thread(run, "add", "warehouse", "--scope", "surveys:read")
    assert (code, made["id"]) == (0, 1)
    _, listed = await asyncio.to_thread(run, "list")
    assert [(one["name"], one["revoked"]) for one in listed["keys"]] == [("warehouse", None)]
    assert str(made["key"]) not in json.dumps(listed)
    assert (await asyncio.to_thread(run, "revoke", "1"))[0] == 0
    code, refused = await asyncio.to_thread(run, "add", "x", "--scope", "tickets:write")
    assert code == 1
    assert "--as" in str(refused["error"])
