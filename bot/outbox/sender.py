"""The sender takes messages from the outbox to the platforms. Any number of senders may run.

    queued ── claim ──→ sending ──→ call of the door ──→ sent | queued again | failed | in doubt
                           └── the sender died: its lease passes ──→ in doubt; queued again where the door is idempotent

A claim is committed before the call, so that a crash leaves a trace. Nothing but the writer changes contacts,
conversations, ledger and outbox, with one exception: the claim (state, attempts, lease) is the sender's, as a call
must not wait for a batch, and an outcome counts only while the row carries the attempt that the claim gave it.
"""

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial

import structlog
from msgspec import Struct
from msgspec.structs import replace

from bot.db import UNREACHABLE, Pool, Row
from bot.outbox import outcome
from bot.outbox.gate import Gate
from bot.outbox.held import Held, held
from bot.sql import load
from bot.turns.turn import Delivery
from bot.turns.writer import Writer
from channels.door import Address, Busy, Door, Outbound, TryAgain, Undeliverable

SQL = load(__file__, "outbox.sql")
POLL = 0.5
"""Seconds between two looks at an outbox that nobody woke us for."""
SWEEP = 1.0
"""Seconds between two looks for offers and calls that ran out of time."""
MOST = 500
"""Rows of one sweep."""

log = structlog.get_logger()


class Limits(Struct, frozen=True):
    """Times in seconds, and counts."""

    call: float = 20.0
    lease: float = 60.0
    """Longer than a call may take, so that nobody else holds the row meanwhile."""
    attempts: int = outcome.MOST_ATTEMPTS
    slots: int = 8
    after_restart: float = 15.0
    """How long offers are left alone after a restart of PostgreSQL: the bodies written meanwhile are noted first."""
    unknown: float = 15.0
    """How long after its time an offer of which nobody has told anything comes into doubt."""
    drain: float = 5.0
    """How long calls under way may still take when the sender stops."""


