"""Lists that platforms keep: what was called about is not forgotten, and one process at a time reads them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.bus import Bus
from bot.db import Pool
from bot.doors.alone import Alone
from bot.doors.pulls import StoredPulls
from bot.tasks import end
from channels.door import Busy, Cursor

MINUTE = timedelta(minutes=1)
LOOK = 0.02


@pytest.fixture
async def bus(redis_url: str) -> AsyncIterator[Bus]:
    async with Bus(redis_url) as opened:
        yield opened


@pytest.fixture
def pulls(pool: Pool, bus: Bus) -> StoredPulls:
    return StoredPulls("wechat_kf", pool, bus, look=60.0)


async def sources(pulls: StoredPulls, account: str = "main") -> list[str]:
    return [one.source for one in await pulls.pending(account, MINUTE)]


async def test_what_was_called_about_is_pending_until_it_was_read(pulls: StoredPulls) -> None:
    await pulls.note("main", "wk1", "t1")
    (pending,) = await pulls.pending("main", MINUTE)
    assert (pending.source, pending.cursor, pending.token) == ("wk1", "", "t1")
    await pulls.finished("main", pending)
    assert await sources(pulls) == []
    await pulls.note("main", "wk1", "t2")
    (again,) = await pulls.pending("main", MINUTE)
    assert again.token == "t2"


async def test_a_call_in_the_middle_of_reading_is_not_forgotten(pulls: StoredPulls) -> None:
    await pulls.note("main", "wk1", "t1")
    (pending,) = await pulls.pending("main", MINUTE)
    await pulls.note("main", "wk1", "t2")
    await pulls.finished("main", pending)
    assert await sources(pulls) == ["wk1"]


async def test_a_list_that_nobody_called_about_is_read_at_the_start_and_after_a_while(
    pulls: StoredPulls, pool: Pool
) -> None:
    await pulls.learn("main", ["wk1", "wk2"])
    await pulls.note("main", "wk2", "t")
    await pulls.learn("main", ["wk1", "wk2"])
    assert await sources(pulls) == ["wk2", "wk1"]
    for pending in await pulls.pending("main", MINUTE):
        await pulls.finished("main", pending)
    assert await sources(pulls) == []
    await pool.execute("UPDATE pulls SET looked = looked - interval '61 seconds' WHERE source = 'wk1'")
    assert await sources(pulls) == ["wk1"]


async def test_a_cursor_moves_on_only_from_where_its_reader_found_it(pulls: StoredPulls) -> None:
    await pulls.learn("main", ["wk1"])
    for before, after in (("", "c1"), ("", "c9"), ("c1", "c2"), ("c1", "c3")):
        await pulls.advance(Cursor("wechat_kf", "main", "wk1", before, after))
    (pending,) = await pulls.pending("main", MINUTE)
    assert pending.cursor == "c2"


async def test_accounts_do_not_see_each_others_lists(pulls: StoredPulls, pool: Pool, bus: Bus) -> None:
    await pulls.note("main", "wk1", "t")
    assert await sources(pulls, "other") == []
    assert await sources(StoredPulls("another", pool, bus)) == []


async def test_a_call_wakes_whoever_reads(pulls: StoredPulls) -> None:
    async with asyncio.timeout(10):
        waiting = asyncio.create_task(pulls.wait("main"))
        await asyncio.sleep(0)
        await pulls.note("main", "wk1", "t")
        await waiting


async def test_a_call_that_cannot_be_written_down_is_told_to_come_back(pulls: StoredPulls, pool: Pool) -> None:
    pool.terminate()
    with pytest.raises(Busy):
        await pulls.note("main", "wk1", "t")


@dataclass
class Reader:
    """A process that reads the lists of an account for as long as it lives."""

    name: str
    reading: list[str]
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    most: int = 0

    async def run(self) -> None:
        """Read."""
        self.reading.append(self.name)
        self.most = max(self.most, len(self.reading))
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.reading.remove(self.name)


async def test_one_process_reads_an_account_and_another_takes_over_when_it_dies(database_url: str) -> None:
    reading: list[str] = []
    readers = [Reader(name, reading) for name in "abc"]
    alone = Alone(database_url, look=LOOK)
    works = {one.name: asyncio.create_task(alone.run("wechat_kf:main", one.run)) for one in readers}
    other = Reader("other account", [])
    works["other"] = asyncio.create_task(alone.run("wechat_kf:other", other.run))
    try:
        async with asyncio.timeout(20):
            await other.begun.wait()
            first = await _first(readers)
            await end(works[first.name])
            heir = await _first([one for one in readers if one is not first])
        assert reading == [heir.name]
        assert max(one.most for one in readers) == 1
    finally:
        await end(*works.values())


async def _first(readers: list[Reader]) -> Reader:
    """Whoever begins to read first."""
    waits = {asyncio.create_task(one.begun.wait()): one for one in readers}
    done, left = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in left:
        wait.cancel()
    return waits[done.pop()]
