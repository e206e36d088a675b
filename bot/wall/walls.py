"""Walls are read from what is stored: one reading for everyone who leads over the same units, kept for seconds."""

import asyncio
from collections.abc import Callable
from datetime import datetime, tzinfo

from bot.calls.figures import today
from bot.db import Pool
from bot.desk.board import looked_at
from bot.sql import load
from bot.wall.answers import Answers
from bot.wall.figures import Read, Wall, arranged

SQL = load(__file__, "figures.sql")
KEPT = 2.0
"""Seconds for which a reading is shown to everyone who asks."""


class Walls:
    """Reads walls, one for each scope, and keeps each for seconds.

    Args:
        pool: connections to PostgreSQL.
        now: the time (aware, UTC).
        zone: the operator's, in which a day begins.
    """

    def __init__(self, pool: Pool, now: Callable[[], datetime], zone: tzinfo) -> None:
        self._pool = pool
        self._now = now
        self._zone = zone
        self._answers = Answers(pool)
        self._kept: dict[str, tuple[float, asyncio.Task[Wall]]] = {}

    async def read(self, scope: str) -> Wall:
        """The wall of those who lead below this path. Raises: what PostgreSQL raises when it is away."""
        loop = asyncio.get_running_loop()
        begun, task = self._kept.get(scope, (0.0, None))
        if task is None or (task.done() and loop.time() - begun > KEPT):
            task = asyncio.create_task(self._read(scope))
            task.add_done_callback(looked_at)
            self._kept[scope] = loop.time(), task
        return await asyncio.shield(task)

    async def _read(self, scope: str) -> Wall:
        now = self._now()
        since = midnight(now, self._zone)
        wanted = asked(scope, since)
        calls = await today(self._pool, now, self._zone)
        found = await asyncio.gather(
            self._answers.read(scope, since, now),
            *(self._pool.fetch(SQL[name], *values) for name, values in wanted.items()),
        )
        return arranged(Read(**dict(zip(["answered", *wanted], found, strict=True)), calls=calls), now)


def asked(scope: str, since: datetime) -> dict[str, tuple[object, ...]]:
    """The other statements of one reading, by name, with their values: below this path, and since a moment (aware)."""
    return {
        "waiting": (),
        "people": (scope,),
        "carried": (scope,),
        "opened": (scope, since),
        "breaches": (scope, since),
        "scores": (scope, since),
        "queues": (),
        "thresholds": (),
    }


def midnight(now: datetime, zone: tzinfo) -> datetime:
    """When the day began in the operator's zone."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
