"""Projects what PostgreSQL knows into Redis again: at the start, and whenever Redis has lost its memory."""

import asyncio
from secrets import token_hex

import structlog

from bot.db import UNREACHABLE, Pool
from bot.deadlines.index import DUE, member, milliseconds
from bot.sql import load
from bot.wire import AWAY, EPOCH, Wire

SQL = load(__file__, "deadlines.sql")
PAGE = 5_000
CHECK = 1.0
"""Seconds between two looks at whether Redis still remembers."""

log = structlog.get_logger()


class Projection:
    """Watches Redis' run id and the epoch key; when either is another, everything is projected anew."""

    def __init__(self, pool: Pool, wire: Wire) -> None:
        self._pool = pool
        self._wire = wire
        self._run_id = ""
        self.renewed = asyncio.Event()
        """Set after each projection; whoever holds more in Redis builds it again and clears it."""

    async def run(self) -> None:
        """Run until cancelled."""
        while True:
            try:
                await self.check()
            except (*AWAY, *UNREACHABLE) as error:
                log.debug("projection.waits", error=type(error).__name__)
            await asyncio.sleep(CHECK)

    async def check(self) -> bool:
        """Project where Redis is another than before; whether it was.

        Raises:
            redis.RedisError: Redis is away.
        """
        server = await self._wire.redis.info("server")
        run_id = str(server["run_id"])
        if run_id == self._run_id and await self._wire.redis.exists(EPOCH):
            return False
        count = await self.project()
        await self._wire.redis.set(EPOCH, token_hex(8))
        self._run_id = run_id
        self.renewed.set()
        log.info("projection.done", deadlines=count)
        return True

    async def project(self) -> int:
        """Put every deadline with a step to come into the index; returns how many there are.

        What the index holds beyond that means nothing: the clock takes it out when it comes up.
        """
        last, count = 0, 0
        while rows := await self._pool.fetch(SQL["armed"], last, PAGE):
            scores = {member(row["id"], row["generation"]): milliseconds(row["next_at"]) for row in rows}
            await self._wire.redis.zadd(DUE, scores)
            last, count = rows[-1]["id"], count + len(rows)
        return count
