"""Takes tickets of another system in through the writer, each once, and writes down who did it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import msgspec

from bot.audit.audit import By, Deed, note
from bot.db import Pool
from bot.spreadsheets import Wrong
from bot.tickets.imports.sheet import Brought
from channels.door import Address, Inbound, Receive
from router.events import TicketImported

AT_ONCE = 200
"""Rows under way: enough to share commits, and far fewer than the writer lets wait."""
KNOWN = "ticket.known"


@dataclass(slots=True)
class Taken:
    """What became of the rows."""

    new: int = 0
    known: int = 0
    """Numbers that were here already; nothing of them has changed."""
    wrong: list[Wrong] = field(default_factory=list)
    """Rows that the writer refused."""


async def take(
    rows: Sequence[Brought],
    receive: Receive,
    pool: Pool,
    by: By,
    *,
    account: str,
    source: str,
    tell: Callable[[], None],
) -> Taken:
    """Take rows in; taken again, they change nothing.

    Args:
        rows: that hold.
        receive: the writer.
        pool: for the trail.
        by: who does it.
        account: the hotline's, on which the customers are found or begin.
        source: what the file is called.
        tell: called after each row.

    Raises:
        Busy: a row could not be stored now; the file can be taken again.
    """
    taken, room = Taken(), asyncio.Semaphore(AT_ONCE)

    async def one(row: Brought) -> None:
        async with room:
            receipt = await receive(_inbound(row, account))
        if receipt.refused not in ("", KNOWN):
            taken.wrong.append(Wrong(row.line, "", "refused", receipt.refused))
        elif receipt.refused == KNOWN or receipt.repeated:
            taken.known += 1
        else:
            taken.new += 1
        tell()

    try:
        async with asyncio.TaskGroup() as group:
            for row in rows:
                group.create_task(one(row))
    finally:
        detail = f"{taken.new} new, {taken.known} known, {len(taken.wrong)} refused, of {source}"
        await note(pool, by, Deed.TICKETS_IMPORTED, detail=detail)
    return taken


def _inbound(row: Brought, account: str) -> Inbound:
    """What is in a row names its turn as well: a row that was put right is another one."""
    event = TicketImported(row.draft, row.origin)
    digest = sha256(msgspec.json.encode(event)).hexdigest()[:16]
    source_id = f"ticket:import:{digest}"
    return Inbound(Address("hotline", account, row.phone), source_id, event, name=row.name)
