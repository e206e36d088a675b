"""``up`` as people and scripts meet it: a process that starts everything, keeps it running and takes it along."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest

from bot.embedded import strays
from bot.embedded.runfile import Running, find_running
from bot.processes.parts import PART
from tests.embedded.until import until

STARTS_WITHIN = 120.0
"""Seconds; a busy machine of CI takes longer than a person's."""
ENDS_WITHIN = 15.0

IN_BACKGROUND = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")
"""How a shell without a terminal starts ``command &``: with SIGINT ignored."""

pytestmark = pytest.mark.timeout(500)


@asynccontextmanager
async def up(environ: Mapping[str, str]) -> AsyncIterator[tuple[asyncio.subprocess.Process, dict[str, Any]]]:
    """A running ``up`` with what it announced; it is killed at the end if a test has not ended it."""
    process = await bot("up", "--json", environ=environ)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(STARTS_WITHIN):
            line = await process.stdout.readline()
        assert line, await said(process)
        yield process, json.loads(line)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.communicate()


async def bot(*arguments: str, environ: Mapping[str, str], before: Sequence[str] = ()) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *before,
        sys.executable,
        *("-m", "bot", *arguments),
        env=dict(environ),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=2**20,
    )


async def said(process: asyncio.subprocess.Process) -> str:
    return (await process.communicate())[1].decode()


async def status(url: str) -> int:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session, session.get(url) as response:
        return response.status


def parts(process: asyncio.subprocess.Process) -> dict[str, int]:
    """The parts that this ``up`` runs, by name."""
    found = {}
    for pid in strays.find(lambda words: words[2:3] == [PART] and words[-1] == str(process.pid)):
        with suppress(OSError, IndexError):  # One that is just ending has no words any more.
            found[Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[3].decode()] = pid
    return found


def running(environ: Mapping[str, str]) -> Running | None:
    return find_running(Path(environ["HUIYING_DATA_DIR"]))


async def test_it_starts_everything_tells_the_addresses_and_ends_when_told(environ: dict[str, str]) -> None:
    async with up(environ) as (process, announced):
        assert announced["chat"].endswith("/chat/demo")
        assert announced["desk"].endswith("/desk")
        assert {one["role"] for one in announced["logins"]} >= {"agent", "leader"}
        assert await status(announced["chat"]) == 200
        found = running(environ)
        assert found is not None
        assert (found.pid, found.base_url) == (process.pid, f"http://127.0.0.1:{environ['HUIYING_PORT']}")
        connection = await asyncpg.connect(found.database_url)
        await connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        await connection.close()
        assert set(parts(process)) == {"web", "worker", "jobs"}
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(ENDS_WITHIN):
            left, _ = await process.communicate()
        assert (process.returncode, left) == (0, b"")
        assert parts(process) == {}
        assert running(environ) is None
    async with up(environ) as (process, again):
        assert again["logins"] == announced["logins"]
        found = running(environ)
        assert found is not None
        connection = await asyncpg.connect(found.database_url)
        assert await connection.fetchval("SELECT one FROM kept") == 1
        await connection.close()
        process.terminate()
        async with asyncio.timeout(ENDS_WITHIN):
            await process.communicate()
        assert process.returncode == 0


async def test_it_starts_again_what_is_killed_and_takes_its_parts_along_when_killed_itself(
    environ: dict[str, str],
) -> None:
    async with up(environ) as (process, announced):
        before = parts(process)
        for pid in before.values():
            os.kill(pid, signal.SIGKILL)
        await until(
            lambda: set(parts(process)) == set(before) and not set(parts(process).values()) & set(before.values())
        )
        await _answers(f"{announced['base_url']}/healthz")
        second = await bot("up", "--json", environ=environ | {"HUIYING_PORT": "1"})
        left, complaint = await second.communicate()
        assert (second.returncode, f"process {process.pid}" in complaint.decode()) == (1, True)
        assert str(process.pid) in json.loads(left)["error"]
        process.kill()
        await process.wait()
        assert running(environ) is None
    async with up(environ) as (_, again):
        assert parts(process) == {}
        assert await status(f"{again['base_url']}/healthz") == 200


async def _answers(url: str) -> None:
    async with asyncio.timeout(STARTS_WITHIN):
        while True:
            with suppress(aiohttp.ClientError):
                if await status(url) == 200:
                    return
            await asyncio.sleep(0.05)


async def test_its_parts_end_by_themselves_when_it_is_killed(environ: dict[str, str]) -> None:
    async with up(environ) as (process, _):
        process.kill()
        await process.wait()
        await until(lambda: parts(process) == {}, seconds=ENDS_WITHIN)


async def test_a_port_that_is_taken_is_said_at_once(environ: dict[str, str]) -> None:
    taken = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", int(environ["HUIYING_PORT"]))
    async with taken:
        process = await bot("up", environ=environ)
        complaint = await said(process)
    assert process.returncode == 2
    assert complaint.startswith("HUIYING_PORT")
    assert not (Path(environ["HUIYING_DATA_DIR"]) / "postgresql").exists()


async def test_told_to_stop_while_it_starts_it_stops_cleanly_also_as_a_script_s_background_job(
    environ: dict[str, str],
) -> None:
    process = await bot("up", environ=environ, before=IN_BACKGROUND)
    folder = Path(environ["HUIYING_DATA_DIR"])
    await until((folder / "lock").exists)
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(ENDS_WITHIN):
        await process.communicate()
    assert process.returncode == 0
    assert strays.find(lambda words: any(word.startswith(str(folder)) for word in words)) == []


async def test_servers_that_are_not_there_are_said_without_a_traceback(environ: dict[str, str]) -> None:
    process = await bot("migrate", "--json", environ=environ | {"HUIYING_DATABASE_URL": "postgresql://h@127.0.0.1:1/h"})
    told, complaint = await process.communicate()
    assert process.returncode == 1
    assert "Traceback" not in complaint.decode()
    assert json.loads(told)["error"]


async def test_commands_beside_it_say_what_to_do_where_nothing_runs(environ: dict[str, str]) -> None:
    process = await bot("worker", environ=environ)
    complaint = await said(process)
    assert process.returncode == 1
    assert "python -m bot up" in complaint


async def test_migrate_needs_no_running_service(environ: dict[str, str]) -> None:
    process = await bot("migrate", "--json", environ=environ)
    told, complaint = await process.communicate()
    assert process.returncode == 0, complaint
    assert json.loads(told)["revision"]
