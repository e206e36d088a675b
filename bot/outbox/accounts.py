"""How our accounts on platforms fare, written down for people: the sender tells, the desk shows, leaders are alerted.

These are hints beside the delivery: a sender decides by its own gates, and what is told late or lost is told again.
"""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType

import structlog
from msgspec import Struct

from bot.bus import Bus
from bot.db import UNREACHABLE, Pool
from bot.outbox.gate import Gate
from bot.sql import load
from channels.door import Address

SQL = load(__file__, "accounts.sql")
HOUR = 3600.0
EVERY: Mapping[str, float] = MappingProxyType({"day_quota": 24 * HOUR})
"""Seconds before leaders hear of the same trouble again; an hour for those that are not named."""

log = structlog.get_logger()


class Faring(Struct, frozen=True):
    """How an account fares; times are seconds from now, None where nothing holds it up."""

    failures: int = 0
    closed_for: float | None = None
    held_for: float | None = None

    @property
    def well(self) -> bool:
        """Whether nothing holds it up."""
        return self.closed_for is None and self.held_for is None


def faring(gate: Gate, now: float) -> Faring:
    """What a gate means for people; ``now`` in seconds of the loop's clock."""
    closed = max(0.0, gate.probe - now) if gate.closed else None
    return Faring(gate.failures, closed, gate.held - now if gate.held > now else None)


class Accounts:
    """Writes down how accounts fare, soon after it is told.

    Args:
        pool: connections to PostgreSQL.
        bus: wakes the desks of leaders.
    """

    def __init__(self, pool: Pool, bus: Bus) -> None:
        self._pool = pool
        self._bus = bus
        self._told: dict[tuple[str, str], bool] = {}
        """Whether an account was told to fare well, the last time."""
        self._waiting: dict[tuple[str, str], Faring] = {}
        self._troubles: set[tuple[str, str, str]] = set()
        self._storing: asyncio.Task[None] | None = None

    def note(self, address: Address, gate: Gate, trouble: str) -> None:
        """A call to an account has ended. Never blocks, never fails.

        Args:
            address: whose message it was.
            gate: the gate before the account, after the call.
            trouble: what is wrong with the account as a whole, empty for nothing.
        """
        key = address.channel, address.account
        now = faring(gate, asyncio.get_running_loop().time())
        if trouble:
            self._troubles.add((*key, trouble))
        if not (now.well and self._told.get(key)):
            self._waiting[key] = now
            self._told[key] = now.well
        if (self._waiting or self._troubles) and (self._storing is None or self._storing.done()):
            self._storing = asyncio.create_task(self._store(), name="accounts")

    async def settled(self) -> None:
        """Wait until all that was told is written, or could not be."""
        if self._storing is not None:
            await asyncio.wait([self._storing])

    async def _store(self) -> None:
        while self._waiting or self._troubles:
            told, self._waiting = self._waiting, {}
            troubles, self._troubles = self._troubles, set()
            try:
                for key, one in told.items():
                    await self._pool.execute(SQL["tell"], *key, one.failures, one.closed_for, one.held_for)
                for trouble in troubles:
                    await report(self._pool, self._bus, *trouble)
            except UNREACHABLE as error:
                self._told.clear()
                log.warning("accounts.not_told", error=type(error).__name__)


async def report(pool: Pool, bus: Bus, channel: str, account: str, kind: str) -> None:
    """Something is wrong with an account as a whole: leaders hear of it, once in a while.

    Raises:
        OSError: PostgreSQL is away.
    """
    log.warning("accounts.trouble", channel=channel, account=account, kind=kind)
    if await pool.fetchval(SQL["trouble"], channel, account, kind, EVERY.get(kind, HOUR)) is not None:
        bus.announce(["leaders"])
