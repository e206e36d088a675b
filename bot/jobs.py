"""The process of the jobs: an RQ worker that asks surveys, with a house on a thread of its own behind it."""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import TypeVar

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer

from bot.house import House, open_house, run_until
from bot.processes.follow import follow
from bot.settings import Settings
from bot.surveys.enqueue import NAME
from bot.surveys.job import ASKER, ask

WORKER_TTL = 30
MAINTENANCE = 15
GRACE = 3.0
"""Seconds that a job under way may still take once the process is told to stop."""
PAUSE = 1.0
"""Seconds between two tries to reach Redis."""

log = structlog.get_logger()

T = TypeVar("T")


class Interrupted(Exception):
    """The process was told to stop while a job was under way; the job is tried again later."""


class HouseThread:
    """A house that lives in a loop on a thread of its own, opened when the first job needs it.

    Args:
        settings: what the operator has chosen.
        stop: set when the process is told to stop.
    """

    def __init__(self, settings: Settings, stop: threading.Event) -> None:
        self._settings = settings
        self._stop = stop
        self._thread: threading.Thread | None = None
        self._opened: Future[tuple[asyncio.AbstractEventLoop, House, asyncio.Event]] = Future()

    def run(self, work: Callable[[House], Coroutine[None, None, T]]) -> T:
        """Run a coroutine in the house and return its result.

        Raises:
            Interrupted: told to stop, and the grace is over.
        """
        if self._thread is None or not self._thread.is_alive():
            self._opened = Future()
            self._thread = threading.Thread(target=asyncio.run, args=(self._live(),), name="house", daemon=True)
            self._thread.start()
        loop, house, _ = self._wait(self._opened)
        done = asyncio.run_coroutine_threadsafe(work(house), loop)
        try:
            return self._wait(done)
        finally:
            done.cancel()

    def close(self) -> None:
        """Close the house and wait until it is closed."""
        if self._thread is None or not self._opened.done() or self._opened.exception() is not None:
            return
        loop, _, leave = self._opened.result()
        with suppress(RuntimeError):  # The loop has ended by itself.
            loop.call_soon_threadsafe(leave.set)
        self._thread.join(timeout=GRACE)

    async def _live(self) -> None:
        leave = asyncio.Event()
        try:
            async with open_house(self._settings, answers=False) as house:
                self._opened.set_result((asyncio.get_running_loop(), house, leave))
                await run_until(leave, house.snapshot.run())
        except Exception as error:
            log.exception("jobs.house_broken")
            if not self._opened.done():
                self._opened.set_exception(error)

    def _wait(self, future: "Future[T]") -> T:
        stopped: float | None = None
        while True:
            with suppress(TimeoutError):
                return future.result(timeout=0.5)
            if future.done():
                return future.result()
            if self._stop.is_set():
                stopped = stopped or time.monotonic()
                if time.monotonic() - stopped > GRACE:
                    raise Interrupted


class SurveyWorker(SimpleWorker):
    """An RQ worker that tells its process when it is told to stop, and waits for Redis without losing patience."""

    max_connection_wait_time = 5.0
    stop = threading.Event()

    def handle_warm_shutdown_request(self) -> None:
        """Tell the job under way."""
        self.stop.set()

    def teardown(self) -> None:
        """Leave no thread behind, also where Redis is away."""
        try:
            super().teardown()  # type: ignore[no-untyped-call]
        finally:
            if self.pubsub_thread is not None:
                self.pubsub_thread.stop()

    def _install_signal_handlers(self) -> None:
        super()._install_signal_handlers()  # type: ignore[no-untyped-call]
        if self.stop.is_set():
            raise StopRequested


def serve_jobs(settings: Settings) -> None:
    """Run jobs until SIGTERM or SIGINT; to be called on the main thread.

    Args:
        settings: what the operator has chosen, with the addresses of both servers filled in.
    """
    stop = threading.Event()
    house = HouseThread(settings, stop)

    def ask_one(survey_id: int) -> None:
        house.run(lambda at: ask(survey_id, pool=at.pool, writer=at.writer, secret_key=settings.secret_key))

    ASKER.set(ask_one)
    if sys.platform == "linux":
        os.register_at_fork(after_in_child=partial(follow, os.getpid()))  # RQ's scheduler, which would live on alone.
    try:
        while not stop.is_set():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
            _work(str(settings.redis_url), stop)
            stop.wait(PAUSE)
    finally:
        house.close()


def _work(redis_url: str, stop: threading.Event) -> None:
    """Work until told to stop, or until Redis is away."""
    connection = Redis.from_url(redis_url, socket_connect_timeout=2)
    try:
        connection.ping()
        queue = Queue(NAME, connection=connection, serializer=JSONSerializer)
        worker = SurveyWorker(
            [queue],
            connection=connection,
            serializer=JSONSerializer,
            worker_ttl=WORKER_TTL,
            maintenance_interval=MAINTENANCE,
            log_job_description=False,
        )
        worker.stop = stop
        log.info("jobs.ready")
        worker.work(with_scheduler=True, logging_level="WARNING")
    except StopRequested:
        log.info("jobs.stopped")
    except (RedisError, OSError) as error:
        log.warning("jobs.redis_away", error=type(error).__name__)
    finally:
        connection.close()
