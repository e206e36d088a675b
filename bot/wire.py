"""The wire to Redis: what the house posts there within a moment goes out as one pipeline.

Redis holds only what can be built again, so posting never fails. When posts were lost, the epoch key is taken away
as soon as Redis answers again: that tells the workers to project everything anew.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.driver_info import DriverInfo
from redis.exceptions import RedisError

EPOCH = "huiying:epoch"
"""Set by a worker once everything has been projected; gone after a FLUSHALL or after posts were lost."""
TIMEOUT = 1.0
"""Seconds that a command may take."""
GATHER = 0.05
"""Seconds after a pipeline in which the next posts gather; a single one goes with the next tick of the loop."""
MOST_POSTED = 50_000

Command = tuple[str | int | float, ...]
"""A Redis command with its arguments."""

DRIVER = DriverInfo()
"""What connections call themselves: looked up once, for it takes a connection milliseconds to find its version."""

AWAY = (RedisError, OSError, TimeoutError)
"""What a command raises while Redis is away."""

log = structlog.get_logger()


class _Client(Redis):
    """A client whose commands heed a cancellation that comes in the very moment in which they end.

    Before Python 3.12 ``wait_for``, with which the client sends, loses it, and the task would run on for ever.
    """

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Run a command."""
        asked = _cancellations()
        answer = await super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
        if _cancellations() > asked:
            raise asyncio.CancelledError
        return answer


def connect(redis_url: str, *, connections: int = 8) -> Redis:
    """A client for short commands: one second, no retries, a bounded pool."""
    return _Client.from_url(
        redis_url,
        decode_responses=True,
        socket_timeout=TIMEOUT,
        socket_connect_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), 0),
        max_connections=connections,
        driver_info=DRIVER,
    )


class Wire:
    """Posts commands without waiting for their answers.

    Args:
        redis_url: a Redis URL; the server may be away at any time.
    """

    def __init__(self, redis_url: str) -> None:
        self.redis = connect(redis_url)
        self._posted: list[Command] = []
        self._lost = False
        self._sending: asyncio.Task[None] | None = None

    def post(self, *command: str | int | float) -> None:
        """Send a command with the next pipeline. Never blocks, never fails."""
        if len(self._posted) >= MOST_POSTED:
            self._lost = True
            return
        self._posted.append(command)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.get_running_loop().create_task(self._send(), name="wire")

    async def run(self, commands: Sequence[Command]) -> list[Any]:
        """Run commands as one transaction and return their answers.

        Raises:
            redis.RedisError: Redis is away, or a command was refused.
        """
        async with asyncio.timeout(5 * TIMEOUT), self.redis.pipeline(transaction=True) as pipeline:
            for command in commands:
                pipeline.execute_command(*command)
            answers: list[Any] = await pipeline.execute()
            return answers

    async def settled(self) -> None:
        """Wait until what has been posted so far has gone out, or was lost."""
        while self._sending is not None and not self._sending.done():
            await asyncio.shield(self._sending)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._sending is not None:
            with suppress(asyncio.CancelledError):
                await self._sending
        await self.redis.aclose()

    async def _send(self) -> None:
        while self._posted:
            posted, self._posted = self._posted, []
            try:
                async with asyncio.timeout(TIMEOUT), self.redis.pipeline(transaction=False) as pipeline:
                    if self._lost:
                        pipeline.execute_command("DEL", EPOCH)
                    for command in posted:
                        pipeline.execute_command(*command)
                    await pipeline.execute()
                self._lost = False
            except AWAY as error:
                self._lost = True
                log.debug("wire.posts_lost", count=len(posted), error=type(error).__name__)
            await asyncio.sleep(GATHER)


def _cancellations() -> int:
    """How often this task has been asked to stop."""
    task = asyncio.current_task()
    return 0 if task is None else task.cancelling()
