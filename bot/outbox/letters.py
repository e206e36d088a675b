"""What people see of the outbox, and what they may decide about a message that has not arrived.

    in_doubt ── it arrived ──→ sent          failed ────┐
        └────── it did not ──→ failed        in_doubt ──┴─ again ──→ queued        either, or queued ── drop ──→ dropped

Each decision carries the state and the tries that were seen, where it was made on a page; one that comes too late
changes nothing. All of them are written down.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from bot.audit.audit import By, Deed, note, on_command_line
from bot.db import Connection, Pool, Row, Statements
from bot.outbox.outcome import undelivered
from bot.sql import load
from bot.turns.turn import Delivery
from channels.door import Receipt
from router import budget
from router.contact import Budget, Contact
from router.events import Arrived, Undelivered

SQL = load(__file__, "letters.sql")


class State(StrEnum):
    """Where a row of the outbox is."""

    OFFERED = "offered"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    DROPPED = "dropped"


class Act(StrEnum):
    """What a person decides about a row."""

    RETRY = "retry"
    DROP = "drop"
    ARRIVED = "arrived"
    LOST = "lost"
    """It did not arrive."""


OPEN = (State.OFFERED, State.QUEUED, State.SENDING, State.FAILED, State.IN_DOUBT)
"""States that still want something."""
DECIDABLE = {
    Act.RETRY: (State.FAILED, State.IN_DOUBT),
    Act.DROP: (State.QUEUED, State.FAILED, State.IN_DOUBT),
    Act.ARRIVED: (State.IN_DOUBT,),
    Act.LOST: (State.IN_DOUBT,),
}
"""The states in which a row takes a decision."""


class Seen(Struct, frozen=True):
    """What a person saw of a row when they decided, and who they are."""

    state: State
    attempts: int
    by: By


class Deliveries(Protocol):
    """Takes outcomes of deliveries: the writer."""

    async def delivered(self, contact_id: int, delivery: Delivery, event: Undelivered | Arrived) -> Receipt:
        """Write an outcome. Raises: Busy when it could not be written now."""
        ...


async def listed(database: Statements, *, states: Sequence[State] = OPEN, most: int = 50) -> list[Row]:
    """Rows of the outbox in these states, the latest first; no text of anybody."""
    return await database.fetch(SQL["list_rows"], [state.value for state in states], most)


async def retry(pool: Pool, outbox_id: int, seen: Seen | None = None) -> bool:
    """Send a row again that has failed or is in doubt; False where it is neither, or not as it was seen.

    Where only a notice could go, the messages themselves go now if the platform takes them again.
    """
    async with pool.acquire() as connection, connection.transaction():
        contact = await connection.fetchrow(SQL["hold_contact"], outbox_id)
        row = await _held(connection, outbox_id, Act.RETRY, seen)
        if row is None or contact is None:
            return False
        notice = row["notice"] and not await _afford(connection, contact, row)
        await connection.execute(SQL["retry"], outbox_id, notice)
        await _note(connection, row, Act.RETRY, seen)
        return True


async def drop(pool: Pool, outbox_id: int, seen: Seen | None = None) -> bool:
    """Never send a row that waits, failed or is in doubt; False where it is none of these, or not as it was seen."""
    async with pool.acquire() as connection, connection.transaction():
        row = await _held(connection, outbox_id, Act.DROP, seen)
        if row is None:
            return False
        await connection.execute(SQL["drop"], outbox_id)
        await _note(connection, row, Act.DROP, seen)
        return True


async def settle(pool: Pool, writer: Deliveries, outbox_id: int, act: Act, seen: Seen) -> bool:
    """Write down that a message in doubt has arrived, or has not; False where it is not as it was seen.

    What did not arrive is undelivered like any other: the customer waits for an answer again. What did answers it.

    Raises:
        Busy: it could not be written now.
    """
    async with pool.acquire() as connection, connection.transaction():
        row = await _held(connection, outbox_id, act, seen)
    if row is None:
        return False
    state = State.SENT if act is Act.ARRIVED else State.FAILED
    error = "" if act is Act.ARRIVED else "told_lost"
    delivery = Delivery(outbox_id, row["attempts"], state.value, row["provider_id"] or "", error)
    event = Arrived(row["kind"]) if act is Act.ARRIVED else undelivered(row["kind"], delivery)
    await writer.delivered(row["contact_id"], delivery, event)
    if await state_of(pool, outbox_id) is not state:
        return False
    await _note(pool, row, act, seen)
    return True


async def dead(database: Statements) -> int:
    """How many messages of the last 30 days want somebody's decision, up to a hundred."""
    found: int = await database.fetchval(SQL["dead"])
    return found


async def dead_of(database: Statements, contact_id: int) -> int:
    """How many answers of people to this contact have not arrived, of the last 30 days."""
    found: int = await database.fetchval(SQL["dead_of"], contact_id)
    return found


async def state_of(database: Statements, outbox_id: int) -> State | None:
    """Where a row is; None where there is none of that id."""
    found = await database.fetchval(SQL["state_of"], outbox_id)
    return None if found is None else State(found)


async def _held(connection: Connection, outbox_id: int, act: Act, seen: Seen | None) -> Row | None:
    """The row, if it takes this decision and still is what was seen."""
    row = await connection.fetchrow(SQL["hold"], outbox_id)
    if row is None or State(row["state"]) not in DECIDABLE[act]:
        return None
    if seen is not None and (seen.state, seen.attempts) != (row["state"], row["attempts"]):
        return None
    return row


async def _afford(connection: Connection, contact: Row, row: Row) -> bool:
    """Whether the platform takes messages for this contact again; what goes is spent."""
    held = Contact(contact["id"], contact["channel"], budget=Budget(contact["budget_left"], contact["budget_expires"]))
    after, allowed = budget.spent(
        held, contact["now"], survey=row["kind"] == "survey", messages=max(1, row["messages"] or 0)
    )
    if allowed and after.budget.left != held.budget.left:
        await connection.execute(SQL["spend"], held.id, after.budget.left)
    return allowed


async def _note(database: Statements, row: Row, act: Act, seen: Seen | None) -> None:
    by = on_command_line() if seen is None else seen.by
    await database.execute(SQL["note"], row["id"], row["attempts"], act.value, row["state"], by.agent)
    detail = f"{act.value}, was {row['state']}"
    await note(database, by, Deed.LETTER_DECIDED, f"outbox:{row['id']}", detail=detail)
