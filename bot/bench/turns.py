"""What a turn costs: the whole durable WeChat turn beside bare handlers, interleaved on the same machine."""

import asyncio
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random
from statistics import median

from msgspec import json

from bot.bench import cpu, report
from bot.bench.ground import Ground, free_port
from bot.bench.load import Ask, Job, Report
from bot.bench.questions import Questions, prepare
from channels.accounts import Mode

BARE = ("constant", "reference", "tuned")
KINDS = (*BARE, "turn_plain", "turn_safe", "turn_new")
TURNS = ("turn_plain", "turn_safe", "turn_new")
PARTS = ("cpu_us", "postgres_us", "redis_us")
FIGURES = (*PARTS, "per_second", "p50_ms", "p99_ms")
CONTACTS = 5_000
"""So many that nobody writes too fast."""
ENTRIES = 2_000
SETTLE = 1.5
"""Seconds after a round in which the last marks of it are written."""
REPEATS = 0.1
NEW_SHARE = 3
"""A round of new questions, which cost several times as much, has this fraction of the messages."""
GOALS = {"sum": 0.75, "service": 0.6, "new": 1_500.0}


@dataclass(slots=True)
class Course:
    """A measurement under way."""

    ground: Ground
    questions: Questions
    messages: int
    ports: dict[str, int] = field(default_factory=dict)
    pids: dict[str, int] = field(default_factory=dict)
    rounds: dict[str, list[dict[str, float]]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    chance: Random = field(default_factory=lambda: Random(1))  # noqa: S311 - a load, not a secret
    numbers: Iterator[int] = field(default_factory=lambda: count(7_000_000_000_000_000))
    unheard: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self.unheard = self.questions.new(self.chance)

    async def start(self) -> None:
        """Start the service and the bare handlers, and let every contact write once."""
        servers = self.ground.servers
        for name in ("web", *BARE):
            self.ports[name] = free_port()
            words: tuple[str, ...] = (name,)
            if name != "web":
                urls = servers.database_url, servers.redis_url
                words = ("bot.bench.reference", name, str(self.ports[name]), *urls)
            self.pids[name] = (await self.ground.start(*words, port=self.ports[name])).pid
        for kind in ("turn_plain", "turn_safe"):
            await self.load(kind, self._asks(kind, CONTACTS, recurring=True))

    async def round(self, kind: str) -> None:
        """Measure one kind once."""
        roots = {"cpu_us": self.pids[_process(kind)], "postgres_us": self.ground.servers.pids["postgres"]}
        roots["redis_us"] = self.ground.servers.pids["redis"]
        messages = max(1, self.messages // NEW_SHARE) if kind == "turn_new" else self.messages
        asks = self._asks(kind, messages, recurring=kind != "turn_new")
        before = cpu.spent_each(roots)
        found = await self.load(kind, asks)
        await asyncio.sleep(SETTLE)
        after = cpu.spent_each(roots)
        figures = {name: (after[name] - before[name]) * 1e6 / messages for name in roots}
        figures |= {"per_second": found.messages / found.seconds, "p50_ms": found.p50_ms, "p99_ms": found.p99_ms}
        self.rounds.setdefault(kind, []).append(figures)

    async def repeat(self) -> None:
        """Send a tenth of the messages twice, and look that nothing in the result tells."""
        counts = "SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM intake), (SELECT count(*) FROM outbox)"
        before = tuple((await self.ground.pool.fetch(counts))[0].values())
        found = await self.load("turn_plain", self._asks("turn_plain", self.messages, recurring=True), REPEATS)
        after = tuple((await self.ground.pool.fetch(counts))[0].values())
        more = tuple(late - early for late, early in zip(after, before, strict=True))
        if more != (2 * self.messages, self.messages, self.messages) or found.unequal:
            self.problems.append(f"repeats changed the result: {more} rows more, {found.unequal} unequal answers")

    async def load(self, kind: str, asks: Iterable[Ask], repeats: float = 0.0) -> Report:
        """Run one load to its end."""
        mode = _mode(kind)
        job = Job(self.ports[_process(kind)], mode, tuple(asks), repeats=repeats, bare=kind not in TURNS)
        words = [sys.executable, "-m", "bot.bench.load"]
        done = await asyncio.to_thread(subprocess.run, words, input=json.encode(job), capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.decode())
        found = json.decode(done.stdout, type=Report)
        if found.wrong:
            self.problems.append(f"{kind}: {found.wrong} of {found.messages} answers are wrong")
        return found

    def _asks(self, kind: str, messages: int, *, recurring: bool) -> list[Ask]:
        writers = [f"o{_mode(kind)}_{number % CONTACTS:06d}" for number in range(messages)]
        self.chance.shuffle(writers)
        return [Ask(one, next(self.numbers), *self._question(recurring=recurring)) for one in writers]

    def _question(self, *, recurring: bool) -> tuple[str, str | None]:
        return self.chance.choice(self.questions.recurring) if recurring else (next(self.unheard), None)


def run(*, as_json: bool, messages: int = 3_000, rounds: int = 5) -> int:
    """Measure and print; returns the exit code, 1 where an answer was wrong or a repeat changed something.

    Args:
        as_json: print one JSON document.
        messages: how many a round sends.
        rounds: how often each kind is measured; medians are shown.
    """
    course = asyncio.run(_measured(messages, rounds))
    figures = {
        name: {kind: round(median(one[name] for one in course.rounds[kind]), 2) for kind in KINDS} for name in FIGURES
    }
    rows = [[kind, *(figures[name][kind] for name in FIGURES)] for kind in KINDS]
    title = (
        f"{messages:,} messages a round, {rounds} rounds, 64 connections; CPU in µs per message, medians; "
        "the service and tuned run on uvloop, constant and reference on asyncio's own loop"
    )
    heads = ("", "service", "PostgreSQL", "Redis", "messages/s", "p50 ms", "p99 ms")
    report.show(figures, report.table(title, heads, rows), _notes(figures), as_json=as_json)
    for problem in course.problems:
        report.complain(problem)
    return 1 if course.problems else 0


async def _measured(messages: int, rounds: int) -> Course:
    async with Ground() as ground:
        course = Course(ground, await prepare(ground.pool, ENTRIES), messages)
        with report.progress() as bar:
            task = bar.add_task("starting", total=rounds * len(KINDS) + 1)
            await course.start()
            for kind in KINDS * rounds:
                bar.update(task, description=kind)
                await course.round(kind)
                bar.advance(task)
            bar.update(task, description="repeats")
            await course.repeat()
            bar.advance(task)
        return course


def _mode(kind: str) -> Mode:
    return Mode.SAFE if kind == "turn_safe" else Mode.PLAIN


def _process(kind: str) -> str:
    return "web" if kind in TURNS else kind


def _notes(figures: dict[str, dict[str, float]]) -> list[str]:
    """How the turn stands beside the bare handlers."""
    new = figures["cpu_us"]["turn_new"] - figures["cpu_us"]["turn_plain"]
    return [
        *(f"turn / {bare}: {_beside(bare, figures)}" for bare in ("reference", "tuned")),
        f"a new question adds {new:.0f} µs (at most {GOALS['new']:g})",
        "The goals are set beside the reference, which is bare: loop and pool are what one gets without asking. Tuned "
        "is the same handler on our loop with a pool like ours: what still differs there is the work alone.",
    ]


def _beside(bare: str, figures: dict[str, dict[str, float]]) -> str:
    whole = {kind: sum(figures[part][kind] for part in PARTS) for kind in ("turn_plain", bare)}
    service = figures["cpu_us"]
    found = {"sum": whole["turn_plain"] / whole[bare], "service": service["turn_plain"] / service[bare]}
    return ", ".join(f"{name} {ratio:.2f} (at most {GOALS[name]:g})" for name, ratio in found.items())
