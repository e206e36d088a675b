"""Access tokens in Redis: all processes share the token of an account, and one of them fetches the next.

    huiying:token:<account>    string    JSON of ``channels.tokens.Held``

Redis may be away: then each process goes on with what it knows, and what it has fetched meanwhile goes back to Redis.
"""

from pathlib import Path

import msgspec
import structlog
from redis.asyncio import Redis

from bot.wire import AWAY
from channels.tokens import Held, MemoryShelf

PREFIX = "huiying:token:"
KEPT = 24 * 3600 * 1000
"""Milliseconds; tokens live for two hours."""
SWAP = (Path(__file__).parent / "swap.lua").read_text(encoding="utf-8")

log = structlog.get_logger()


class RedisShelf:
    """The shelf of all processes.

    Args:
        redis: a client for short commands.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._memory = MemoryShelf()
        self._swap = redis.register_script(SWAP)

    async def read(self, account: str) -> Held:
        """What is held for an account: the later of what Redis and this process know."""
        own = await self._memory.read(account)
        try:
            shared = await self._shared(account)
        except AWAY as error:
            log.debug("tokens.redis_away", error=type(error).__name__)
            return own
        if shared.tried < own.tried:
            await self.put(account, own)
            return own
        await self._memory.put(account, shared)
        return shared

    async def claim(self, account: str, seen: Held, begun: Held) -> bool:
        """Put ``begun`` in the place of ``seen``; False where another process was faster."""
        before = b"" if seen == Held() else _written(seen)
        try:
            taken = await self._swap(keys=[PREFIX + account], args=[before, _written(begun), KEPT])
        except AWAY:
            return await self._memory.claim(account, seen, begun)
        if taken:
            await self._memory.put(account, begun)
        return bool(taken)

    async def put(self, account: str, held: Held) -> None:
        """Put the outcome of a fetch down, here and, if it is there, in Redis."""
        await self._memory.put(account, held)
        try:
            await self._redis.set(PREFIX + account, _written(held), px=KEPT)
        except AWAY as error:
            log.debug("tokens.not_shared", error=type(error).__name__)

    async def _shared(self, account: str) -> Held:
        """What lies in Redis; what is none of ours is taken away. Raises: RedisError, OSError."""
        text = await self._redis.get(PREFIX + account)
        try:
            return Held() if text is None else msgspec.json.decode(text, type=Held)
        except msgspec.MsgspecError:
            log.warning("tokens.unreadable")
            await self._redis.delete(PREFIX + account)
            return Held()


def _written(held: Held) -> bytes:
    return msgspec.json.encode(held)
