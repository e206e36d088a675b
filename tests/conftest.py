"""What tests share: real servers, a fresh database and an empty Redis for each test that asks for one."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings
from redis.asyncio import Redis

from bot.db import Pool, open_pool
from bot.migrations.run import upgrade
from tests.servers import Addresses, addresses, beside, create_database, drop_database

HERE = Path(__file__).parent
PURE = ("channels", "config", "content", "fuzz", "router", "standard")
"""Folders whose tests need neither servers nor a browser, unless one asks for them."""
LONG = ("browser", "chaos", "processes")
"""Folders whose files take minutes."""
SERVED = frozenset({"servers", "page", "browser"})
"""Fixtures that bring a server or a browser."""


settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # No property depends on how fast a machine is.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)
"""Plain traces: a drawn one with all its locals takes longer than an open transaction may rest."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the pure tests, so that ``-m pure`` is the quick round; what takes long begins first, or one process would
    end the round alone."""
    items.sort(key=lambda item: item.path.relative_to(HERE).parts[0] not in LONG)
    for item in items:
        asked = frozenset(getattr(item, "fixturenames", ()))
        if item.path.relative_to(HERE).parts[0] in PURE and not asked & SERVED:
            item.add_marker(pytest.mark.pure)


@pytest.fixture(scope="session")
def servers() -> Iterator[Addresses]:
    """PostgreSQL and Redis for the whole run; tests want ``database_url`` and ``redis_url`` instead."""
    with addresses() as found:
        yield found


@pytest.fixture(scope="session")
def template(servers: Addresses) -> Iterator[str]:
    """The name of a migrated database that others are copied from."""
    name = f"huiying_template_{secrets.token_hex(4)}"
    asyncio.run(create_database(servers.database_url, name))
    asyncio.run(upgrade(beside(servers.database_url, name)))
    yield name
    asyncio.run(drop_database(servers.database_url, name))


@pytest.fixture
async def empty_database_url(servers: Addresses) -> AsyncIterator[str]:
    """A database of the test's own without tables."""
    name = f"huiying_test_{secrets.token_hex(6)}"
    await create_database(servers.database_url, name)
    yield beside(servers.database_url, name)
    await drop_database(servers.database_url, name)


@pytest.fixture
async def database_url(servers: Addresses, template: str) -> AsyncIterator[str]:
    """A database of the test's own, migrated."""
    name = f"huiying_test_{secrets.token_hex(6)}"
    await create_database(servers.database_url, name, template=template)
    yield beside(servers.database_url, name)
    await drop_database(servers.database_url, name)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """Connections to the test's own database."""
    opened = await open_pool(database_url, size=4)
    yield opened
    opened.terminate()


@pytest.fixture
async def redis_url(servers: Addresses) -> str:
    """An empty Redis."""
    async with Redis.from_url(servers.redis_url) as client:
        await client.flushdb()
    return servers.redis_url


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """A client of the empty Redis."""
    async with Redis.from_url(redis_url) as client:
        yield client
