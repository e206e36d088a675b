"""Deadlines of conversations, tickets and complaints come due while Redis forgets everything and clocks are killed."""

import asyncio
from asyncio.subprocess import Process
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from bot.bench import report
from bot.bench.ground import Ground, until_none
from bot.db import Pool
from bot.sql import load
from bot.wire import Wire

SQL = load(__file__, "flushed.sql")
CLOCKS = 2
AHEAD = timedelta(seconds=20)
"""From the arming to the first step, so that the clocks are there by then."""
PATIENCE = 120.0
"""Seconds after the run in which all steps have to come."""
FIRST_ID = 10_000_000
"""Beyond the ids that the service gives."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of all steps; lateness in seconds up to the fire, early and doubled ones counted in steps."""

    fired: int
    passed_over: int
    """Steps that came together with a later one, which is fired in their place."""
    p50_s: float
    p99_s: float
    max_s: float
    early: int
    lost: int
    doubled: int
    wrongly_told: int
    """Deadlines of which people, or the customer, were not told once for each step."""

    @property
    def sound(self) -> bool:
        """Whether each step was fired once and not early, and everybody told of it once."""
        return not (self.early or self.lost or self.doubled or self.wrongly_told)


def run(*, as_json: bool, conversations: int, tickets: int, seconds: int, flushes: int, kills: int) -> int:
    """Measure and print; returns the exit code, 1 where a step was early, lost or doubled.

    Args:
        as_json: print one JSON document.
        conversations: how many wait, with one deadline each.
        tickets: how many are open, with two deadlines or, every other one a complaint, three.
        seconds: how long it takes until all three steps of all deadlines are due.
        flushes: how often Redis forgets everything meanwhile.
        kills: how often a clock is killed meanwhile, and another one started.
    """
    course = Course(conversations, tickets, timedelta(seconds=seconds), flushes, kills)
    deadlines, verdict = asyncio.run(course.measured())
    document: dict[str, object] = {"deadlines": deadlines, "flushes": flushes, "kills": kills, **asdict(verdict)}
    title = f"{sum(deadlines.values()):,} deadlines in {seconds} s, {flushes} × FLUSHALL, {kills} clocks killed"
    rows = [[name, value] for name, value in (deadlines | asdict(verdict)).items()]
    report.show(document, report.table(title, ("", "found"), rows), as_json=as_json)
    return 0 if verdict.sound else 1


@dataclass(frozen=True, slots=True)
class Course:
    """One run."""

    conversations: int
    tickets: int
    length: timedelta
    flushes: int
    kills: int

    async def measured(self) -> tuple[dict[str, int], Verdict]:
        """How many deadlines there were, of each kind of record, and what became of their steps."""
        async with Ground() as ground, Wire(ground.servers.redis_url) as wire:
            start: datetime = await ground.pool.fetchval("SELECT clock_timestamp()") + AHEAD
            await arm(ground.pool, self.conversations, self.tickets, start, self.length)
            clocks = [await ground.start("worker") for _ in range(CLOCKS)]
            await self._disturb(ground, wire, clocks, start)
            await until_none(ground.pool, SQL["unfinished"], FIRST_ID, patience=PATIENCE)
            rows = await ground.pool.fetch(SQL["deadlines"], FIRST_ID)
            return {row["subject"]: row["number"] for row in rows}, await judged(ground.pool)

    async def _disturb(self, ground: Ground, wire: Wire, clocks: list[Process], start: datetime) -> None:
        """Evenly over the run, each in its turn: Redis forgets, and a clock dies and is followed by another."""
        moments = [((number + 0.5) / self.flushes, "flush", number) for number in range(self.flushes)]
        moments += [((number + 0.7) / self.kills, "kill", number) for number in range(self.kills)]
        with report.progress() as bar:
            task = bar.add_task("forgetting", total=len(moments))
            for part, what, number in sorted(moments):
                now: datetime = await ground.pool.fetchval("SELECT clock_timestamp()")
                await asyncio.sleep(max((start + self.length * part - now).total_seconds(), 0))
                if what == "flush":
                    await wire.redis.flushall()
                else:
                    clocks[number % CLOCKS].kill()
                    await ground.stop(clocks[number % CLOCKS])
                    clocks[number % CLOCKS] = await ground.start("worker")
                bar.advance(task)


async def arm(pool: Pool, conversations: int, tickets: int, start: datetime, length: timedelta) -> None:
    """Add records whose deadlines have three steps each, the first due from ``start`` on (aware), the last by its end.

    Every step of a deadline is noted from now on, by PostgreSQL itself. Clocks are to be started after it.
    """
    third = length / 3
    await pool.execute(SQL["watch"])
    edition: int = await pool.fetchval(SQL["edition"]) or 0
    await pool.execute(SQL["add_conversations"], FIRST_ID, conversations, start, third, edition)
    await pool.execute(SQL["add_tickets"], FIRST_ID + conversations, tickets, start, third, edition)
    await pool.execute("ANALYZE")


async def judged(pool: Pool) -> Verdict:
    """What became of the deadlines that ``arm`` has added."""
    row = (await pool.fetch(SQL["figures"], FIRST_ID))[0]
    p50, p99, most = (round(value, 3) for value in row["late"])
    lost: int = await pool.fetchval(SQL["lost"], FIRST_ID)
    wrong = [await pool.fetchval(SQL[name], FIRST_ID) for name in ("wrongly_told", "wrongly_kept")]
    return Verdict(row["fired"], row["passed_over"], p50, p99, most, row["early"], lost, row["doubled"], sum(wrong))
