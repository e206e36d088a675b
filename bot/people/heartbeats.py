"""Heartbeats tell the assignment that an agent's desk is still open in some browser.

    huiying:{people}:seen    sorted set: agent id → time of the last heartbeat in ms since 1970 (UTC)

The chosen presence lives in PostgreSQL; a lost heartbeat costs nothing but lateness.
"""

import asyncio
from datetime import datetime

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

SEEN = "huiying:{people}:seen"
EVERY = 10.0
"""Seconds between two heartbeats of an open desk."""

log = structlog.get_logger()


class Heartbeats:
    """Writes heartbeats.

    Args:
        redis: the server may be away at any time.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def beat(self, agent_id: int, now: datetime) -> None:
        """Note that this agent's desk is open. Never fails."""
        try:
            async with asyncio.timeout(1):
                await self._redis.zadd(SEEN, {str(agent_id): int(now.timestamp() * 1000)})
        except (RedisError, OSError) as error:
            log.debug("people.heartbeat_lost", error=type(error).__name__)