class Sender:
    """Delivers what is queued.

    Args:
        pool: connections to PostgreSQL.
        writer: takes the outcomes.
        doors: by channel; a channel without one fails its messages.
        limits: times and counts.
        page: the address of the page that shows or asks what a row carries; empty for none.
        told: hears after each call how its account fares, and what is wrong with the account as a whole.
        chance: gives a number from 0 to 1 that spreads new tries.
        clock: seconds that only go forward; the pauses of an account that fails are counted by it.
    """

    def __init__(
        self,
        *,
        pool: Pool,
        writer: Writer,
        doors: Mapping[str, Door],
        limits: Limits | None = None,
        page: Callable[[Outbound], str] = lambda _: "",
        told: Callable[[Address, Gate, str], None] = lambda *_: None,
        chance: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool = pool
        self._writer = writer
        self._doors = doors
        self._limits = limits or Limits()
        self._page = page
        self._told = told
        self._chance = chance
        self._clock = clock
        self._gates: dict[tuple[str, str], Gate] = {}
        self._calls: dict[int, asyncio.Task[None]] = {}
        self._claiming: asyncio.Task[int] | None = None
        self._wake = asyncio.Event()
        self._silent = [name for name, door in doors.items() if not door.capabilities.pushes]

    async def run(self) -> None:
        """Run until cancelled, then let calls under way come to an end."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._send(), name="sender.send")
                tasks.create_task(self._sweep(), name="sender.sweep")
        finally:
            await self._drain()

    def wake(self) -> None:
        """Look at the outbox now."""
        self._wake.set()

    async def round(self) -> int:
        """Claim what is due and begin to send it; returns how many rows that were.

        Raises:
            OSError: PostgreSQL is away.
        """
        now = self._clock()
        known = [(*key, gate.free(now)) for key, gate in self._gates.items()]
        channels, accounts, free = zip(*known, strict=True) if known else ((), (), ())
        limits = self._limits
        rows = await self._pool.fetch(
            SQL["claim"], channels, accounts, free, limits.slots, self._silent, float(limits.lease)
        )
        claimed = held(rows)
        for one in claimed:
            self._gate(one).busy += 1
            call = asyncio.create_task(self._deliver(one), name=f"sender.{one.id}")
            self._calls[one.id] = call
            call.add_done_callback(partial(self._forget, one.id))
        return len(claimed)

    async def settled(self) -> None:
        """Wait until all calls under way have been made and reported."""
        while self._calls:
            await asyncio.wait(list(self._calls.values()))

    async def sweep(self) -> int:
        """Push offers that no HTTP body took, and give up what is held by the dead; returns how many.

        Raises:
            OSError: PostgreSQL is away.
        """
        limits = self._limits
        rows = await self._pool.fetch(SQL["overdue"], list(self._calls), limits.after_restart, MOST, limits.unknown)
        await asyncio.gather(*(self._report(row["contact_id"], row["kind"], self._overdue(row)) for row in rows))
        return len(rows)

    def _forget(self, outbox_id: int, _call: "asyncio.Task[None]") -> None:
        del self._calls[outbox_id]

    # One call ----------------------------------------------------------------------------------------------------

    def _gate(self, one: Held) -> Gate:
        address = one.outbound.address
        return self._gates.setdefault((address.channel, address.account), Gate(self._limits.slots))

    async def _deliver(self, one: Held) -> None:
        gate = self._gate(one)
        try:
            delivery = await self._call(one, gate)
        finally:
            gate.busy -= 1
        self._note(one, delivery)
        await self._report(one.contact_id, one.kind, delivery)
        self._wake.set()

    async def _call(self, one: Held, gate: Gate) -> Delivery:
        door = self._doors.get(one.outbound.address.channel)
        try:
            if door is None:
                raise Undeliverable("no_door")
            if not one.outbound.messages:
                raise Undeliverable("no_messages")
            async with asyncio.timeout(self._limits.call):
                provider_id = await door.send(replace(one.outbound, page=self._page(one.outbound)))
        except Undeliverable as error:
            gate.passed()
            self._told(one.outbound.address, gate, error.trouble)
            return self._failed(one, error)
        except Exception as error:
            now = self._clock()
            gate.failed(now)
            if isinstance(error, TryAgain) and error.all_wait and error.after is not None:
                gate.hold(now + error.after.total_seconds())
            self._told(one.outbound.address, gate, error.trouble if isinstance(error, TryAgain) else "")
            return self._failed(one, error)
        gate.passed()
        self._told(one.outbound.address, gate, "")
        return outcome.sent(one, provider_id)

    def _failed(self, one: Held, error: Exception) -> Delivery:
        limits, idempotent = self._limits, self._idempotent(one.outbound.address.channel)
        return outcome.failed(one, error, most_attempts=limits.attempts, chance=self._chance(), idempotent=idempotent)

    def _idempotent(self, channel: str) -> bool:
        door = self._doors.get(channel)
        return door is not None and door.capabilities.idempotent

    def _overdue(self, row: Row) -> Delivery:
        """An offer that reached nobody goes into the queue; what somebody who is gone had in hand is in doubt.

        Unless it may simply go again.
        """
        if row["state"] == "offered" and row["error"] is not None:
            return Delivery(row["id"], 0, "queued", error=row["error"])
        if row["state"] == "offered":
            return Delivery(row["id"], 0, "in_doubt", error="server_gone")
        state = "queued" if self._idempotent(row["channel"]) else "in_doubt"
        return Delivery(row["id"], row["attempts"], state, error="sender_gone", unsure=True)

    def _note(self, one: Held, delivery: Delivery) -> None:
        if delivery.state != "sent":
            channel, account, _ = one.outbound.address
            log.warning(
                "outbox.not_sent",
                state=delivery.state,
                outbox=one.id,
                channel=channel,
                account=account,
                attempt=one.attempt,
                reason=delivery.error,
            )

    async def _report(self, contact_id: int, kind: str, delivery: Delivery) -> None:
        """Tell the writer, as often as it takes: a message that was sent must not end in doubt."""
        while True:
            try:
                await self._writer.delivered(contact_id, delivery, outcome.undelivered(kind, delivery))
            except (Busy, *UNREACHABLE) as error:
                log.warning("outbox.report_waits", outbox=delivery.outbox_id, error=type(error).__name__)
                await asyncio.sleep(POLL)
            except Exception:
                log.exception("outbox.not_reported", outbox=delivery.outbox_id)
                return
            else:
                return

    # Its life ----------------------------------------------------------------------------------------------------

    async def _send(self) -> None:
        while True:
            self._claiming = asyncio.create_task(self.round(), name="sender.claim")
            try:
                await asyncio.shield(self._claiming)
            except UNREACHABLE as error:
                log.warning("outbox.waits", error=type(error).__name__)
                await asyncio.sleep(POLL)
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self._wake.wait()
            self._wake.clear()

    async def _sweep(self) -> None:
        while True:
            found = 0
            try:
                found = await self.sweep()
            except UNREACHABLE as error:
                log.warning("outbox.sweep_waits", error=type(error).__name__)
            await asyncio.sleep(0 if found == MOST else SWEEP)

    async def _drain(self) -> None:
        """What has been claimed is sent: otherwise it would end in doubt."""
        if self._claiming is not None:
            await asyncio.wait([self._claiming], timeout=self._limits.drain)
        if not self._calls:
            return
        _, left = await asyncio.wait(list(self._calls.values()), timeout=self._limits.drain)
        for call in left:
            call.cancel()
        await asyncio.gather(*left, return_exceptions=True)
