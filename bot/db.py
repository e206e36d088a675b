"""Connections to PostgreSQL, the one truth."""

import json
from typing import Any

import asyncpg

Pool = asyncpg.Pool
Connection = asyncpg.Connection

UNREACHABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    TimeoutError,
)
"""What a statement raises when the server is gone, going or coming back; the same statement may succeed later."""


async def open_pool(url: str, *, size: int, application: str = "huiying") -> Pool:
    """Open a pool whose connections keep no session state, so that none has to be reset on release.

    Args:
        url: a PostgreSQL URL.
        size: the most connections at once.
        application: the name that the server shows for these connections.

    Raises:
        OSError: the server cannot be reached.
    """
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        init=_init,
        reset=_leave_as_it_is,
        command_timeout=10.0,
        max_inactive_connection_lifetime=0,
        server_settings={
            "application_name": application,
            "timezone": "UTC",
            "idle_in_transaction_session_timeout": "2000",
            "lock_timeout": "500",
        },
    )


async def _init(connection: Any) -> None:
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


async def _leave_as_it_is(_connection: Any) -> None:
    """Nothing to reset: these connections never set session state."""
