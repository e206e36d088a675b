"""A supervisor that was killed leaves servers behind; the next one ends them and loses nothing."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import asyncpg
import pytest

from bot.embedded import pg, strays
from bot.embedded.folders import Folders
from bot.embedded.lock import holder
from bot.embedded.servers import Choice, Servers
from tests.servers import QUICK


async def start(folder: Path) -> tuple[asyncio.subprocess.Process, dict[str, int]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.embedded.supervisor", str(folder), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        pids: dict[str, int] = json.loads(await process.stdout.readline())
    return process, pids


async def run(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def alive(pid: int) -> bool:
    return pid in strays.find(lambda words: True)


def over(folder: Path) -> list[int]:
    """The first processes of all PostgreSQL servers over a data folder."""
    return strays.find(lambda words: words[1:3] == ["-D", str(Folders(folder).cluster)])


async def test_the_next_one_ends_its_servers_and_loses_nothing(data_dir: Path) -> None:
    process, pids = await start(data_dir)
    url = pg.database_url(Folders(data_dir).sockets)
    await run(url, "CREATE TABLE kept AS SELECT 1 AS one")
    open_connection = await asyncpg.connect(url)
    process.kill()
    await process.wait()
    assert over(data_dir) == [pids["postgres"]]
    assert holder(data_dir) is None
    async with Servers(data_dir, Choice(settings=QUICK)) as servers:
        assert not [pid for pid in pids.values() if alive(pid)]
        assert over(data_dir) == [servers.pids["postgres"]]
        assert await run(servers.database_url, "SELECT one FROM kept") == 1
    open_connection.terminate()
    assert over(data_dir) == []


async def test_parts_of_a_server_whose_first_process_was_killed_too_are_ended(data_dir: Path) -> None:
    process, pids = await start(data_dir)
    url = pg.database_url(Folders(data_dir).sockets)
    busy = await asyncpg.connect(url)
    part = await busy.fetchval("SELECT pg_backend_pid()")
    sleeping = asyncio.ensure_future(busy.execute("SELECT pg_sleep(600)"))
    process.kill()
    os.kill(pids["postgres"], signal.SIGKILL)
    await process.wait()
    async with Servers(data_dir, Choice(settings=QUICK)) as servers:
        assert not alive(part)
        assert await run(servers.database_url, "SELECT 1") == 1
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await sleeping


async def test_a_lock_file_with_a_process_number_that_is_someone_elses_by_now_does_not_matter(data_dir: Path) -> None:
    only_postgres = Choice(wanted=frozenset({"postgres"}), settings=QUICK)
    async with Servers(data_dir, only_postgres) as servers:
        written = (Folders(data_dir).cluster / "postmaster.pid").read_text()
        owner = (Folders(data_dir).cluster).stat()
        assert written.startswith(f"{servers.pids['postgres']}\n")
    stale = Folders(data_dir).cluster / "postmaster.pid"
    for left in ("\n".join([str(os.getpid()), *written.splitlines()[1:], ""]), ""):
        stale.write_text(left)
        os.chown(stale, owner.st_uid, owner.st_gid)
        async with Servers(data_dir, only_postgres) as servers:
            assert await run(servers.database_url, "SELECT 1") == 1
