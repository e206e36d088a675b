"""Bare aiohttp handlers to measure against: a constant answer, and one Redis command with one committed insert.

    constant     asyncio's own loop
    reference    asyncio's own loop and asyncpg's pool as it comes: what the manuals show
    tuned        the same handler on the loop of our processes, with a pool like theirs, which resets nothing

Run as ``python -m bot.bench.reference constant|reference|tuned PORT DATABASE_URL REDIS_URL``.
"""

import asyncio
import sys

import asyncpg
from aiohttp import web
from redis.asyncio import Redis

from bot import loop
from bot.db import Pool, open_pool

PATH = "/channels/wechat/{account}"
ANSWER = "success"
TUNED = "tuned"
CONNECTIONS = 16
"""Of the tuned pool: more than asyncpg's ten, so that more inserts share a flush of the log."""
TABLE = """
CREATE TABLE IF NOT EXISTS bench_reference (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account text NOT NULL,
    body text NOT NULL,
    taken timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""
INSERT = "INSERT INTO bench_reference (account, body) VALUES ($1, $2)"


async def constant(_request: web.Request) -> web.Response:
    """Answer without a look at the request."""
    return web.Response(text=ANSWER)


class Reference:
    """Stores each request as one row, counts it in Redis, and answers; the clients are used as their manuals show.

    Args:
        pool: connections to PostgreSQL.
        redis: a client of Redis.
    """

    def __init__(self, pool: Pool, redis: Redis) -> None:
        self._pool = pool
        self._redis = redis

    async def handle(self, request: web.Request) -> web.Response:
        """Take one request."""
        body = await request.text()
        await self._pool.execute(INSERT, request.match_info["account"], body)
        await self._redis.incr("bench:reference")
        return web.Response(text=ANSWER)


async def serve(kind: str, port: int, database_url: str, redis_url: str) -> None:
    """Serve one of them until the process is ended."""
    app = web.Application()
    if kind == "constant":
        app.router.add_post(PATH, constant)
        return await _listen(app, port)
    pool = await _pool(kind, database_url)
    await pool.execute(TABLE)
    async with Redis.from_url(redis_url) as redis:
        app.router.add_post(PATH, Reference(pool, redis).handle)
        return await _listen(app, port)


async def _pool(kind: str, database_url: str) -> Pool:
    if kind == TUNED:
        return await open_pool(database_url, size=CONNECTIONS)
    pool: Pool = await asyncpg.create_pool(database_url)
    return pool


async def _listen(app: web.Application, port: int) -> None:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    run = loop.run if sys.argv[1] == TUNED else asyncio.run
    run(serve(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]))
