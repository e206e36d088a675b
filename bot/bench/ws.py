"""What an idle socket costs in memory, and how fast a message reaches all of a thread, beside ``websockets``."""

import asyncio
import json
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from importlib.util import find_spec
from secrets import token_hex, token_urlsafe
from statistics import median

import numpy as np
import psutil
from redis import Redis

from bot.bench import report
from bot.bench.ground import Ground, free_port
from bot.bench.sockets import Crowd
from bot.bus import CHANNEL as HINTS
from bot.descriptors import raise_limit
from bot.sql import load
from bot.web_sessions import TOKEN_BYTES

SQL = load(__file__, "ws.sql")
PATHS = {"ours": "/channels/web/demo/socket", "reference": "/"}
REFERENCE_HINTS = "bench:hints"
WORDS = "您好，您的宽带故障已经修复，请重启光猫后再试一次。" * 4
WARM_UP = 500
"""Sockets that are open before memory is counted: what a process needs but once is there by then."""
SETTLE = 2.0
"""Seconds after the last hello before memory is read."""
GOALS = {"kib": 16.0, "p99": 1.0}
BESIDE = 200
"""Files that a process of the measurement opens beside its sockets."""


@dataclass(slots=True)
class Course:
    """A measurement under way."""

    ground: Ground
    redis: Redis
    sockets: int
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in PATHS})
    servers: dict[str, psutil.Process] = field(default_factory=dict)
    kib: dict[str, float] = field(default_factory=dict)
    """Of one idle socket."""
    rounds: dict[str, list[list[float]]] = field(default_factory=lambda: {name: [] for name in PATHS})
    """Milliseconds until each socket had heard, for each broadcast."""

    async def start(self) -> None:
        """Start the service and the reference, which sends a frame as long as ours."""
        message = {
            "seq": 2,
            "id": "1:2",
            "sender": "agent",
            "text": WORDS,
            "choices": [],
            "sent_at": "2026-01-01T00:00:00.000Z",
        }
        frame = json.dumps({"type": "message", "message": message}, ensure_ascii=False)
        ours, reference = self.ports["ours"], self.ports["reference"]
        started = await self.ground.start("web", port=ours)
        words = str(reference), self.ground.servers.redis_url, REFERENCE_HINTS, frame
        beside = await self.ground.start("bot.bench.crowd", *words, port=reference)
        self.servers = {"ours": psutil.Process(started.pid), "reference": psutil.Process(beside.pid)}

    async def weigh(self, name: str) -> None:
        """Open idle sockets, each of another visitor, and read how much memory the later ones took."""
        crowd, port, path = Crowd(WORDS.encode()), self.ports[name], PATHS[name]
        try:
            await asyncio.to_thread(crowd.grow, port, path, await self._visitors(WARM_UP))
            await asyncio.to_thread(crowd.stay, SETTLE)
            before = self._memory(name)
            await asyncio.to_thread(crowd.grow, port, path, await self._visitors(self.sockets))
            await asyncio.to_thread(crowd.stay, SETTLE)
            self.kib[name] = (self._memory(name) - before) / self.sockets / 1024
        finally:
            crowd.leave()

    async def broadcast(self, rounds: int) -> None:
        """Tell messages to that many sockets, at each server in turn; the first of each only warms up."""
        contact = f"v:{token_hex(16)}"
        await self.ground.pool.execute(SQL["add_contact"], contact)
        hello = await self._hellos([contact])
        crowd = Crowd(WORDS.encode())
        try:
            for name, path in PATHS.items():
                await asyncio.to_thread(crowd.grow, self.ports[name], path, hello * self.sockets)
            for place in range(rounds + 1):
                for name in PATHS:
                    tell = partial(self.redis.publish, *await self._hint(name, contact))
                    taken = await asyncio.to_thread(crowd.hear, tell, self.sockets)
                    if place:
                        self.rounds[name].append([seconds * 1e3 for seconds in taken])
        finally:
            crowd.leave()

    def p99(self, name: str) -> float:
        """The median over the broadcasts of what 99 of 100 sockets waited at the most, in milliseconds."""
        return median(float(np.percentile(taken, 99)) for taken in self.rounds[name])

    def p50(self, name: str) -> float:
        """The same for half of the sockets."""
        return median(median(taken) for taken in self.rounds[name])

    async def _visitors(self, count: int) -> list[dict[str, object]]:
        return await self._hellos([f"v:{token_hex(16)}" for _ in range(count)])

    async def _hellos(self, contacts: list[str]) -> list[dict[str, object]]:
        """The first frames of visitors who have just opened their sessions."""
        tokens = [token_urlsafe(TOKEN_BYTES) for _ in contacts]
        hashes = [sha256(token.encode()).digest() for token in tokens]
        await self.ground.pool.execute(SQL["add_sessions"], hashes, contacts)
        return [{"type": "hello", "token": token, "after_seq": 0, "standing": True} for token in tokens]

    async def _hint(self, name: str, contact: str) -> tuple[str, str]:
        """What another process publishes once it has stored a message."""
        if name == "reference":
            return REFERENCE_HINTS, "now"
        number = await self.ground.pool.fetchval(SQL["say"], contact, WORDS)
        return HINTS, json.dumps(["from:bench", f"contact:{number}"])

    def _memory(self, name: str) -> int:
        resident: int = self.servers[name].memory_info().rss
        return resident


