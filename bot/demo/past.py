"""A past that is lived through: the house's own code runs on a clock of ours, which jumps from one event to the next.

Connections that are opened with ``SETTINGS`` read the time from a row that we set, so turns, deadlines and surveys of
a month are decided, written and derived exactly as they would have been, in seconds.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from heapq import heappop, heappush
from types import MappingProxyType

from bot.db import BY_KEYS, Pool
from bot.sql import load
from bot.tasks import end as ended

SQL = load(__file__, "past.sql")
SETTINGS: Mapping[str, str] = MappingProxyType(
    {**BY_KEYS, "search_path": "past, public, pg_catalog", "synchronous_commit": "off"}
)
"""Of connections that live in the past."""
GRAIN = timedelta(seconds=30)
"""What happens within so long of each other happens side by side."""
LATE = timedelta(seconds=3)
"""After so long a sweep finds what is due."""


@asynccontextmanager
async def laid(pool: Pool, start: datetime) -> AsyncIterator[None]:
    """A clock of the past in the database, for the length of a block.

    Args:
        pool: connections that were opened with ``SETTINGS``.
        start: what it shows first (aware UTC).
    """
    await _drop(pool)
    await pool.execute(SQL["make"])
    try:
        await pool.execute(SQL["set"], start)
        yield
    finally:
        await _drop(pool)


async def _drop(pool: Pool) -> None:
    if await pool.fetchval(SQL["laid"]):
        await pool.execute(SQL["drop"])


class Past:
    """Runs lives side by side; whenever all of them wait, time jumps to where the next one goes on.

    Args:
        pool: connections to a database with a clock of the past.
        start: where time begins (aware UTC).
    """

    def __init__(self, pool: Pool, start: datetime) -> None:
        self.now = start
        self._pool = pool
        self._waits: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._lives: set[asyncio.Task[None]] = set()
        self._begun = 0
        self._awake = 0
        self._still = asyncio.Event()

    def begin(self, life: Coroutine[None, None, None]) -> None:
        """Let a life begin now."""
        self._awake += 1
        self._still.clear()
        task = asyncio.create_task(life)
        self._lives.add(task)
        task.add_done_callback(self._over)

    async def until(self, moment: datetime) -> None:
        """Wait until a moment of the past; one that is over already is now."""
        wait: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._begun += 1
        heappush(self._waits, (moment, self._begun, wait))
        self._rest()
        await wait

    async def run(self, end: datetime, follow: Callable[[], Awaitable[None]]) -> None:
        """Live until an end (aware UTC); what is not over then is left as it is.

        Args:
            end: when to stop.
            follow: what the house does at each moment by itself, such as firing deadlines.

        Raises:
            Exception: what a life could not go on from.
        """
        try:
            await self._set(self.now)
            await self._still.wait()
            while (moment := await self._next()) < end:
                await self._set(moment)
                self._wake(moment + GRAIN)
                await self._still.wait()
                await follow()
                for life in [one for one in self._lives if one.done()]:
                    self._lives.discard(life)
                    life.result()
            await self._set(end)
        finally:
            await ended(*self._lives)

    async def _set(self, moment: datetime) -> None:
        self.now = moment
        await self._pool.execute(SQL["set"], moment)

    async def _next(self) -> datetime:
        """The next moment at which somebody goes on or a deadline takes a step."""
        moments = [wait[0] for wait in self._waits[:1]]
        due: datetime | None = await self._pool.fetchval(SQL["next_due"], self.now - LATE)
        moments += [due + LATE] if due is not None else []
        return max(min(moments), self.now) if moments else datetime.max.replace(tzinfo=self.now.tzinfo)

    def _wake(self, until: datetime) -> None:
        while self._waits and self._waits[0][0] <= until:
            _, _, wait = heappop(self._waits)
            self._awake += 1
            self._still.clear()
            wait.set_result(None)

    def _over(self, _life: "asyncio.Task[None]") -> None:
        self._rest()

    def _rest(self) -> None:
        self._awake -= 1
        if not self._awake:
            self._still.set()
