"""Finds any record that the standard measures, by its kind and id, as a subject; and whose it is."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import MappingProxyType

from bot.calls.follow import SQL as CALLS
from bot.calls.follow import held_of
from bot.cases.cases import SQL as CASES
from bot.cases.cases import case_of
from bot.db import Connection
from bot.sql import load
from bot.surveys.callbacks import SQL as CALLBACKS
from bot.tickets.row import read_ticket
from bot.turns.standing import Standing
from router.callbacks import Callback
from router.effects import QuestionKind
from router.forms.idle import HalfFilled
from router.improvements import Improvement
from router.ledger import Line
from router.questions import Question
from router.standard import Subject
from router.survey import Asking

SQL = load(__file__, "subjects.sql")
TICKETS = load(__file__, "../tickets/tickets.sql")
IMPROVEMENTS = load(__file__, "../improvements/improvements.sql")

Load = Callable[[Connection, Standing, int], Awaitable[Subject | None]]


async def load_one(connection: Connection, where: Standing, kind: str, number: int) -> Subject | None:
    """A record of a contact whose lock is held; None where it has none of that kind and id."""
    return await LOADS.get(kind, _case)(connection, where, number)


async def owners(connection: Connection, lines: Iterable[Line]) -> Mapping[tuple[str, int], int]:
    """Whose the records of these deadlines are, by kind and id; conversations are known with their contacts."""
    apart = {(one.subject, one.subject_id) for one in lines if one.subject != "conversation"}
    if not apart:
        return {}
    rows = await connection.fetch(SQL["owners"], [kind for kind, _ in apart], [number for _, number in apart])
    return {(row["subject"], row["subject_id"]): row["owner"] for row in rows}


async def _conversation(_connection: Connection, where: Standing, number: int) -> Subject | None:
    conversation = where.contact.conversation
    return conversation if conversation is not None and conversation.id == number else None


async def _form(_connection: Connection, where: Standing, number: int) -> Subject | None:
    return HalfFilled(where.contact.form) if where.contact.id == number else None


async def _question(connection: Connection, where: Standing, number: int) -> Subject | None:
    row = await connection.fetchrow(SQL["question"], number, where.contact.id)
    return None if row is None else Question(number, QuestionKind(row["kind"]), row["asked"], row["answered"])


async def _survey(connection: Connection, where: Standing, number: int) -> Subject | None:
    row = await connection.fetchrow(SQL["survey"], number, where.contact.id)
    return None if row is None else Asking(number, row["ended"], row["asked"])


async def _call(connection: Connection, where: Standing, number: int) -> Subject | None:
    row = await connection.fetchrow(CALLS["by_id"], where.contact.id, number)
    return None if row is None else held_of(row).call


async def _callback(connection: Connection, where: Standing, number: int) -> Subject | None:
    row = await connection.fetchrow(CALLBACKS["one"], number, where.contact.id)
    return None if row is None else Callback(number, row["opened"], row["called"], row["revisited"])


async def _ticket(connection: Connection, where: Standing, number: int) -> Subject | None:
    rows = await connection.fetch(TICKETS["hold"], [number], where.contact.id)
    return read_ticket(rows[0]) if rows else None


async def _complaint(connection: Connection, where: Standing, number: int) -> Subject | None:
    rows = await connection.fetch(TICKETS["hold"], [number], where.contact.id)
    return next((one for one in read_ticket(rows[0]).subjects if one.kind == "complaint"), None) if rows else None


async def _case(connection: Connection, where: Standing, number: int) -> Subject | None:
    row = await connection.fetchrow(CASES["hold"], number, where.contact.id)
    return None if row is None else case_of(row)


async def _improvement(connection: Connection, _where: Standing, number: int) -> Subject | None:
    row = await connection.fetchrow(IMPROVEMENTS["one"], number)
    return None if row is None else Improvement(*row.values())


LOADS: Mapping[str, Load] = MappingProxyType(
    {
        "conversation": _conversation,
        "form": _form,
        "question": _question,
        "survey": _survey,
        "call": _call,
        "callback": _callback,
        "improvement": _improvement,
        "ticket": _ticket,
        "complaint": _complaint,
    }
)
"""How a record of the house's kinds is found; every other kind is a pack's."""
