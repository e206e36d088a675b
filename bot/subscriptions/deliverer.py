"""Tells subscribers: one signed POST each, again by the timetable of Standard Webhooks where it is not taken.

    the writer ─ rows with the turn ─→ claim ─→ POST url ─┬─ 2xx ─→ taken
                                         ↑                ├─ 410 ─→ the subscription is disabled
                                         └─ lease, ───────┴─ else ─→ again: 5 s, 5 min … 24 h later, then given up
                                            worker died

Any number of deliverers may run. Whatever happened is told at least once, in no certain order; a repeat carries the
same ``webhook-id``.
"""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial

import structlog
from aiohttp import ClientTimeout

from bot.api.v1.once import SQL as ANSWERS
from bot.audit.audit import By, Deed, note
from bot.db import UNREACHABLE, Row
from bot.outbox.gate import SLOTS, Gate
from bot.rounds import rounds
from bot.subscriptions.body import body_of
from bot.subscriptions.subscriptions import KNOWLEDGE, SQL, SUBJECT, Off, Subscriptions
from bot.webhooks import Calling, Outcome, Webhook

AFTER = (5.0, 300.0, 1_800.0, 7_200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)
"""Seconds before the second try and each further one, and up to a tenth more."""
MOST = 50
"""Calls at once."""
PATIENCE = ClientTimeout(total=15)
LEASE = 120.0
"""Seconds for which a look holds what it took: longer than all its calls to one subscriber may take."""
SHUT = 5.0
"""Seconds until the next look at what a subscriber is to be told who does not answer."""
SWEEP = 3_600.0
"""Seconds between two sweeps of what is too old."""
TAKEN, GONE, UNSEALED = "taken", "410", "secret_lost"
ITSELF = By(None, "webhooks", "worker")

log = structlog.get_logger()


class Deliverer(Calling):
    """Tells what is due.

    Args:
        subscriptions: who is told.
        chance: gives a number from 0 to 1 that spreads new tries.
    """

    def __init__(self, subscriptions: Subscriptions, *, chance: Callable[[], float] = random.random) -> None:
        super().__init__(PATIENCE)
        self._subscriptions = subscriptions
        self._pool = subscriptions.pool
        self._chance = chance
        self._gates: defaultdict[int, Gate] = defaultdict(Gate)
        self._slots: defaultdict[int, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(SLOTS))
        """So many calls at once to one subscriber."""
        self._busy = 0
        self._swept = 0.0

    async def run(self) -> None:
        """Tell what is due until cancelled; a slow subscriber holds up no other."""
        async with self, asyncio.TaskGroup() as flights:
            await rounds(partial(self._start, flights), waits="hooks.wait")

    async def _start(self, flights: asyncio.TaskGroup) -> int:
        """Look once at what is due, and tell it meanwhile; now and then, forget what is too old."""
        rows = await self._claim()
        for row in rows:
            flights.create_task(self._follow(row))
        if time.monotonic() - self._swept > SWEEP:
            self._swept = time.monotonic()
            await self.sweep()
        return len(rows)

    async def round(self) -> int:
        """Look once at what is due, and wait for all of it; returns how much that was."""
        rows = await self._claim()
        await asyncio.gather(*map(self._follow, rows))
        return len(rows)

    async def sweep(self) -> None:
        """Forget what is too old to be told or asked for again."""
        await self._pool.execute(SQL["sweep"])
        await self._pool.execute(ANSWERS["sweep"])

    async def _claim(self) -> list[Row]:
        free = MOST - self._busy
        return await self._pool.fetch(SQL["claim"], free, LEASE) if free > 0 else []

    async def _follow(self, row: Row) -> None:
        self._busy += 1
        try:
            async with self._slots[row["subscription"]]:
                await self._tell(row)
        except UNREACHABLE as error:
            log.warning("hooks.unwritten", error=type(error).__name__)
        finally:
            self._busy -= 1

    async def _tell(self, row: Row) -> None:
        clock, gate = asyncio.get_running_loop(), self._gates[row["subscription"]]
        if row["disabled"] is not None:
            await self._pool.execute(SQL["later"], row["id"], None)
            return
        if not gate.free(clock.time()):
            await self._pool.execute(SQL["later"], row["id"], SHUT)
            return
        gate.busy += 1
        began = clock.time()
        try:
            outcome = await self._post(row)
        finally:
            gate.busy -= 1
        gate.passed() if outcome.taken else gate.failed(clock.time())
        await self._note(row, outcome, round(1000 * (clock.time() - began)))

    async def _post(self, row: Row) -> Outcome:
        secret, former = self._opened(row, "secret"), self._opened(row, "former")
        if not secret:
            return Outcome(taken=False, reason=UNSEALED)
        hook = Webhook(row["url"], secret, former)
        return await hook.post(
            self.session(private=self._subscriptions.private), f"evt_{row['happening']}", body_of(row)
        )

    def _opened(self, row: Row, name: str) -> str:
        """A secret; empty where there is none, or it was sealed with another key."""
        sealed = row[name] and self._subscriptions.vault.open(row["subscription"], row[name])
        return sealed.decode() if sealed else ""

    async def _note(self, row: Row, outcome: Outcome, milliseconds: int) -> None:
        attempt = row["attempts"]
        after = None
        if not outcome.taken:
            log.warning("hooks.not_taken", subscription=row["subscription"], attempt=attempt + 1, reason=outcome.reason)
            if attempt < len(AFTER):
                after = max(outcome.after, AFTER[attempt] * (1 + self._chance() / 10))
        said = TAKEN if outcome.taken else outcome.reason
        await self._pool.execute(SQL["tried"], row["id"], said, milliseconds, after)
        if said == GONE:
            await self._disable(row["subscription"])

    async def _disable(self, number: int) -> None:
        """The receiver wants nothing any more."""
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(SQL["disable"], number, Off.GONE) is not None:
                await note(connection, ITSELF, Deed.HOOK_DISABLED, f"webhook:{number}", detail="410")
                await connection.fetchval(KNOWLEDGE["publish"], SUBJECT)
