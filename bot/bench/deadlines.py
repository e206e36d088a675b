"""How late deadlines fire: a hundred thousand armed, ten thousand due within one second, two clocks at work."""

import asyncio
from asyncio.subprocess import Process
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import numpy as np

from bot.bench import report
from bot.bench.ground import Ground, until_none
from bot.deadlines.projection import Projection
from bot.settings import zone
from bot.sql import load
from bot.standards.shipped import shipped_standard_text
from bot.wire import Wire
from router.standard import parse

SQL = load(__file__, "deadlines.sql")
CLOCKS = 2
AHEAD = timedelta(seconds=10)
"""From the making of a wave to its first due time, so that it is in the index by then."""
KILLED_AFTER = 0.4
"""Seconds into a wave at which a clock is killed."""
PATIENCE = 60.0
"""Seconds after which what has not fired counts as lost."""
FIRST_ID = 10_000_000
"""Beyond the ids that the service gives."""
FIRST_CLOSING = 100_000_000
"""The same, for the limits that end with the service day, which whoever waits has beside the other."""
WAITED = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Wave:
    """What became of deadlines that were due within one second; lateness in seconds, up to the commit."""

    due: int
    fired: int
    p50_s: float
    p99_s: float
    max_s: float
    early: int
    lost: int
    doubled: int

    @property
    def sound(self) -> bool:
        """Whether none was early, lost or doubled."""
        return not (self.early or self.lost or self.doubled)


def run(*, as_json: bool, armed: int = 100_000, due: int = 10_000) -> int:
    """Measure and print; returns the exit code, 1 where a deadline was early, lost or doubled.

    Args:
        as_json: print one JSON document.
        armed: how many deadlines are armed in all.
        due: how many of them come due within one second, once in peace and once while a clock is killed.
    """
    waves = asyncio.run(_measured(armed, due))
    figures = {name: asdict(wave) for name, wave in waves.items()}
    heads = ("", *next(iter(figures.values())))
    rows = [[name, *figure.values()] for name, figure in figures.items()]
    title = f"{armed:,} armed, {due:,} due within one second, {CLOCKS} clocks"
    report.show({"armed": armed, "clocks": CLOCKS, **figures}, report.table(title, heads, rows), as_json=as_json)
    return 0 if all(wave.sound for wave in waves.values()) else 1


async def _measured(armed: int, due: int) -> dict[str, Wave]:
    async with Ground(settings={"track_commit_timestamp": "on"}) as ground, Wire(ground.servers.redis_url) as wire:
        with report.progress() as bar:
            task = bar.add_task("arming", total=3)
            now: datetime = await ground.pool.fetchval("SELECT date_trunc('minute', clock_timestamp())")
            idle = armed - 2 * due
            await ground.pool.execute(SQL["add_idle"], FIRST_ID, idle, now, now + timedelta(minutes=30))
            await ground.pool.execute("ANALYZE")
            clocks = [await ground.start("worker") for _ in range(CLOCKS)]
            bar.advance(task)
            course = _Course(ground, Projection(ground.pool, wire), due)
            bar.update(task, description="in peace")
            peaceful = await course.wave(FIRST_ID + idle)
            bar.advance(task)
            bar.update(task, description="a clock is killed")
            killed = await course.wave(FIRST_ID + idle + due, victim=clocks[0])
            bar.advance(task)
    return {"peaceful": peaceful, "killed": killed}


@dataclass(frozen=True, slots=True)
class _Course:
    ground: Ground
    projection: Projection
    due: int

    async def wave(self, after: int, victim: Process | None = None) -> Wave:
        """Arm a wave, let it come due, and look what fired."""
        pool = self.ground.pool
        start: datetime = await pool.fetchval("SELECT clock_timestamp()") + AHEAD
        await pool.execute(SQL["add_waiting"], after, self.due, start, FIRST_CLOSING, _closing(start - WAITED))
        await self.projection.project()
        begun: datetime = await pool.fetchval("SELECT clock_timestamp()")
        await asyncio.sleep((start - begun).total_seconds() + KILLED_AFTER)
        if victim is not None:
            victim.kill()
            await self.ground.start("worker")
        await until_none(pool, SQL["missing"], after, self.due, patience=PATIENCE)
        rows = await pool.fetch(SQL["lateness"], after, self.due)
        late = np.array([row["committed"] for row in rows] or [0.0])
        p50, p99 = (round(float(value), 3) for value in np.percentile(late, (50, 99)))
        early = sum(row["given"] < 0 for row in rows)
        doubled: int = await pool.fetchval(SQL["doubled"], after, self.due)
        lost = self.due - len(rows)
        return Wave(self.due, len(rows), p50, p99, round(float(late.max()), 3), early, lost, doubled)


def _closing(opened: datetime) -> datetime | None:
    """When the service closes for whoever began to wait then; None where it is closed, or never closes."""
    closing = parse(shipped_standard_text(), zone()).calendar.closing(opened)
    return closing if closing is not None and closing > opened else None
