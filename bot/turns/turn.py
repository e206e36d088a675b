"""A turn is one event on its way through the writer: who it concerns, what happened, and who waits for the outcome."""

import asyncio
from typing import get_args

from msgspec import Struct, field
from msgspec.structs import replace

from channels.door import Address, Cursor, Receipt, Voucher
from router.events import CustomerEvent, Event, Stumbled
from router.ledger import Line

Target = Address | int
"""Whom an event concerns: an address on a platform, or the id of a contact that is already known."""
BY_CUSTOMERS = frozenset(get_args(CustomerEvent | Stumbled))
"""What customers do, as a set: every turn asks three times, and a union looks at its members one by one."""


class Turn(Struct, eq=False):
    """One event on its way through the writer."""

    target: Target
    source_id: str
    """Names this event for ever: a repeat carries the same id and changes nothing."""
    event: Event
    arrived: float
    """When it arrived, in seconds of the loop's clock."""
    waiters: "list[asyncio.Future[Receipt]]" = field(default_factory=list)
    """Those who wait for the outcome: one of them may go without the others."""
    passive: bool = False
    """Whether the first answers go out as the body of the platform's own request."""
    name: str = ""
    """The person's name on the platform, where it told one."""
    language: str = ""
    """The language that the person reads, where the platform told one."""
    ready: bool = True
    """False while its question is still being matched."""
    deadline: "FiredDeadline | None" = None
    contact_id: int = 0
    """Filled in by the writer."""
    delivery: "Delivery | None" = None
    voucher: Voucher | None = None
    """With which its answers go."""
    cursor: Cursor | None = None
    """How far a platform's list has been read with it."""
    customers: frozenset[int] = frozenset()
    """Customers all of whose contacts have to be locked for it, as found at its first try."""

    @property
    def by_customer(self) -> bool:
        """Whether a customer did this, rather than an agent, a clock or a worker."""
        return type(self.event) in BY_CUSTOMERS

    def wait(self, loop: asyncio.AbstractEventLoop) -> "asyncio.Future[Receipt]":
        """A future of one's own for the outcome."""
        waiter: asyncio.Future[Receipt] = loop.create_future()
        self.waiters.append(waiter)
        return waiter

    def settle(self, receipt: Receipt) -> int:
        """Tell whoever waits; they may have gone. All but the first have sent a repeat. Returns how many were told."""
        told = 0
        for place, waiter in enumerate(self.waiters):
            if not waiter.done():
                waiter.set_result(replace(receipt, repeated=True) if place else receipt)
                told += 1
        return told

    def fail(self, error: BaseException) -> None:
        """Tell whoever waits that nothing was stored."""
        for waiter in self.waiters:
            if not waiter.done():
                waiter.set_exception(error)
                waiter.exception()


class FiredDeadline(Struct, frozen=True):
    """The claim of a clock: it fires only if the ledger still says so."""

    id: int
    generation: int
    step: int
    """How many steps the ledger had fired when the clock looked."""

    def still(self, line: Line) -> bool:
        """Whether the deadline runs as the clock saw it."""
        return line.running and line.generation == self.generation and line.step == self.step


class Delivery(Struct, frozen=True):
    """The outcome of one try to send an outbox row; it counts only while that try holds the row."""

    outbox_id: int
    attempt: int
    state: str
    """sent, queued, failed or in_doubt; offered still, where no HTTP body could carry an offer yet."""
    provider_id: str = ""
    error: str = ""
    retry_after: float = 0.0
    """Seconds until the next try, for ``queued``."""
    unsure: bool = False
    """Whether this try may have brought the message there."""
