"""The assigner: chats that wait go to people who are present (``router.assignment`` says to whom).

The facts are read from PostgreSQL in each round. What has been decided is leased in Redis and confirmed by the writer;
nothing is lost with Redis, and a chat whose assigner died is free again when its lease ends.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import structlog

from bot.bus import Bus
from bot.db import UNREACHABLE, Pool, Row
from bot.queues.leases import Leases, Seen
from bot.sql import load
from bot.turns.writer import Writer
from bot.wire import AWAY, Wire
from channels.door import Busy
from router.assignment import Needs, Seat, Waiting, assign
from router.events import Abandoned, Assigned, Lapsed, Offered, Overflowed
from router.routing import ON_BREAK, Routing, Step, Stretch

SQL = load(__file__, "queues.sql")
SEEN = "huiying:{people}:seen"
"""zset: agent by the last sign of life of their desk, ms; kept by the desk's streams."""
MOST = 500
"""Chats assigned in one round: what the writer takes in one batch."""
ACQUAINTED = timedelta(days=7)
"""How long after a service its agent comes first for the same customer."""
PAUSE = timedelta(minutes=1)
"""How long a conversation is not offered again to those who have passed it."""
GRACE = 180.0
"""Seconds that a lost connection keeps its seat (DESK, presence)."""
SWEEP = 1.0
REST = 0.1
"""Seconds between two rounds at least, however much changes at the desk."""

log = structlog.get_logger()


