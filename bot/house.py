"""What every process of Huiying shares while it runs: PostgreSQL, Redis, the bus, the snapshot and the writer."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

import router
from bot import heap
from bot.aftermath import AfterCommit
from bot.bus import Bus
from bot.customers.proofs import Proofs
from bot.customers.sms import Sms
from bot.db import BY_KEYS, UNREACHABLE, Pool, open_pool
from bot.deadlines.index import DeadlineIndex
from bot.doors.known import PUSHES
from bot.files.enqueue import FileQueue
from bot.files.scanner import Clamd
from bot.files.screen import Screen
from bot.files.storage import Folder
from bot.files.store import Store
from bot.settings import Settings
from bot.snapshot import Snapshot
from bot.surveys.enqueue import SurveyQueue
from bot.tasks import end
from bot.turns.flights import AT_ONCE
from bot.turns.writer import Writer
from bot.wire import Wire
from router.routing import Routing
from router.routing import parse as parse_routing
from router.standard import Standard, parse
from router.world import Binding, Manners

POOL_SIZE = 8
SHIPPED = Path(router.__file__).parent / "standard.toml"
ROUTING = Path(router.__file__).parent / "routing.toml"
FILES = "files"
"""The folder of customers' and agents' files in the data folder."""
DEMO_HOURS = "00:00-24:00"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class House:
    """The shared parts of a process."""

    settings: Settings
    pool: Pool
    wire: Wire
    bus: Bus
    index: DeadlineIndex
    snapshot: Snapshot
    writer: Writer
    surveys: SurveyQueue
    files: FileQueue
    store: Store
    proofs: Proofs


@asynccontextmanager
async def open_house(
    settings: Settings, *, answers: bool = True, connection: Mapping[str, str] = BY_KEYS
) -> AsyncIterator[House]:
    """Open everything, waiting for PostgreSQL where it is still starting; close it in the reverse order.

    Args:
        settings: what the operator has chosen, with the addresses of both servers filled in.
        answers: whether customers' questions come in here, so that the knowledge index is needed.
        connection: settings of the connections to PostgreSQL.
    """
    database_url, redis_url = _addresses(settings)
    pool = await _patiently(database_url, connection)
    writing = await _patiently(database_url, connection, size=AT_ONCE, application="huiying-writer")
    proofs = Proofs(settings.secret_key, binding_of(settings))
    manners = Manners(binding=proofs.binding, demo_code=proofs.demo_code)
    snapshot = Snapshot(
        pool, shipped_standard(settings), manners, shipped_routing(), answers=answers, zone=settings.zone
    )
    await snapshot.start()
    heap.settle()
    try:
        async with Wire(redis_url) as wire, Bus(redis_url) as bus:
            index = DeadlineIndex(wire)
            surveys, files = SurveyQueue(redis_url), FileQueue(redis_url)
            sms = Sms(next(iter(settings.accounts.sms.values()), None))
            aftermath = AfterCommit(index, bus, surveys, files, sms)
            writer = Writer(
                writing,
                lambda: snapshot.world,
                snapshot.understanding,
                aftermath,
                PUSHES,
                proofs=proofs,
                subscribed=lambda: snapshot.subscribed,
            )
            try:
                async with writer:
                    store = open_store(settings, pool)
                    yield House(settings, pool, wire, bus, index, snapshot, writer, surveys, files, store, proofs)
            finally:
                await sms.close()
                await asyncio.to_thread(surveys.close)
                await asyncio.to_thread(files.close)
    finally:
        snapshot.understanding.close()
        await _close(writing)
        await _close(pool)


def open_store(settings: Settings, pool: Pool) -> Store:
    """The store of files: a folder below the data folder, behind a scanner where the operator has one."""
    scanner = Clamd(settings.clamd) if settings.clamd else None
    return Store(pool, Folder(settings.data_dir / FILES), Screen(settings.file_limit, scanner))


def binding_of(settings: Settings) -> Binding:
    """How telephone numbers are proved: by the operator's gateway, in the demo without one, else not at all."""
    if settings.accounts.sms:
        return Binding.SMS
    return Binding.DEMO if settings.demo else Binding.OFF


def shipped_standard(settings: Settings) -> Standard:
    """The standard that holds until another is published; the demo never closes."""
    standard = parse(SHIPPED.read_text(encoding="utf-8"), settings.zone)
    return standard.with_hours(DEMO_HOURS).without_quiet_hours() if settings.demo else standard


def shipped_routing() -> Routing:
    """The routing that holds until another is published."""
    return parse_routing(ROUTING.read_text(encoding="utf-8"))


async def run_until(stop: asyncio.Event, *works: Coroutine[None, None, None]) -> None:
    """Run works side by side until told to stop; one that breaks stops them all and is raised."""
    tasks = [asyncio.create_task(work) for work in works]
    stopping = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait({*tasks, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if task is not stopping:
                task.result()
    finally:
        stopping.cancel()
        await end(*tasks)


def _addresses(settings: Settings) -> tuple[str, str]:
    """Addresses of PostgreSQL and Redis. Raises: ValueError when the caller has not filled them in."""
    if settings.database_url is None or settings.redis_url is None:
        raise ValueError("the addresses of both servers have to be filled in first")
    return settings.database_url, settings.redis_url


async def _patiently(
    url: str, connection: Mapping[str, str], *, size: int = POOL_SIZE, application: str = "huiying"
) -> Pool:
    while True:
        try:
            return await open_pool(url, size=size, planning=connection, application=application)
        except UNREACHABLE as error:
            log.info("house.waits_for_postgresql", error=type(error).__name__)
            await asyncio.sleep(0.5)


async def _close(pool: Pool) -> None:
    try:
        async with asyncio.timeout(3):
            await pool.close()
    except TimeoutError:
        pool.terminate()
