"""The read side of ``/api/v1``: conversations with what was said, surveys and deadlines, by pages."""

from collections.abc import Iterable

from aiohttp import web

from bot.api.v1 import asked, shapes
from bot.api.v1.cursors import number_cursor, number_of, page, place_cursor, place_of
from bot.api.v1.gate import Answer, Call, Gate
from bot.api.v1.problems import absent
from bot.db import Pool, Row, Statements
from bot.keys.keys import Key, Right
from bot.sql import load

SQL = load(__file__, "reading.sql")
ID = r"{id:\d{1,18}}"


class Reading:
    """Answers what is asked."""

    def __init__(self, gate: Gate, pool: Pool) -> None:
        self._gate = gate
        self._pool = pool

    def routes(self) -> Iterable[web.RouteDef]:
        """The lists, one conversation, and its messages."""
        for path, operation, right in (
            ("conversations", self._conversations, Right.CONVERSATIONS_READ),
            (f"conversations/{ID}", self._conversation, Right.CONVERSATIONS_READ),
            (f"conversations/{ID}/messages", self._messages, Right.MESSAGES_READ),
            ("surveys", self._surveys, Right.SURVEYS_READ),
            ("deadlines", self._deadlines, Right.DEADLINES_READ),
        ):
            yield web.get(f"/api/v1/{path}", self._gate.open(operation, right), allow_head=False)

    async def _conversations(self, call: Call) -> Answer:
        wanted = asked.query(call.request, asked.Conversations)
        status = wanted.status and wanted.status.value
        which = status, wanted.queue, wanted.channel, wanted.assignee, wanted.opened_since, wanted.opened_before
        after = number_of(wanted.cursor)
        rows = await self._pool.fetch(SQL["conversations"], call.key.unit, after, None, *which, wanted.limit + 1)
        shape = shapes.shaped(shapes.conversation, personal=call.personal)
        return Answer(page(rows, wanted.limit, shape, _number))

    async def _conversation(self, call: Call) -> Answer:
        row = await open_conversation(self._pool, call.key, call.id)
        return Answer(shapes.conversation(row, personal=call.personal))

    async def _messages(self, call: Call) -> Answer:
        wanted = asked.query(call.request, asked.Page)
        place = place_of(wanted.cursor)
        await open_conversation(self._pool, call.key, call.id)
        rows = await self._pool.fetch(SQL["messages"], call.id, *place, wanted.limit + 1)
        shape = shapes.shaped(shapes.message, personal=call.personal)
        return Answer(
            page(rows, wanted.limit, shape, lambda row: place_cursor(row["sent_at"], row["contact_id"], row["seq"]))
        )

    async def _surveys(self, call: Call) -> Answer:
        wanted = asked.query(call.request, asked.Surveys)
        scored = None if wanted.scored is None else wanted.scored == "yes"
        which = wanted.conversation, scored, wanted.ended_since, wanted.ended_before
        after = number_of(wanted.cursor)
        rows = await self._pool.fetch(SQL["surveys"], call.key.unit, after, *which, wanted.limit + 1)
        shape = shapes.shaped(shapes.survey, personal=call.personal)
        return Answer(page(rows, wanted.limit, shape, _number))

    async def _deadlines(self, call: Call) -> Answer:
        wanted = asked.query(call.request, asked.Deadlines)
        which = wanted.subject, wanted.subject_id, wanted.clause, wanted.state
        after = number_of(wanted.cursor)
        rows = await self._pool.fetch(SQL["deadlines"], call.key.unit, after, *which, wanted.limit + 1)
        return Answer(page(rows, wanted.limit, shapes.deadline, _number))


async def open_conversation(database: Statements, key: Key, number: int) -> Row:
    """A conversation that a key opens. Raises: Refused where there is none, or not for this key."""
    anything = (None,) * 6
    row = await database.fetchrow(SQL["conversations"], key.unit, None, number, *anything, 1)
    if row is None:
        raise absent()
    return row


def _number(row: Row) -> str:
    return number_cursor(row["id"])