def run(*, as_json: bool, sockets: int = 5_000, rounds: int = 10) -> int:
    """Measure and print; returns the exit code, 1 where a goal is missed, 2 where it cannot be measured.

    Args:
        as_json: print one JSON document.
        sockets: how many are open at once.
        rounds: how many messages are told to all of them at each server.
    """
    if find_spec("websockets") is None:
        report.complain("The reference needs the library websockets: pip install 'huiying[test]'")
        return 2
    if raise_limit() < 2 * sockets + WARM_UP + BESIDE:
        report.complain(f"{sockets} sockets at two servers need more open files than this machine allows (ulimit -Hn)")
        return 2
    course = asyncio.run(_measured(sockets, rounds))
    figures = {
        name: {
            "kib": round(course.kib[name], 1),
            "p50_ms": round(course.p50(name), 1),
            "p99_ms": round(course.p99(name), 1),
        }
        for name in PATHS
    }
    ratios = {
        "p99": round(course.p99("ours") / course.p99("reference"), 2),
        "kib": round(course.kib["ours"] / course.kib["reference"], 2),
    }
    rows = [[name, *figure.values()] for name, figure in figures.items()]
    title = f"{sockets:,} sockets, {rounds} messages to all of them, medians"
    notes = [
        f"KiB of an idle socket: {figures['ours']['kib']:.1f} (at most {GOALS['kib']:g})",
        f"broadcast p99, ours / websockets: {ratios['p99']:.2f} (at most {GOALS['p99']:g})",
    ]
    drawn = report.table(title, ("", "KiB", "p50 ms", "p99 ms"), rows)
    report.show({"sockets": sockets, **figures, "ratios": ratios}, drawn, notes, as_json=as_json)
    return 0 if figures["ours"]["kib"] <= GOALS["kib"] and ratios["p99"] <= GOALS["p99"] else 1


async def _measured(sockets: int, rounds: int) -> Course:
    async with Ground() as ground:
        course = Course(ground, Redis.from_url(ground.servers.redis_url), sockets)
        with report.progress() as bar:
            task = bar.add_task("starting", total=len(PATHS) + 2)
            await course.start()
            bar.advance(task)
            for name in PATHS:
                bar.update(task, description=f"idle sockets: {name}")
                await course.weigh(name)
                bar.advance(task)
            bar.update(task, description="broadcasts")
            await course.broadcast(rounds)
            bar.advance(task)
        return course
