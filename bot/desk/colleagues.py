"""Colleagues who look at the same conversation, or write in it, at this moment; hints only, no decision follows.

    huiying:{looking}:<conversation>    sorted set: agent id → time of the last look in ms since 1970 (UTC)

Who looks is found here; what they do goes as a hint to each of the others: ``agent:<other>#looks:<conversation>:<id>``.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from aiohttp import web
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.bus import Bus
from bot.db import Pool
from bot.desk.guard import Guard, Visit
from bot.desk.workbench import Workbench
from bot.people.rights import Permission
from bot.sql import load

SQL = load(__file__, "colleagues.sql")
KEY = "huiying:{{looking}}:{conversation}"
LASTS = timedelta(seconds=30)
"""How long a look counts; an open desk looks again before."""
WITHIN = 1.0
"""Seconds that Redis has."""

log = structlog.get_logger()


class Colleagues:
    """Tells those who have a conversation open of each other."""

    def __init__(self, guard: Guard, bench: Workbench, pool: Pool, redis: Redis, bus: Bus) -> None:
        self._guard = guard
        self._bench = bench
        self._pool = pool
        self._redis = redis
        self._bus = bus

    def routes(self) -> Iterable[web.RouteDef]:
        """The desk looks at a conversation, or writes in it."""
        return [web.post(r"/desk/c/{id:\d+}/here", self._guard.act(self._here, Permission.SERVE))]

    async def _here(self, visit: Visit) -> web.StreamResponse:
        """Note the look, tell the others, and answer who they are."""
        dossier, agent = await self._bench.dossier(visit), visit.agent
        others = await self._look(dossier.id, agent.id, self._bench.now())
        word = "writes" if "writes" in visit.form else "looks"
        self._bus.announce(f"agent:{other}#{word}:{dossier.id}:{agent.id}" for other in others)
        rows = await self._pool.fetch(SQL["named"], others) if others else []
        return web.json_response({"colleagues": [{"id": row["id"], "name": row["name"]} for row in rows]})

    async def _look(self, conversation: int, agent: int, now: datetime) -> Sequence[int]:
        """Who else looks at it; nobody while Redis is away."""
        key, since = KEY.format(conversation=conversation), _ms(now - LASTS)
        try:
            async with asyncio.timeout(WITHIN), self._redis.pipeline(transaction=False) as pipe:
                await pipe.zadd(key, {str(agent): _ms(now)})
                await pipe.zremrangebyscore(key, "-inf", since)
                await pipe.pexpire(key, LASTS)
                await pipe.zrange(key, 0, -1)
                answers: list[Any] = await pipe.execute()
        except (RedisError, OSError) as error:
            log.debug("desk.colleagues_unknown", error=type(error).__name__)
            return []
        return [other for other in map(int, answers[-1]) if other != agent]


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
