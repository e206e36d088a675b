"""How far threads have got on the contacts' devices, and who is writing at this moment.

    device ─ POST …/receipts, a frame, or the after_seq of its next question ─→ note ─→ one statement for many ─→ desk
    desk ─ shows a thread to its assignee ─→ hear ─→ "read" at the device

These are hints: no decision follows from them, so they are written beside the writer, gathered for a moment.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from bot.bus import Bus
from bot.db import UNREACHABLE, Pool, Row, Statements
from bot.lru import Lru
from bot.sql import load
from channels.door import Address, Busy
from channels.web.house import Reach

SQL = load(__file__, "reach.sql")
TOGETHER = 0.2
"""Seconds for which hints of devices are gathered into one statement."""
MOST_KNOWN = 50_000
MOST_WAITING = 20_000
"""Contacts whose hints may wait for PostgreSQL; more are dropped, for their devices tell again."""

log = structlog.get_logger()


@dataclass
class Reaches:
    """Stores and tells how far threads have got.

    Args:
        pool: connections to PostgreSQL.
        bus: carries the hints ``contact:<id>#reach``, ``#got``, ``#typing`` and ``#answering``.
        number: a contact's row number, where this process knows it.
    """

    pool: Pool
    bus: Bus
    ids: Lru[Address, int]
    _known: Lru[Address, tuple[int, int]] = field(default_factory=lambda: Lru(MOST_KNOWN))
    _heard: Lru[int, int] = field(default_factory=lambda: Lru(MOST_KNOWN))
    _waiting: dict[Address, tuple[int, int]] = field(default_factory=dict)
    _storing: asyncio.Task[None] | None = None

    async def of(self, address: Address) -> Reach:
        """How far a thread has got. Raises: Busy when PostgreSQL is away."""
        try:
            return _reach(await self.pool.fetchrow(SQL["of"], *address))
        except UNREACHABLE as error:
            raise Busy from error

    async def note(self, address: Address, *, delivered: int, read: int) -> Reach:
        """Store what a device tells, and return what holds. Raises: Busy when PostgreSQL is away."""
        try:
            await self._store({address: (delivered, read)})
        except UNREACHABLE as error:
            raise Busy from error
        return await self.of(address)

    def hint(self, address: Address, *, delivered: int, read: int) -> None:
        """Store what a device tells, soon. Never blocks, never fails."""
        old = self._waiting.get(address) or self._known.get(address) or (0, 0)
        new = (max(old[0], delivered), max(old[1], read))
        if new == old or len(self._waiting) >= MOST_WAITING:
            return
        self._waiting[address] = new
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store_soon(), name="reach")

    async def unread(self, address: Address) -> int:
        """How many messages to the contact lie behind the last one read. Raises: Busy when PostgreSQL is away."""
        try:
            found: int = await self.pool.fetchval(SQL["unread"], *address)
        except UNREACHABLE as error:
            raise Busy from error
        return found

    def typing(self, address: Address) -> None:
        """Tell the desk that the contact is writing; one who has never written before is not known there."""
        contact = self.ids.get(address)
        if contact is not None:
            self.bus.announce([f"contact:{contact}#typing"])

    async def hear(self, contact_id: int, seq: int) -> None:
        """The assignee has seen the thread up to here. Never fails: the next look tells again."""
        if (self._heard.get(contact_id) or 0) >= seq:
            return
        try:
            if await self.pool.fetchval(SQL["hear"], contact_id, seq) is not None:
                self.bus.announce([f"contact:{contact_id}#reach"])
            self._heard.put(contact_id, seq)
        except UNREACHABLE as error:
            log.debug("reach.not_stored", error=type(error).__name__)

    async def hear_all(self, contact_id: int) -> None:
        """The assignee has opened the thread and sees all that the contact wrote. Never fails."""
        try:
            seq: int = await self.pool.fetchval(SQL["last"], contact_id)
        except UNREACHABLE as error:
            log.debug("reach.not_read", error=type(error).__name__)
            return
        await self.hear(contact_id, seq)

    def answering(self, contact_id: int) -> None:
        """Tell the contact that an agent is writing."""
        self.bus.announce([f"contact:{contact_id}#answering"])

    async def _store_soon(self) -> None:
        while self._waiting:
            await asyncio.sleep(TOGETHER)
            told, self._waiting = self._waiting, {}
            try:
                await self._store(told)
            except UNREACHABLE as error:
                log.debug("reach.not_stored", count=len(told), error=type(error).__name__)

    async def _store(self, told: Mapping[Address, tuple[int, int]]) -> None:
        columns = zip(*((*address, *seqs) for address, seqs in told.items()), strict=True)
        changed = await self.pool.fetch(SQL["note"], *map(list, columns))
        for address, seqs in told.items():
            self._known.put(address, seqs)
        self.bus.announce(f"contact:{row['contact_id']}#got" for row in changed)


async def reach_at(pool: Statements, contact_id: int) -> Reach:
    """How far the thread of a contact has got. Raises: OSError and its like when PostgreSQL is away."""
    return _reach(await pool.fetchrow(SQL["at"], contact_id))


def _reach(row: Row | None) -> Reach:
    return Reach() if row is None else Reach(row["delivered"], row["read"], row["heard"])
