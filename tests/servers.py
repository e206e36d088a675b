"""Real servers for the tests: our own supervisor's in a folder of the run, or those that the environment names."""

import asyncio
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import asyncpg

from bot.config.urls import joined
from bot.embedded import pg, redis
from bot.embedded.folders import Folders
from bot.embedded.lock import holder
from bot.embedded.servers import BOTH, Choice, Servers

PLACES = (Path("/dev/shm"), Path("/tmp"))  # noqa: S108 - short enough for sockets, and every account reaches them
ROOM = 4 * 2**30
"""Bytes that must be free in memory, so that the run's databases are kept there: each test makes and drops one."""
FOLDER = "huiying-tests-"
YOUNG = 60.0
"""Seconds in which a folder may belong to a run that is just starting."""
QUICK = MappingProxyType({"fsync": "off", "full_page_writes": "off"})
"""A test's database need not survive the machine, only its own processes."""
TEST_REDIS_DB = 15
"""The database of a Redis named by the environment that the tests empty."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the run's servers are."""

    database_url: str
    redis_url: str


@contextmanager
def running(choice: Choice) -> Iterator[Addresses]:
    """Run our own servers in a thread with a loop of its own, since each test brings its own loop."""
    _remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=FOLDER, dir=place()))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="servers", daemon=True)
    thread.start()
    servers = Servers(folder, choice)
    try:
        asyncio.run_coroutine_threadsafe(servers.__aenter__(), loop).result(timeout=120)
        try:
            yield Addresses(servers.database_url, servers.redis_url)
        finally:
            asyncio.run_coroutine_threadsafe(servers.__aexit__(None, None, None), loop).result(timeout=60)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        shutil.rmtree(folder)


def place() -> Path:
    """Where the folders of a run are."""
    memory, disk = PLACES
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else disk


def _remove_leftovers() -> None:
    """End the servers and remove the folders of runs that were killed."""
    for folder in (found for place in PLACES for found in place.glob(f"{FOLDER}*")):
        with suppress(FileNotFoundError):
            status = folder.stat()
            if status.st_uid == os.geteuid() and time.time() - status.st_mtime > YOUNG and holder(folder) is None:
                asyncio.run(end_servers(Folders(folder)))
                shutil.rmtree(folder)


async def end_servers(folders: Folders) -> None:
    """End what runs over these data, where whoever started it was killed."""
    await asyncio.gather(pg.end_strays(folders), redis.end_strays(folders))


@contextmanager
def addresses() -> Iterator[Addresses]:
    """The servers of this run: of our own where the environment names none."""
    database_url = os.environ.get("HUIYING_DATABASE_URL", "")
    redis_url = os.environ.get("HUIYING_REDIS_URL", "")
    named = ({pg.NAME} if database_url else set()) | ({redis.NAME} if redis_url else set())
    given = Addresses(database_url, _with_test_db(redis_url))
    if named == BOTH:
        yield given
        return
    with running(Choice(wanted=BOTH - named, settings=QUICK)) as own:
        yield Addresses(given.database_url or own.database_url, given.redis_url or own.redis_url)


def _with_test_db(redis_url: str) -> str:
    if not redis_url:
        return ""
    parts = urlsplit(redis_url)
    if parts.scheme == "unix":
        return joined(parts._replace(query=f"db={TEST_REDIS_DB}"))
    return joined(parts._replace(path=f"/{TEST_REDIS_DB}"))


def beside(database_url: str, name: str) -> str:
    """The URL of another database on the same server."""
    return joined(urlsplit(database_url)._replace(path=f"/{name}"))


async def create_database(url: str, name: str, *, template: str = "template1") -> None:
    """Make a database from a template that nobody is connected to; files are copied, which writes half as much."""
    await _execute(url, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')


async def drop_database(url: str, name: str) -> None:
    """Remove a database and whoever is still connected to it."""
    await _execute(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        with suppress(OSError):
            await connection.close()
