"""The command line subscribes, lists, renews secrets, switches off, and tells again."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.db import Pool


async def test_the_command_line_keeps_subscriptions(
    pool: Pool, database_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "DATA_DIR": str(tmp_path), "SECRET_KEY": "x" * 20}
    for name, value in environ.items():
        monkeypatch.setenv(f"HUIYING_{name}", value)

    async def run(*words: str, code: int = 0) -> dict[str, Any]:
        result = await asyncio.to_thread(CliRunner().invoke, app, ["webhook", *words, "--json"])
        assert result.exit_code == code, result.output
        told: dict[str, Any] = json.loads(result.stdout)
        return told

    made = await run("add", "erp", "https://erp.example/hook", "--event", "ticket.created")
    assert made["secret"].startswith("whsec_")
    assert "https://" in (await run("add", "erp", "http://10.0.0.1/", "--event", "ticket.created", code=1))["error"]
    assert (await run("rotate", "1"))["secret"] != made["secret"]
    await run("rotate", "2", code=1)
    await pool.execute("INSERT INTO happenings (type, at, told) VALUES ('ticket.created', now(), '{}')")
    await pool.execute("INSERT INTO hook_deliveries (happening_id, subscription_id) VALUES (1, 1)")
    await pool.execute("INSERT INTO hook_tries VALUES (1, now(), '503', 9)")
    (listed,) = (await run("list"))["webhooks"]
    assert (listed["failed"], listed["waiting"], listed["both_sign"]) == (1, 0, True)
    (told,) = (await run("log", "1"))["deliveries"]
    assert told["tries"][0][1:] == ["503", 9]
    table = await asyncio.to_thread(CliRunner().invoke, app, ["webhook", "log", "1"])
    assert "given up" in table.stdout
    assert await run("replay", "1") == {"ok": True, "deliveries": 1}
    assert (await run("replay", "1", code=1))["deliveries"] == 0
    assert (await run("disable", "1"))["ok"]
    await run("disable", "1", code=1)
    assert (await run("enable", "1"))["ok"]
