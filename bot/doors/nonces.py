"""Nonces that all web processes know: each looks into its own memory, and tells the others what is new to it.

    huiying:nonces    stream    from = the process, seen = JSON [[account, nonce, source id], …]

A request waits for nobody: what is new goes out with the next tick and reaches the others within milliseconds; under
load it goes out five times a second and reaches them within half a second. A process that starts reads the last ten
minutes. While Redis is away, each process knows its own nonces.
"""

import asyncio
import random
import time
from secrets import token_hex
from typing import Any

import msgspec
import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from bot.wire import AWAY, Wire
from channels.nonces import REMEMBERED_SECONDS, MemoryNonces

STREAM = "huiying:nonces"
GATHER = 0.2
"""Seconds for which what is new gathers after a telling, and between two readings."""
BLOCK = 5_000
"""Milliseconds that a reading waits for news."""
MOST_READ = 200

Seen = tuple[str, str, str]
"""Account, nonce and source id."""

log = structlog.get_logger()


class SharedNonces:
    """The nonces of all processes.

    Args:
        wire: carries what is new here.
        redis_url: where news of the others come from; the server may be away at any time.
        memory: what this process knows.
    """

    def __init__(self, wire: Wire, redis_url: str, memory: MemoryNonces | None = None) -> None:
        self._wire = wire
        self._redis_url = redis_url
        self._memory = MemoryNonces() if memory is None else memory
        self._name = token_hex(8)
        self._new: list[Seen] = []
        self._telling = False

    def admit(self, account: str, nonce: str, source_id: str) -> bool:
        """Whether a request may pass: its nonce is new, or this is a retry of the same event."""
        seen = self._memory.note(account, nonce, source_id)
        if seen is not None:
            return seen == source_id
        self._new.append((account, nonce, source_id))
        if not self._telling:
            self._telling = True
            asyncio.get_running_loop().call_soon(self._tell)
        return True

    def seen(self, account: str, nonce: str) -> str | None:
        """The event that a nonce came with, as far as this process knows."""
        return self._memory.seen(account, nonce)

    async def run(self) -> None:
        """Learn from the others until cancelled."""
        last = f"{_oldest()}-0"
        redis = Redis.from_url(
            self._redis_url,
            decode_responses=True,
            socket_timeout=2 * BLOCK / 1000,
            socket_connect_timeout=1.0,
            retry=Retry(NoBackoff(), 0),
            max_connections=1,
        )
        try:
            while True:
                try:
                    last = self._learn(await redis.xread({STREAM: last}, count=MOST_READ, block=BLOCK), last)
                    await asyncio.sleep(GATHER)
                except AWAY as error:
                    log.debug("nonces.redis_away", error=type(error).__name__)
                    await asyncio.sleep(random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
        finally:
            await redis.aclose()

    def _tell(self) -> None:
        """Post what is new, and look again after a while whether there is more."""
        if not self._new:
            self._telling = False
            return
        told, self._new = self._new, []
        text = msgspec.json.encode(told).decode()
        self._wire.post("XADD", STREAM, "MINID", "~", _oldest(), "*", "from", self._name, "seen", text)
        asyncio.get_running_loop().call_later(GATHER, self._tell)

    def _learn(self, answer: Any, last: str) -> str:
        """Remember what the others have seen; returns the id from which to read on."""
        for _, entries in answer.items() if isinstance(answer, dict) else answer:
            for number, fields in entries:
                last = number
                if fields.get("from") != self._name:
                    self._remember(fields.get("seen", ""))
        return last

    def _remember(self, text: str) -> None:
        try:
            told = msgspec.json.decode(text, type=list[Seen])
        except msgspec.MsgspecError:
            log.warning("nonces.unreadable")
            return
        for account, nonce, source_id in told:
            self._memory.note(account, nonce, source_id)


def _oldest() -> int:
    """Milliseconds since 1970 before which nothing is fresh any more."""
    return int((time.time() - REMEMBERED_SECONDS) * 1000)
