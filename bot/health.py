"""Whether this process lives, can serve, and how it fares: ``/healthz``, ``/readyz``, ``/metrics``."""

import asyncio

from aiohttp import web
from prometheus_client.exposition import generate_latest
from redis.exceptions import RedisError

from bot.db import UNREACHABLE, Row
from bot.house import House
from bot.metrics import registry, state_of_the_house
from bot.sql import load

SQL = load(__file__, "health.sql")
TIMEOUT = 1.0
"""Seconds that a server may take to answer before it counts as away."""


class Health:
    """Answers the machines that watch over us."""

    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[web.RouteDef]:
        """The three routes."""
        return [
            web.get("/healthz", self._live),
            web.get("/readyz", self._ready),
            web.get("/metrics", self._metrics),
        ]

    async def _live(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "live"})

    async def _ready(self, _request: web.Request) -> web.Response:
        postgres, redis = await asyncio.gather(self._postgres(), self._redis())
        status = "down" if postgres is None else "ready" if redis else "degraded"
        body = {
            "status": status,
            "postgresql": "up" if postgres is not None else "down",
            "redis": "up" if redis else "down",
            "waiting_turns": len(self._house.writer),
            "oldest_turn_seconds": round(self._house.writer.oldest(), 3),
            "overdue_deadlines": postgres["overdue"] if postgres is not None else None,
            "account_troubles": postgres["account_troubles"] if postgres is not None else None,
        }
        headers = {"Retry-After": "2"} if postgres is None else None
        return web.json_response(body, status=503 if postgres is None else 200, headers=headers)

    async def _metrics(self, _request: web.Request) -> web.Response:
        counted: Row | None = await self._postgres()
        text = generate_latest(registry)
        if counted is not None:
            text += generate_latest(state_of_the_house(counted, len(self._house.writer)))
        return web.Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    async def _postgres(self) -> Row | None:
        try:
            async with asyncio.timeout(TIMEOUT):
                return await self._house.pool.fetchrow(SQL["state"])
        except UNREACHABLE:
            return None

    async def _redis(self) -> bool:
        try:
            async with asyncio.timeout(TIMEOUT):
                await self._house.wire.run([("PING",)])
        except (RedisError, OSError):
            return False
        return True
