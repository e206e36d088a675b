"""How fast waiting chats find agents: assigners side by side, in peace and while they are killed."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from msgspec import json

from bot.bench import report
from bot.bench.assigners import Done
from bot.bench.ground import Ground
from bot.embedded.program import tail
from bot.queues.publish import publish
from bot.sql import load
from router.routing import parse

SQL = load(__file__, "assign.sql")
ROUTING = """
default = "service"
[queue.service]
zh = "客服"
en = "Service"
[queue.bench]
zh = "专席"
en = "Experts"
required = "broadband"
"""
FIRST_ID = 10_000_000
"""Beyond the ids that the service gives."""
WAVE = 1_000_000
"""Ids from one wave to the next."""
SPARE = 1.2
"""Places in all for each chat that waits: nobody has to be full for all to be taken."""
GOAL = 0.5
"""The least rate of decided and leased chats beside that of an empty script."""
KILL_EVERY = 0.4
"""Seconds from one kill to the next."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was found; rates are those of all processes together."""

    waiting: int
    agents: int
    assigners: int
    empty_per_second: float
    """Calls of an empty script."""
    claimed_per_second: float
    """Chats decided and leased, without the commit."""
    assigned_per_second: float
    """Chats assigned for good, each confirmed by the writer in PostgreSQL."""
    killed: int
    twice: int
    overfull: int
    left: int

    @property
    def sound(self) -> bool:
        """Whether no chat was given twice or left behind, and nobody got what they cannot carry."""
        return not (self.twice or self.overfull or self.left)


def run(*, as_json: bool, waiting: int, agents: int, assigners: int, kills: int) -> int:
    """Measure and print; returns the exit code, 1 where something did not hold.

    Args:
        as_json: print one JSON document.
        waiting: how many chats wait in each wave.
        agents: how many people are present.
        assigners: how many processes assign side by side.
        kills: how many of them are killed in the second wave.
    """
    found = asyncio.run(measured(waiting=waiting, agents=agents, assigners=assigners, kills=kills))
    ratio = found.claimed_per_second / found.empty_per_second
    rows = [[name, value] for name, value in asdict(found).items()]
    notes = [
        f"decided and leased / empty script: {ratio:.2f} (at least {GOAL:g})",
        f"assigned and committed / empty script: {found.assigned_per_second / found.empty_per_second:.2f}",
    ]
    table = report.table("Chats find their agents", ("", "found"), rows)
    report.show(asdict(found) | {"ratio": round(ratio, 3)}, table, notes, as_json=as_json)
    return 0 if found.sound else 1


async def measured(*, waiting: int, agents: int, assigners: int, kills: int) -> Figures:
    """One run and what was found."""
    async with Ground() as ground:
        course = _Course(ground, waiting, agents, assigners)
        with report.progress() as bar:
            task = bar.add_task("preparing", total=4)
            await course.prepare(int(waiting * SPARE / agents) * 2)
            rates = {}
            for kind, words in (("empty", ()), ("claim", (str(waiting), str(agents)))):
                bar.update(task, description=kind)
                rates[kind] = await course.together(kind, *words)
                bar.advance(task)
            bar.update(task, description="in peace")
            await course.wave(FIRST_ID)
            rates["assign"] = await course.together("assign")
            bar.advance(task)
            bar.update(task, description="killed")
            await course.wave(FIRST_ID + WAVE)
            killed = await course.killed(kills, Random(waiting + kills))  # noqa: S311 - a load, not a secret
            bar.advance(task)
        counts = [await ground.pool.fetchval(SQL[name], FIRST_ID) for name in ("twice", "left")]
        overfull = await ground.pool.fetchval(SQL["overfull"])
    return Figures(
        waiting=waiting,
        agents=agents,
        assigners=assigners,
        empty_per_second=round(rates["empty"]),
        claimed_per_second=round(rates["claim"]),
        assigned_per_second=round(rates["assign"]),
        killed=killed,
        twice=counts[0],
        overfull=overfull,
        left=counts[1],
    )


@dataclass(frozen=True, slots=True)
class _Course:
    ground: Ground
    waiting: int
    agents: int
    assigners: int

    @property
    def log(self) -> Path:
        """What the processes say beside their figures."""
        return self.ground.folder / "assigners.log"

    async def prepare(self, capacity: int) -> None:
        """Seat the agents, and nobody else."""
        pool = self.ground.pool
        await pool.execute(SQL["only_ours"])
        await pool.execute(SQL["add_agents"], self.agents, capacity)
        await publish(pool, ROUTING, parse(ROUTING))

    async def wave(self, after: int) -> None:
        """Put chats into the queues."""
        await self.ground.pool.execute(SQL["add_waiting"], after, self.waiting)
        await self.ground.pool.execute("ANALYZE")

    async def together(self, *words: str) -> float:
        """Run one kind of process side by side to their ends; returns what they did in a second in all."""
        processes = [await self._start(*words) for _ in range(self.assigners)]
        done = [await self._done(process) for process in processes]
        return sum(one.count for one in done) / max(one.seconds for one in done)

    async def killed(self, kills: int, chance: Random) -> int:
        """Assign while processes are killed and started again; returns how many were killed."""
        running = [await self._start("assign") for _ in range(self.assigners)]
        killed = 0
        while killed < kills and await self.ground.pool.fetchval(SQL["left"], FIRST_ID):
            await asyncio.sleep(KILL_EVERY)
            place = chance.randrange(len(running))
            if running[place].returncode is None:
                running[place].kill()
                killed += 1
            await running[place].wait()
            running[place] = await self._start("assign")
        for process in running:
            await self._done(process)
        return killed

    async def _start(self, *words: str) -> Process:
        argv = (sys.executable, "-m", "bot.bench.assigners", *words)
        with self.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(*argv, env=self.ground.environment(), stdout=PIPE, stderr=log)

    async def _done(self, process: Process) -> Done:
        """Wait for a process to end by itself. Raises: RuntimeError where it failed."""
        said, _ = await process.communicate()
        if process.returncode:
            raise RuntimeError(f"an assigner ended with {process.returncode}. It said:\n{tail(self.log)}")
        return json.decode(said, type=Done)
