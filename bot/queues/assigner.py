"""The assigner: the longest-idle present agent with the skill and spare capacity gets the chat that waits longest.

Redis decides in one script and only leases; the writer confirms, or gives both back. What Redis holds is built from
PostgreSQL before each round, so nothing is lost with it.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from bot.bus import Bus
from bot.db import UNREACHABLE, Pool, Row
from bot.deadlines.index import milliseconds
from bot.sql import load
from bot.turns.writer import Writer
from bot.wire import AWAY, Command, Wire
from channels.door import Busy
from router.events import Abandoned, Assigned

SQL = load(__file__, "queues.sql")
PREFIX = "huiying:{queues}:"
IDLE, LOAD, CAPACITY, SKILLS, LEASES, OWNERS = (
    PREFIX + name for name in ("idle", "load", "capacity", "skills", "leases", "owners")
)
WAITING = PREFIX + "waiting:"
SEEN = "huiying:{people}:seen"
"""zset: agent by the last sign of life of their desk, ms; kept by the desk's streams."""
LEASE = 10_000
"""Milliseconds in which an assignment is confirmed."""
MOST = 200
GRACE = 180.0
"""Seconds that a lost connection keeps its seat (DESK, presence)."""
SWEEP = 1.0
REST = 0.1
"""Seconds between two rounds at least, however much changes at the desk."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Offer:
    """An assignment that the script proposes."""

    conversation: Row
    agent: Row


class Assigner:
    """Assigns waiting conversations, and takes chats from people who have gone."""

    def __init__(self, pool: Pool, wire: Wire, bus: Bus, writer: Writer) -> None:
        self._pool = pool
        self._wire = wire
        self._bus = bus
        self._writer = writer
        self._assign = wire.redis.register_script((Path(__file__).parent / "assign.lua").read_text("utf-8"))
        self._since = time.monotonic()

    def renewed(self) -> None:
        """Redis has lost its memory: nobody counts as absent before the grace has passed again."""
        self._since = time.monotonic()

    async def run(self) -> None:
        """Run until cancelled: at each change at the desk, and each second."""
        with self._bus.watch("desk", "presence") as watch:
            while True:
                try:
                    await self.round()
                    await self.leave_nobody_behind()
                except (*AWAY, *UNREACHABLE, Busy) as error:
                    log.debug("assigner.waits", error=type(error).__name__)
                await asyncio.sleep(REST)
                await watch.wait(SWEEP - REST)

    async def round(self) -> int:
        """Assign what can be assigned now; returns how many chats found an agent.

        Raises:
            redis.RedisError: Redis is away.
        """
        agents = {row["id"]: row for row in await self._pool.fetch(SQL["agents"])}
        if all(row["carried"] >= row["capacity"] for row in agents.values()):
            return 0  # Thousands may wait; nobody reads the list for nothing.
        waiting = await self._pool.fetch(SQL["waiting"])
        if not waiting:
            return 0
        queues = await self._pool.fetch(SQL["queues"])
        await self._project(waiting, agents, queues)
        offers = await self._offers(waiting, agents, queues)
        outcomes = await asyncio.gather(*map(self._confirm, offers))
        return sum(outcomes)

    async def leave_nobody_behind(self) -> int:
        """Give chats that rest on absent people back to their queue; returns how many."""
        await self._mark_absent()
        rows = await self._pool.fetch(SQL["resting"])
        for row in rows:
            act = Abandoned(row["assignee"], row["version"])
            await self._writer.act(row["contact_id"], f"abandoned:{row['id']}:{row['version']}", act)
        return len(rows)

    async def _project(self, waiting: Sequence[Row], agents: Mapping[int, Row], queues: Sequence[Row]) -> None:
        """Build the structures of the script anew; leases that still run stay."""
        (leases,) = await self._wire.run([("HGETALL", LEASES)])
        now = int(time.time() * 1000)
        commands, leased = _sorted(leases, now)
        commands.append(("DEL", IDLE, LOAD, CAPACITY, SKILLS, OWNERS, *(WAITING + row["id"] for row in queues)))
        for row in waiting:
            commands.append(("ZADD", WAITING + row["queue"], milliseconds(row["place"]), str(row["id"])))
            if row["assignee"] is not None:
                commands.append(("HSET", OWNERS, str(row["id"]), row["assignee"]))
        for number, row in agents.items():
            load = row["carried"] + leased.count(number)
            commands.append(("HSET", LOAD, number, load))
            commands.append(("HSET", CAPACITY, number, row["capacity"]))
            commands.append(("HSET", SKILLS, number, f",{','.join(row['skills'])},"))
            if load < row["capacity"]:
                idle_since = milliseconds(row["last_assigned"] or row["presence_since"])
                commands.append(("ZADD", IDLE, idle_since, number))
        await self._wire.run(commands)

    async def _offers(self, waiting: Sequence[Row], agents: Mapping[int, Row], queues: Sequence[Row]) -> list[Offer]:
        given = await self._assign(
            keys=[IDLE, LOAD, CAPACITY, SKILLS, LEASES, OWNERS, *(WAITING + row["id"] for row in queues)],
            args=[int(time.time() * 1000), LEASE, MOST, *(row["skill"] for row in queues)],
        )
        by_id = {row["id"]: row for row in waiting}
        pairs = zip(given[::2], given[1::2], strict=True)
        return [Offer(by_id[int(number)], agents[int(agent)]) for number, agent in pairs if int(number) in by_id]

    async def _confirm(self, offer: Offer) -> bool:
        """Have the writer confirm an offer; what it refuses is free again at once."""
        chat, agent = offer.conversation, offer.agent
        act = Assigned(agent["id"], agent["name"], chat["assignee"], chat["version"])
        try:
            receipt = await self._writer.act(
                chat["contact_id"], f"assigned:{chat['id']}:{chat['version']}:{agent['id']}", act
            )
        finally:
            self._wire.post("HDEL", LEASES, str(chat["id"]))
        if receipt.refused:
            log.info("assigner.refused", conversation=chat["id"], reason=receipt.refused)
        return not receipt.refused and not receipt.repeated

    async def _mark_absent(self) -> None:
        """Whoever's desk has been silent for longer than the grace is offline from now on."""
        if time.monotonic() - self._since < GRACE:
            return
        seated = await self._pool.fetch(SQL["seated"])
        (answer,) = await self._wire.run([("ZRANGE", SEEN, 0, -1, "WITHSCORES")])
        seen = {str(number): float(score) for number, score in answer}
        now = datetime.now(UTC)
        gone = [
            row["id"]
            for row in seated
            if time.time() - seen.get(str(row["id"]), 0.0) / 1000 > GRACE
            and (now - row["presence_since"]).total_seconds() > GRACE
        ]
        if gone and await self._pool.fetch(SQL["go_offline"], gone):
            log.info("assigner.gone_offline", agents=len(gone))
            self._bus.announce(["presence", *(f"agent:{number}" for number in gone)])


def _sorted(leases: Mapping[str, str], now: int) -> tuple[list[Command], list[int]]:
    """Leases that have ended, as commands that remove them, and the agents of those that still run."""
    ended: list[Command] = []
    agents: list[int] = []
    for conversation, lease in leases.items():
        end, _, agent = lease.partition(":")
        if int(end) <= now:
            ended.append(("HDEL", LEASES, conversation))
        elif agent:
            agents.append(int(agent))
    return ended, agents
