"""Our own servers: what they promise, and what becomes of them when they are killed."""

import os
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from bot.embedded.binaries import find_postgres, find_redis
from bot.embedded.errors import DataFolderInUse, FolderUnreachable
from bot.embedded.folders import LONGEST_SOCKET_NAME, LONGEST_SOCKET_PATH, Folders
from bot.embedded.servers import Choice, Servers
from tests.embedded.until import until
from tests.servers import QUICK


def choice(*, wheel: bool) -> Choice:
    """The binaries of one kind; where the system has no Redis, the wheel's serves beside its PostgreSQL."""
    postgres = next(one for one in find_postgres() if one.wheel is wheel)
    redis = next((one for one in find_redis() if one.wheel is wheel), None)
    return Choice(postgres=postgres, redis=redis, settings=QUICK)


async def value(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_they_keep_what_they_were_told_over_kills_and_restarts(data_dir: Path, wheel: bool) -> None:
    kind = choice(wheel=wheel)
    async with Servers(data_dir, kind) as servers, Redis.from_url(servers.redis_url) as client:
        await value(servers.database_url, "CREATE TABLE kept AS SELECT 1 AS one")
        await client.set("kept", "1")
        before = dict(servers.pids)
        for name in ("postgres", "redis"):
            servers.kill(name)
        await until(lambda: set(servers.starts.values()) == {2})
        assert not set(before.values()) & set(servers.pids.values())
        assert await value(servers.database_url, "SELECT one FROM kept") == 1
        assert await client.get("kept") == b"1"
    async with Servers(data_dir, kind) as servers:
        assert await value(servers.database_url, "SELECT one FROM kept") == 1


async def test_they_are_durable_and_nothing_listens_on_the_network(data_dir: Path) -> None:
    async with Servers(data_dir) as servers, Redis.from_url(servers.redis_url, decode_responses=True) as client:
        shown = {
            name: await value(servers.database_url, f"SHOW {name}")
            for name in ("fsync", "synchronous_commit", "full_page_writes", "listen_addresses", "server_encoding")
        }
        assert shown == {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "listen_addresses": "",
            "server_encoding": "UTF8",
        }
        configured = await client.config_get("*")
        wanted = {"port": "0", "appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction"}
        assert {name: configured[name] for name in wanted} == wanted
        assert (data_dir / "run").stat().st_mode & 0o777 == 0o700


async def test_a_second_supervisor_on_the_same_data_is_refused(data_dir: Path) -> None:
    only_redis = Choice(wanted=frozenset({"redis"}))
    async with Servers(data_dir, only_redis):
        with pytest.raises(DataFolderInUse, match=str(os.getpid())):
            async with Servers(data_dir, only_redis):
                pass
    async with Servers(data_dir, only_redis):
        pass


@pytest.mark.parametrize("name", ["数据 folder, of a customer", "long-" * 40])
async def test_sockets_have_short_plain_paths_wherever_the_data_are(data_dir: Path, name: str) -> None:
    folder = data_dir / name
    sockets = Folders(folder).sockets
    assert len(f"{sockets}{LONGEST_SOCKET_NAME}".encode()) <= LONGEST_SOCKET_PATH
    try:
        async with Servers(folder, Choice(settings=QUICK)) as servers, Redis.from_url(servers.redis_url) as client:
            assert await value(servers.database_url, "SELECT 1") == 1
            assert await client.ping()
    finally:
        sockets.rmdir()


async def test_an_interrupted_first_start_is_made_anew(data_dir: Path) -> None:
    half_made = data_dir / "postgresql.new"
    (half_made / "base").mkdir(parents=True, mode=0o700)
    (half_made / "base" / "1").write_text("half")
    async with Servers(data_dir, Choice(wanted=frozenset({"postgres"}), settings=QUICK)) as servers:
        assert await value(servers.database_url, "SELECT 1") == 1


async def test_data_of_another_version_bring_their_binaries(data_dir: Path) -> None:
    found = find_postgres()
    if len({one.major for one in found}) < 2:
        pytest.skip("only one version of PostgreSQL is on this machine")
    other = next(one for one in reversed(found) if one.major != found[0].major)
    wanted = frozenset({"postgres"})
    async with Servers(data_dir, Choice(wanted=wanted, postgres=other, settings=QUICK)):
        pass
    async with Servers(data_dir, Choice(wanted=wanted, settings=QUICK)) as servers:
        version = await value(servers.database_url, "SELECT current_setting('server_version_num')::int / 10000")
    assert version == other.major


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as another account")
async def test_as_root_the_servers_run_as_an_unprivileged_account(data_dir: Path) -> None:
    async with Servers(data_dir, Choice(settings=QUICK)) as servers:
        owners = {os.stat(f"/proc/{pid}").st_uid for pid in servers.pids.values()}
    assert 0 not in owners


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as another account")
async def test_as_root_a_folder_that_the_account_cannot_reach_is_a_clear_error(data_dir: Path) -> None:
    locked = data_dir / "locked"
    locked.mkdir(mode=0o700)
    with pytest.raises(FolderUnreachable, match=str(locked)):
        async with Servers(locked / "data"):
            pass
    assert locked.stat().st_mode & 0o777 == 0o700


async def test_the_same_folder_by_another_name_is_the_same_folder(data_dir: Path) -> None:
    real, link = data_dir / "real", data_dir / "link"
    real.mkdir(mode=0o711)
    link.symlink_to(real)
    only_redis = Choice(wanted=frozenset({"redis"}))
    async with Servers(real, only_redis) as servers, Servers(real.parent / "other", only_redis) as others:
        assert others.redis_url != servers.redis_url
        with pytest.raises(DataFolderInUse):
            async with Servers(link, only_redis):
                pass
    async with Servers(link, only_redis) as again:
        assert again.redis_url == servers.redis_url


async def test_a_file_in_the_place_of_the_data_folder_is_a_clear_error(data_dir: Path) -> None:
    (data_dir / "file").write_text("")
    with pytest.raises(FolderUnreachable, match="HUIYING_DATA_DIR"):
        async with Servers(data_dir / "file"):
            pass
