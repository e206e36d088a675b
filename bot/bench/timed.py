"""What is done over and over, and how long it took each time, beside what the machine takes for next to nothing."""

import os
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from bot.bench import report
from bot.db import Pool
from bot.sql import load

SQL = load(__file__, "timed.sql")
Work = Callable[[], Awaitable[object]]
NOTHING, ROW = "reference: SELECT 1", "reference: one row committed"
REFERENCES = (NOTHING, ROW)
"""What has no goal: where these are slow, the machine is busy, and so is everything else."""


@dataclass(frozen=True, slots=True)
class Figure:
    """How long one thing took, in milliseconds."""

    name: str
    runs: int
    p50_ms: float
    p95_ms: float


async def timed(works: Mapping[str, Work], rounds: int) -> list[Figure]:
    """Do each of several things so many times, all in each round: what else the machine does meets all alike."""
    took: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            began = time.perf_counter()
            await work()
            took[name].append(time.perf_counter() - began)
    return [figure(name, seconds) for name, seconds in took.items()]


async def references(pool: Pool) -> Mapping[str, Work]:
    """What tells how busy the machine is."""
    await pool.execute(SQL["add_table"])
    return {NOTHING: partial(pool.fetchval, SQL["nothing"]), ROW: partial(pool.execute, SQL["row"])}


def figure(name: str, took: Sequence[float]) -> Figure:
    """Out of seconds."""
    p50, p95 = (round(float(value) * 1000, 2) for value in np.percentile(np.array(took or [0.0]), (50, 95)))
    return Figure(name, len(took), p50, p95)


def show(
    figures: Sequence[Figure],
    what: str,
    many: int,
    *,
    goal_ms: float,
    as_json: bool,
    excused: Collection[str] = REFERENCES,
) -> int:
    """Print figures; returns the exit code, 1 where a 95th percentile is above the goal.

    Args:
        figures: what was measured.
        what: lies in the database.
        many: of it.
        goal_ms: of the 95th percentile of each.
        as_json: print one JSON document.
        excused: names of figures that have no goal.
    """
    load = [round(value, 1) for value in os.getloadavg()]
    document: dict[str, object] = {what: many, "goal_ms": goal_ms, "load": load}
    document |= {one.name: {"runs": one.runs, "p50_ms": one.p50_ms, "p95_ms": one.p95_ms} for one in figures}
    rows = [[one.name, one.runs, one.p50_ms, one.p95_ms] for one in figures]
    shown = report.table(f"{many:,} {what}, goal p95 {goal_ms:.0f} ms", ("", "runs", "p50 ms", "p95 ms"), rows)
    note = f"load {' '.join(map(str, load))} on {os.cpu_count()} processors"
    report.show(document, shown, [note], as_json=as_json)
    return 0 if all(one.p95_ms <= goal_ms for one in figures if one.name not in excused) else 1
