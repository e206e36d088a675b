"""What people see of the outbox, and the two things that they may do with a dead letter: send it again or drop it."""

from collections.abc import Sequence
from enum import StrEnum

from bot.db import Row, Statements
from bot.sql import load

SQL = load(__file__, "outbox.sql")


class State(StrEnum):
    """Where a row of the outbox is."""

    OFFERED = "offered"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    DROPPED = "dropped"


OPEN = (State.OFFERED, State.QUEUED, State.SENDING, State.FAILED, State.IN_DOUBT)
"""States that still want something."""


async def listed(database: Statements, *, states: Sequence[State] = OPEN, most: int = 50) -> list[Row]:
    """Rows of the outbox in these states, the latest first; no text of anybody."""
    return await database.fetch(SQL["list_rows"], [state.value for state in states], most)


async def retry(database: Statements, outbox_id: int) -> bool:
    """Send a row again that has failed or is in doubt; False where it is neither."""
    return await database.fetchval(SQL["retry"], outbox_id) is not None


async def drop(database: Statements, outbox_id: int) -> bool:
    """Never send a row that waits, has failed or is in doubt; False where it is none of these."""
    return await database.fetchval(SQL["drop"], outbox_id) is not None


async def state_of(database: Statements, outbox_id: int) -> State | None:
    """Where a row is; None where there is none of that id."""
    found = await database.fetchval(SQL["state_of"], outbox_id)
    return None if found is None else State(found)
