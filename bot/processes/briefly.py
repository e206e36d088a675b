"""Work of a command on the database of a running service: one connection, closed again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.db import Pool, open_pool
from bot.processes.connected import connected
from bot.settings import Settings, read

T = TypeVar("T")


def briefly(work: Callable[[Pool, Settings], Awaitable[T]]) -> T:
    """Do something with the database that this command finds, and leave it again."""

    async def worked(settings: Settings) -> T:
        pool = await open_pool(str(settings.database_url), size=1, application="huiying-command")
        try:
            return await work(pool, settings)
        finally:
            await pool.close()

    return asyncio.run(worked(connected(read())))