class Assigner:
    """Assigns waiting conversations, and takes chats from people who have gone."""

    def __init__(self, pool: Pool, wire: Wire, bus: Bus, writer: Writer, routing: Callable[[], Routing]) -> None:
        self._pool = pool
        self._wire = wire
        self._bus = bus
        self._writer = writer
        self._routing = routing
        self._leases = Leases(wire)
        self._since = time.monotonic()

    def renewed(self) -> None:
        """Redis has lost its memory: nobody counts as absent before the grace has passed again."""
        self._since = time.monotonic()

    async def run(self) -> None:
        """Run until cancelled: at each change at the desk, and each second."""
        with self._bus.watch("desk", "presence") as watch:
            while True:
                try:
                    await self.overflow()
                    await self.lapse()
                    await self.round()
                    await self.leave_nobody_behind()
                except (*AWAY, *UNREACHABLE, Busy) as error:
                    log.debug("assigner.waits", error=type(error).__name__)
                await asyncio.sleep(REST)
                await watch.wait(SWEEP - REST)

    async def round(self) -> int:
        """Assign what can be assigned now, unless another assigner is at it; returns how many chats found an agent."""
        seen = await self._leases.begin()
        if seen is None:
            return 0
        agents = {row["id"]: row for row in await self._pool.fetch(SQL["agents"])}
        rooms = {number: row["capacity"] - row["carried"] for number, row in agents.items()}
        seats = _seats(agents.values(), rooms, Counter(seen.leased.values()))
        kinds = [one for one in self._routing().stretches() if any(one.step.required <= seat.skills for seat in seats)]
        rows = await self._waiting(seats, kinds, seen)
        waiting = [_chat(row, kinds[row["kind"] - 1].step) for row in rows]
        by_hand = {row["id"] for row in rows if self._routing().queue(kinds[row["kind"] - 1].queue).accept is not None}
        claimed = await self._leases.claim(assign(waiting, seats)[:MOST], rooms, seen)
        chats = {row["id"]: row for row in rows}
        held = await asyncio.gather(
            *(self._confirm(chats[chat], agents[agent], asked=chat in by_hand) for chat, agent in claimed)
        )
        results = list(zip(claimed, held, strict=True))
        await self._leases.settle(
            [pair for pair, well in results if well], [pair for pair, well in results if not well]
        )
        return sum(held)

    async def leave_nobody_behind(self) -> int:
        """Give chats that rest on absent people back to their queue; returns how many."""
        await self._mark_absent()
        rows = await self._pool.fetch(SQL["resting"])
        for row in rows:
            act = Abandoned(row["assignee"], row["version"])
            await self._writer.act(row["contact_id"], f"abandoned:{row['id']}:{row['version']}", act)
        return len(rows)

    async def overflow(self) -> int:
        """Let other queues take over what has waited too long in its own; returns how many."""
        full = [queue for queue in self._routing().queues.values() if queue.overflow]
        if not full:
            return 0
        rows = await self._pool.fetch(
            SQL["overdue"],
            [queue.id for queue in full],
            [queue.overflow for queue in full],
            [queue.overflow_after.total_seconds() for queue in full],
        )
        for row in rows:
            act = Overflowed(row["version"], row["overflow"])
            await self._writer.act(row["contact_id"], f"overflowed:{row['id']}:{row['version']}", act)
        return len(rows)

    async def lapse(self) -> int:
        """End the offers that nobody has answered in time; returns how many."""
        rows = await self._pool.fetch(SQL["lapsed"])
        for row in rows:
            act = Lapsed(row["offer_to"], row["name"], row["offer_until"])
            source_id = f"lapsed:{row['id']}:{row['offer_to']}:{row['offer_until'].timestamp()}"
            receipt = await self._writer.act(row["contact_id"], source_id, act)
            if not receipt.refused and row["offer_by"] is None and self._routing().unanswered == ON_BREAK:
                await self._set_on_break(row["offer_to"])
        return len(rows)

    async def _set_on_break(self, agent: int) -> None:
        """Whoever lets an offer pass is not there: others are asked first from now on."""
        if await self._pool.fetch(SQL["set_on_break"], agent):
            log.info("assigner.set_on_break", agent=agent)
            self._bus.announce(["presence", "desk", f"agent:{agent}"])

    async def _waiting(self, seats: Sequence[Seat], kinds: Sequence[Stretch], seen: Seen) -> list[Row]:
        """The chats of these kinds, in waiting order; where all seats are full, nobody reads a list."""
        if not kinds:
            return []
        return await self._pool.fetch(
            SQL["waiting"],
            [kind.queue for kind in kinds],
            [kind.since.total_seconds() for kind in kinds],
            [kind.below.total_seconds() for kind in kinds],
            list(self._routing().queues),
            min(MOST, sum(seat.room for seat in seats)),
            list(seen.leased),
            ACQUAINTED,
            PAUSE,
        )

    async def _confirm(self, chat: Row, agent: Row, *, asked: bool) -> bool:
        """Have the writer confirm an assignment, or an offer; what it refuses is free again at once."""
        act: Assigned | Offered = Assigned(agent["id"], agent["name"], chat["assignee"], chat["version"])
        source_id = f"assigned:{chat['id']}:{chat['version']}:{agent['id']}"
        if asked:
            act = Offered(agent["id"], chat["assignee"], chat["version"])
            source_id = f"offered:{chat['id']}:{chat['version']}:{agent['id']}:{chat['offer_until']}"
        receipt = await self._writer.act(chat["contact_id"], source_id, act)
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


def _seats(agents: Iterable[Row], rooms: Mapping[int, int], leased: Mapping[int, int]) -> list[Seat]:
    """Who is present and has room beside what is leased to them."""
    seats = (
        Seat(
            agent=row["id"],
            skills=frozenset(row["skills"]),
            room=rooms[row["id"]] - leased.get(row["id"], 0),
            idle_since=row["last_assigned"] or row["presence_since"],
            rooms=_rooms(row, leased.get(row["id"], 0)),
        )
        for row in agents
    )
    return [seat for seat in seats if seat.room > 0]


def _rooms(row: Row, leased: int) -> dict[str, int]:
    """What is left on channels with a limit of their own; a lease may be of any channel, so it counts on each."""
    carried = row["by_channel"] or {}
    return {channel: most - carried.get(channel, 0) - leased for channel, most in row["channel_limits"].items()}


def _chat(row: Row, step: Step) -> Waiting:
    not_for = {*(row["passed"] or ()), row["assignee"]} - {None}
    return Waiting(row["id"], Needs(row["channel"], step.required, step.preferred), row["knows"], frozenset(not_for))
