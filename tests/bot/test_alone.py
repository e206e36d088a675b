"""A work that one process at a time may do is never done by two, and never left undone."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.db import Pool
from bot.doors.alone import Alone, lock_of
from bot.tasks import end

LOOK = 0.02


@dataclass
class Worker:
    """Does a work until it is stopped, and notes who is at it."""

    name: str
    at_it: set[str]
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    failure: Exception | None = None
    most: int = 0

    async def work(self) -> None:
        """Work."""
        self.at_it.add(self.name)
        self.most = max(self.most, len(self.at_it))
        self.begun.set()
        try:
            if self.failure is not None:
                failure, self.failure = self.failure, None
                raise failure
            await asyncio.Event().wait()
        finally:
            self.at_it.discard(self.name)
            self.ended.set()


def start(database_url: str, worker: Worker) -> "asyncio.Task[None]":
    return asyncio.create_task(Alone(database_url, look=LOOK).run("telegram:main", worker.work))


@pytest.fixture
def both() -> tuple[Worker, Worker]:
    at_it: set[str] = set()
    return Worker("first", at_it), Worker("second", at_it)


async def test_another_takes_over_only_when_the_first_has_ended(database_url: str, both: tuple[Worker, Worker]) -> None:
    first, second = both
    one = start(database_url, first)
    await first.begun.wait()
    two = start(database_url, second)
    await asyncio.sleep(5 * LOOK)
    assert not second.begun.is_set()
    await end(one)
    await asyncio.wait_for(second.begun.wait(), 10)
    await end(two)
    assert max(first.most, second.most) == 1


async def test_who_loses_the_connection_stops(database_url: str, pool: Pool, both: tuple[Worker, Worker]) -> None:
    first, _ = both
    one = start(database_url, first)
    await first.begun.wait()
    await pool.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted")
    await asyncio.wait_for(first.ended.wait(), 10)
    first.begun.clear()
    await asyncio.wait_for(first.begun.wait(), 10)
    await end(one)


async def test_work_that_breaks_begins_anew(database_url: str, both: tuple[Worker, Worker]) -> None:
    first, _ = both
    first.failure = RuntimeError("broken")
    one = start(database_url, first)
    await first.begun.wait()
    await first.ended.wait()
    first.begun.clear()
    await asyncio.wait_for(first.begun.wait(), 10)
    await end(one)


async def test_works_of_different_names_do_not_wait_for_each_other(
    database_url: str, both: tuple[Worker, Worker]
) -> None:
    tasks = [asyncio.create_task(Alone(database_url, look=LOOK).run(worker.name, worker.work)) for worker in both]
    await asyncio.wait_for(asyncio.gather(*(worker.begun.wait() for worker in both)), 10)
    await end(*tasks)


def test_a_lock_fits_into_postgresqls_numbers() -> None:
    assert all(-(2**63) <= lock_of(f"telegram:{name}") < 2**63 for name in range(100))
    assert lock_of("telegram:a") != lock_of("telegram:b")
