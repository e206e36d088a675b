"""The bus tells listeners in every process which contacts and pages have changed: hints only, the truth is read again.

    announce → listeners of this process at once
             → PUBLISH huiying:hints '["from:<bus>", "contact:12", "desk"]' → listeners of the other processes

A hint can be lost with Redis, so nobody waits for one longer than ``Bus.patience``. Whenever Redis is lost or comes
back, every listener is woken: what it missed in between it finds by reading again.
"""

import asyncio
import json
import random
from collections.abc import Iterable
from contextlib import AbstractContextManager
from secrets import token_hex
from types import TracebackType
from typing import Self

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bot.tasks import end
from bot.watch import Listeners, Watch
from bot.wire import DRIVER

CHANNEL = "huiying:hints"
PATIENCE = 10.0
"""Seconds after which a listener reads again without a hint while Redis is there."""
PATIENCE_ALONE = 2.0
"""The same while Redis is away."""
HEARTBEAT = 5.0
"""Seconds of silence after which the subscription is asked whether it still lives."""
MOST_QUEUED = 10_000
"""Topics that wait for Redis at most; more are dropped, for they are only hints."""
GATHER = 0.05
"""Seconds after a hint to other processes in which the next ones gather; a single one goes at once."""

log = structlog.get_logger()


class Bus:
    """Carries hints between the listeners of this process and, over Redis, those of the others.

    Args:
        redis_url: a Redis URL; the server may be away at any time, also at the start.
    """

    live: bool
    """Whether the subscription stands, so that hints of other processes arrive."""

    def __init__(self, redis_url: str) -> None:
        self.live = False
        self._name = f"from:{token_hex(8)}"
        self._listeners = Listeners()
        self._queued: set[str] = set()
        self._to_publish = asyncio.Event()
        self._redis = Redis.from_url(
            redis_url,
            socket_timeout=HEARTBEAT,
            socket_connect_timeout=1.0,
            retry=Retry(NoBackoff(), 0),
            max_connections=4,
            driver_info=DRIVER,
        )
        self._running: list[asyncio.Task[None]] = []

    @property
    def patience(self) -> float:
        """Seconds that a listener should wait at most before it reads again."""
        return PATIENCE if self.live else PATIENCE_ALONE

    def announce(self, topics: Iterable[str]) -> None:
        """Tell everyone that these topics have changed. Never blocks, never fails."""
        announced = list(topics)
        if not announced:
            return
        self._listeners.tell(announced)
        if self.live and len(self._queued) < MOST_QUEUED:
            self._queued.update(announced)
            self._to_publish.set()

    def watch(self, *topics: str) -> AbstractContextManager[Watch]:
        """Follow topics for the length of a block; a change between two waits is not missed."""
        return self._listeners.watch(*topics)

    def ear(self) -> Watch:
        """An ear that follows nothing yet; its holder lets go of each topic."""
        return self._listeners.ear()

    async def __aenter__(self) -> Self:
        works = {"bus.listen": self._listen(), "bus.publish": self._publish()}
        self._running = [asyncio.create_task(work, name=name) for name, work in works.items()]
        for task in self._running:
            task.add_done_callback(self._ended)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await end(*self._running)
        await self._redis.aclose()

    def _ended(self, running: asyncio.Task[None]) -> None:
        self.live = False
        if not running.cancelled() and (error := running.exception()) is not None:
            log.critical("bus.broken", exc_info=error)

    async def _listen(self) -> None:
        pause = 0.1
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    await self._hear(subscription)
            except (RedisError, OSError) as error:
                pause = 0.1 if self.live else min(pause * 2, 5.0)
                self._turn(live=False)
                log.debug("bus.redis_away", error=type(error).__name__)
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret

    async def _hear(self, subscription: PubSub) -> None:
        """Listen until the subscription breaks. Raises: RedisError or OSError when it does."""
        asked = False
        while True:
            message = await subscription.get_message(timeout=HEARTBEAT)
            if message is None and asked:
                raise TimeoutError
            asked = message is None
            if message is None:
                await subscription.ping()
            elif message["type"] == "subscribe":
                self._turn(live=True)
            elif message["type"] == "message":
                self._take(message["data"])

    def _take(self, payload: bytes) -> None:
        try:
            sender, *topics = json.loads(payload)
        except (ValueError, TypeError):
            log.warning("bus.unreadable")
            return
        if sender != self._name:
            self._listeners.tell(topic for topic in topics if isinstance(topic, str))

    def _turn(self, *, live: bool) -> None:
        if live != self.live:
            self.live = live
            log.info("bus.live" if live else "bus.alone")
            self._listeners.tell_all()

    async def _publish(self) -> None:
        while True:
            await self._to_publish.wait()
            self._to_publish.clear()
            topics, self._queued = self._queued, set()
            try:
                async with asyncio.timeout(1):
                    await self._redis.publish(CHANNEL, json.dumps([self._name, *topics]))
            except (RedisError, OSError) as error:
                log.debug("bus.hints_lost", count=len(topics), error=type(error).__name__)
            await asyncio.sleep(GATHER)
