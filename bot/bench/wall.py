"""How fast the wall is read among a million conversations of a month: each of its statements, one after the other."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import asyncpg

from bot.bench import report
from bot.bench.ground import Ground
from bot.bench.timed import REFERENCES, Figure, references, show, timed
from bot.sql import load
from bot.wall.answers import Answers
from bot.wall.walls import SQL as WALL
from bot.wall.walls import asked

SQL = load(__file__, "wall.sql")
GOAL_MS = 50.0
"""The 95th percentile of each."""
FIRST = "answered, for the first time"
"""Sums up the whole day, once an hour in each process."""
CHUNK = 50_000
"""Conversations of one statement."""
DAYS = 30
"""Over which they are spread; the last of them is today's."""


def run(*, as_json: bool, conversations: int = 1_000_000, rounds: int = 200) -> int:
    """Measure and print; returns the exit code, 1 where a 95th percentile is above 50 ms.

    Args:
        as_json: print one JSON document.
        conversations: how many lie in the database; a thirtieth of them began in the last 24 hours.
        rounds: how often each statement is done.
    """
    figures = asyncio.run(_measured(conversations, rounds))
    return show(figures, "conversations", conversations, goal_ms=GOAL_MS, as_json=as_json, excused=[FIRST, *REFERENCES])


async def _measured(conversations: int, rounds: int) -> list[Figure]:
    async with Ground() as ground:
        await _fill(ground.servers.database_url, conversations)
        since = datetime.now(UTC) - timedelta(days=1)
        answers = Answers(ground.pool)

        async def answered() -> None:
            await answers.read("/", since, datetime.now(UTC))

        others = {name: partial(ground.pool.fetch, WALL[name], *values) for name, values in asked("/", since).items()}
        first = await timed({FIRST: answered}, 1)
        return first + await timed({"answered": answered, **others, **await references(ground.pool)}, rounds)


async def _fill(url: str, conversations: int) -> None:
    """Fill the database over a connection of its own, whose statements may take as long as they need."""
    connection = await asyncpg.connect(url)
    try:
        with report.progress() as bar:
            task = bar.add_task("filling", total=conversations)
            await connection.execute(SQL["add_people"])
            await connection.execute(SQL["add_contacts"], CHUNK)
            for first in range(1, conversations + 1, CHUNK):
                last = min(first + CHUNK - 1, conversations)
                await connection.execute(SQL["add_conversations"], first, last, conversations, DAYS)
                await connection.execute(SQL["add_lines"], first, last)
                bar.advance(task, last - first + 1)
            bar.update(task, description="statistics")
            await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
