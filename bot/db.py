"""Connections to PostgreSQL, the one truth."""

import json
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from types import MappingProxyType
from typing import Any, Protocol

import asyncpg

Row = Mapping[str, Any]
"""One row of a result, by column name; asyncpg's records also give values by position."""


class Statements(Protocol):
    """What a connection and a pool can both do with one statement."""

    async def fetch(self, query: str, *args: object) -> list[Row]:
        """All rows of a statement."""
        ...

    async def fetchrow(self, query: str, *args: object) -> Row | None:
        """The first row of a statement."""
        ...

    async def fetchval(self, query: str, *args: object) -> Any:
        """The first value of the first row."""
        ...

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement and return its status."""
        ...


class Connection(Statements, Protocol):
    """One connection."""

    def transaction(self) -> AbstractAsyncContextManager[object]:
        """A transaction around the block."""
        ...


class Session(Connection, Protocol):
    """A connection of one's own, which may keep state such as locks."""

    def terminate(self) -> None:
        """Close it at once."""
        ...


class Pool(Statements, Protocol):
    """A pool of connections."""

    def acquire(self) -> AbstractAsyncContextManager[Connection]:
        """Borrow a connection for the block."""
        ...

    async def close(self) -> None:
        """Close all connections once they are given back."""
        ...

    def terminate(self) -> None:
        """Close all connections at once."""
        ...


UNREACHABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.LockNotAvailableError,  # Somebody keeps the table for a while, as a change of the schema does.
    asyncpg.InternalClientError,  # The server has said that it goes down, and its connection has not ended yet.
    TimeoutError,
)
"""What a statement raises when the server is gone, going or coming back; the same statement may succeed later."""


NO_PLANS: Mapping[str, str] = MappingProxyType({})
BY_KEYS: Mapping[str, str] = MappingProxyType({"enable_seqscan": "off"})
"""For connections whose statements look rows up by key: a plan that is made while the tables of a young database are
empty would read them from end to end, and be kept when they have grown."""


async def open_pool(
    url: str, *, size: int, application: str = "huiying", planning: Mapping[str, str] = NO_PLANS
) -> Pool:
    """Open a pool whose connections keep no session state, so that none has to be reset on release.

    Args:
        url: a PostgreSQL URL.
        size: the most connections at once.
        application: the name that the server shows for these connections.
        planning: more settings of these connections, such as those of PostgreSQL's planner.

    Raises:
        OSError: the server cannot be reached.
    """
    pool: Pool = await asyncpg.create_pool(
        url,
        min_size=0,  # asyncpg keeps a floor with a task that logs a traceback for each try while the server is away.
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
            "jit": "off",  # Compiling a statement of a few milliseconds takes a hundred.
            **planning,
        },
    )
    try:
        await pool.execute("SELECT 1")
    except BaseException:
        pool.terminate()
        raise
    return pool


async def open_session(url: str, *, application: str = "huiying") -> Session:
    """Open a connection outside all pools; a server that the network has lost is noticed within a minute.

    Raises:
        OSError: the server cannot be reached.
    """
    session: Session = await asyncpg.connect(
        url,
        timeout=10.0,
        command_timeout=10.0,
        server_settings={
            "application_name": application,
            "tcp_keepalives_idle": "20",
            "tcp_keepalives_interval": "10",
            "tcp_keepalives_count": "3",
        },
    )
    return session


async def _init(connection: Any) -> None:
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


async def _leave_as_it_is(_connection: Any) -> None:
    """Nothing to reset: these connections never set session state."""
