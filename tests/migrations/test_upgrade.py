"""Migrating: by several processes at once, forwards and back, and never half."""

import asyncio
import sys

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DBAPIError

from bot.embedded.off_loop import off_loop
from bot.migrations.run import FOLDER, upgrade


async def tables(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {row["tablename"] for row in rows}
    finally:
        await connection.close()


async def test_several_processes_may_migrate_at_once(empty_database_url: str) -> None:
    script = "import asyncio, sys; from bot.migrations.run import upgrade; print(asyncio.run(upgrade(sys.argv[1])))"
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", script, empty_database_url, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(3)
    ]
    said = {(await process.communicate())[0] for process in started}
    assert said == {f"{await upgrade(empty_database_url)}\n".encode()}
    assert {"contacts", "messages", "alembic_version"} <= await tables(empty_database_url)


async def test_one_process_may_migrate_several_times_at_once(empty_database_url: str) -> None:
    revisions = await asyncio.gather(*(upgrade(empty_database_url) for _ in range(3)))
    assert len(set(revisions)) == 1


async def test_every_revision_can_be_taken_back(empty_database_url: str) -> None:
    await upgrade(empty_database_url)
    forward = await tables(empty_database_url)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["database_url"] = empty_database_url
    await off_loop(command.downgrade, config, "base")
    assert await tables(empty_database_url) == {"alembic_version"}
    await upgrade(empty_database_url)
    assert await tables(empty_database_url) == forward


async def test_a_revision_that_fails_leaves_nothing_behind(empty_database_url: str) -> None:
    connection = await asyncpg.connect(empty_database_url)
    try:
        await connection.execute("CREATE TABLE outbox (mine integer)")
    finally:
        await connection.close()
    with pytest.raises((DBAPIError, asyncpg.PostgresError)):
        await upgrade(empty_database_url)
    assert await tables(empty_database_url) <= {"outbox", "alembic_version"}
