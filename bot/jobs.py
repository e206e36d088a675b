"""The processes of the jobs: an RQ worker for each queue, with a house on a thread of its own behind it."""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
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

from bot.beside import Beside
from bot.doors.making import make_doors, outside
from bot.files import enqueue as files
from bot.files.fetch import Fetcher
from bot.files.job import FETCHER
from bot.house import House, open_house, run_until
from bot.people.people import People
from bot.processes.follow import follow
from bot.settings import Settings
from bot.surveys import enqueue as surveys
from bot.surveys.job import ASKER, ask
from bot.tickets.exports.job import EXPORTER, Exporter
from bot.tickets.imports.job import IMPORTER, Importer
from channels.door import Door

WORKER_TTL = 30
MAINTENANCE = 15
GRACE = 3.0
"""Seconds that a job under way may still take once the process is told to stop."""
PAUSE = 1.0
"""Seconds between two tries to reach Redis."""

log = structlog.get_logger()

T = TypeVar("T")

Opened = tuple[asyncio.AbstractEventLoop, House, Mapping[str, Door], asyncio.Event]
"""An open house, its doors by channel, and what is set when it should close."""


class Interrupted(Exception):
    """The process was told to stop while a job was under way; the job is tried again later."""


Work = Callable[[House, Mapping[str, Door]], Coroutine[None, None, T]]
"""What a job does in the house, with the doors by channel."""


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
        self._opened: Future[Opened] = Future()

    def run(self, work: "Work[T]") -> T:
        """Run a coroutine in the house and return its result.

        Raises:
            Interrupted: told to stop, and the grace is over.
        """
        if self._thread is None or not self._thread.is_alive():
            self._opened = Future()
            self._thread = threading.Thread(target=asyncio.run, args=(self._live(),), name="house", daemon=True)
            self._thread.start()
        loop, house, doors, _ = self._wait(self._opened)
        done = asyncio.run_coroutine_threadsafe(work(house, doors), loop)
        try:
            return self._wait(done)
        finally:
            done.cancel()

    def close(self) -> None:
        """Close the house and wait until it is closed."""
        if self._thread is None or not self._opened.done() or self._opened.exception() is not None:
            return
        loop, _, _, leave = self._opened.result()
        with suppress(RuntimeError):  # The loop has ended by itself.
            loop.call_soon_threadsafe(leave.set)
        self._thread.join(timeout=GRACE)

    async def _live(self) -> None:
        leave = asyncio.Event()
        try:
            async with open_house(self._settings, answers=False) as house, outside() as session:
                doors = {door.name: door for door in make_doors(house, session)}
                self._opened.set_result((asyncio.get_running_loop(), house, doors, leave))
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


class JobWorker(SimpleWorker):
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
    """Run all jobs until SIGTERM or SIGINT; to be called on the main thread.

    Surveys are asked here. Files are fetched by a process beside this one: a worker of RQ serves one queue safely,
    and a platform that hands files out slowly holds up no survey.

    Args:
        settings: what the operator has chosen, with the addresses of both servers filled in.
    """
    stop = threading.Event()
    fetching = Beside("files", stop)
    fetching.start()

    def asking(house: HouseThread) -> None:
        def ask_one(survey_id: int) -> None:
            house.run(lambda at, _: ask(survey_id, pool=at.pool, writer=at.writer, secret_key=settings.secret_key))

        ASKER.set(ask_one)

    try:
        _serve(settings, surveys.NAME, asking, stop)
    finally:
        stop.set()
        fetching.close()


def serve_files(settings: Settings) -> None:
    """Fetch files, make files of lists and take files in, until SIGTERM or SIGINT; to be called on the main thread."""

    def fetching(house: HouseThread) -> None:
        def fetch_one(file_id: str) -> None:
            house.run(lambda at, doors: Fetcher(at.pool, at.store, at.bus, doors).fetch(file_id))

        def export_one(export_id: int) -> None:
            house.run(lambda at, _: _exporter(at).make(export_id))

        def import_one(import_id: int) -> None:
            house.run(lambda at, _: _importer(at).work(import_id))

        FETCHER.set(fetch_one)
        IMPORTER.set(import_one)
        EXPORTER.set(export_one)

    _serve(settings, files.NAME, fetching, threading.Event())


def _exporter(house: House) -> Exporter:
    people = People(house.pool, house.bus)
    return Exporter(house.pool, people, house.store.storage, house.settings.zone)


def _importer(house: House) -> Importer:
    settings, people = house.settings, People(house.pool, house.bus)
    accounts = tuple(settings.accounts.hotline)
    return Importer(house.pool, people, house.store.storage, house.writer.take, settings.zone, accounts)


def _serve(settings: Settings, queue: str, ready: Callable[[HouseThread], None], stop: threading.Event) -> None:
    """Work on one queue until told to stop."""
    house = HouseThread(settings, stop)
    ready(house)
    if sys.platform == "linux":
        os.register_at_fork(after_in_child=partial(follow, os.getpid()))  # RQ's scheduler, which would live on alone.
    try:
        while not stop.is_set():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
            _work(str(settings.redis_url), queue, stop)
            stop.wait(PAUSE)
    finally:
        house.close()


def _work(redis_url: str, name: str, stop: threading.Event) -> None:
    """Work until told to stop, or until Redis is away."""
    connection = Redis.from_url(redis_url, socket_connect_timeout=2)
    try:
        connection.ping()
        queue = Queue(name, connection=connection, serializer=JSONSerializer)
        worker = JobWorker(
            [queue],
            connection=connection,
            serializer=JSONSerializer,
            worker_ttl=WORKER_TTL,
            maintenance_interval=MAINTENANCE,
            log_job_description=False,
        )
        worker.stop = stop
        log.info("jobs.ready", queue=name)
        worker.work(with_scheduler=True, logging_level="WARNING")
    except StopRequested:
        log.info("jobs.stopped")
    except (RedisError, OSError) as error:
        log.warning("jobs.redis_away", error=type(error).__name__)
    finally:
        connection.close()
