"""What is done over and over, and how long it took each time."""

import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from bot.bench import report


@dataclass(frozen=True, slots=True)
class Figure:
    """How long one thing took, in milliseconds."""

    name: str
    runs: int
    p50_ms: float
    p95_ms: float


async def timed(name: str, rounds: int, work: Callable[[], Awaitable[object]]) -> Figure:
    """Do something so many times."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        await work()
        took.append(time.perf_counter() - began)
    return figure(name, took)


def figure(name: str, took: Sequence[float]) -> Figure:
    """Out of seconds."""
    p50, p95 = (round(float(value) * 1000, 2) for value in np.percentile(np.array(took or [0.0]), (50, 95)))
    return Figure(name, len(took), p50, p95)


def show(
    figures: Sequence[Figure], what: str, many: int, *, goal_ms: float, as_json: bool, excused: Collection[str] = ()
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
    document: dict[str, object] = {what: many, "goal_ms": goal_ms}
    document |= {one.name: {"runs": one.runs, "p50_ms": one.p50_ms, "p95_ms": one.p95_ms} for one in figures}
    rows = [[one.name, one.runs, one.p50_ms, one.p95_ms] for one in figures]
    shown = report.table(f"{many:,} {what}, goal p95 {goal_ms:.0f} ms", ("", "runs", "p50 ms", "p95 ms"), rows)
    report.show(document, shown, as_json=as_json)
    return 0 if all(one.p95_ms <= goal_ms for one in figures if one.name not in excused) else 1
