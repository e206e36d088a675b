"""How alembic reaches the database: over asyncpg, one process at a time, never waiting long for a table's lock."""

import asyncio
import os

import asyncpg
from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

LOCK = 7_305_442_118
"""Any number, the same in all versions: whoever migrates holds this advisory lock."""
LOCK_TIMEOUT = "3s"
"""How long a statement waits for a table that the running service uses; then the migration gives up."""


def _database_url() -> str:
    url = context.config.attributes.get("database_url") or os.environ.get("HUIYING_DATABASE_URL")
    if not url:
        raise SystemExit("Set HUIYING_DATABASE_URL, or use: python -m bot migrate")
    return str(url)


def _migrate(connection: Connection) -> None:
    connection.exec_driver_sql("SET lock_timeout = 0")
    connection.exec_driver_sql(f"SELECT pg_advisory_lock({LOCK})")
    connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    connection.commit()
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


async def _online() -> None:
    url = _database_url()
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url), poolclass=pool.NullPool
    )
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)


asyncio.run(_online())
