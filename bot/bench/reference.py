"""Two bare aiohttp handlers to measure against: a constant answer, and one Redis command with one committed insert.

Run as ``python -m bot.bench.reference constant|reference PORT DATABASE_URL REDIS_URL``.
"""

import asyncio
import sys

import asyncpg
from aiohttp import web
from redis.asyncio import Redis

PATH = "/channels/wechat/{account}"
ANSWER = "success"
CONNECTIONS = 16
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

    def __init__(self, pool: asyncpg.Pool, redis: Redis) -> None:
        self._pool = pool
        self._redis = redis

    async def handle(self, request: web.Request) -> web.Response:
        """Take one request."""
        body = await request.text()
        await self._pool.execute(INSERT, request.match_info["account"], body)
        await self._redis.incr("bench:reference")
        return web.Response(text=ANSWER)


async def serve(kind: str, port: int, database_url: str, redis_url: str) -> None:
    """Serve one of the two until the process is ended."""
    app = web.Application()
    if kind == "constant":
        app.router.add_post(PATH, constant)
        return await _listen(app, port)
    async with asyncpg.create_pool(database_url, min_size=CONNECTIONS, max_size=CONNECTIONS) as pool:
        await pool.execute(TABLE)
        async with Redis.from_url(redis_url) as redis:
            app.router.add_post(PATH, Reference(pool, redis).handle)
            return await _listen(app, port)


async def _listen(app: web.Application, port: int) -> None:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]))
