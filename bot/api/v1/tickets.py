"""Tickets in ``/api/v1``: read by pages, written down from a conversation, reported on and noted down."""

from collections.abc import Iterable

from aiohttp import web

from bot.api.v1 import asked, shapes
from bot.api.v1.cursors import number_cursor, number_of, page
from bot.api.v1.gate import Answer, Call, Gate
from bot.api.v1.once import once
from bot.api.v1.problems import Refused, absent
from bot.api.v1.reading import ID, SQL, open_conversation
from bot.db import Pool, Row
from bot.desk.acts import Acts
from bot.desk.deeds import storable
from bot.desk.shelf import wrapup_exists
from bot.keys.keys import Right
from router.events import AgentAct, Closed, TicketActed, TicketOpened
from router.tickets import acts
from router.tickets.about import About
from router.tickets.acts import Draft, TicketAct


class Tickets:
    """Reads tickets and takes what programs do to them, and ends conversations."""

    def __init__(self, gate: Gate, pool: Pool, writer: Acts) -> None:
        self._gate = gate
        self._pool = pool
        self._writer = writer

    def routes(self) -> Iterable[web.RouteDef]:
        """The list, one ticket, and what is done."""
        read, write = Right.TICKETS_READ, Right.TICKETS_WRITE
        yield web.get("/api/v1/tickets", self._gate.open(self._list, read), allow_head=False)
        yield web.get(f"/api/v1/tickets/{ID}", self._gate.open(self._one, read), allow_head=False)
        for path, operation, right in (
            ("tickets", self._open, write),
            (f"tickets/{ID}/reports", self._report, write),
            (f"tickets/{ID}/notes", self._note, write),
            (f"conversations/{ID}/close", self._close, Right.CONVERSATIONS_WRITE),
        ):
            yield web.post(f"/api/v1/{path}", self._gate.open(operation, right))

    # Reading -------------------------------------------------------------------------------------------------------

    async def _list(self, call: Call) -> Answer:
        wanted = asked.query(call.request, asked.Tickets)
        which = wanted.kind, wanted.state, wanted.department, wanted.grade, wanted.created_since, wanted.created_before
        after = number_of(wanted.cursor)
        rows = await self._pool.fetch(SQL["tickets"], call.key.unit, after, None, *which, wanted.limit + 1)
        shape = shapes.shaped(shapes.ticket, personal=call.personal)
        return Answer(page(rows, wanted.limit, shape, lambda row: number_cursor(row["id"])))

    async def _one(self, call: Call) -> Answer:
        return await self._shown(call, call.id)

    async def _shown(self, call: Call, number: int, status: int = 200) -> Answer:
        row = await self._ticket(call, number)
        steps = await self._pool.fetch(SQL["steps"], number)
        names = [row["customer_name"]]
        told = [shapes.step(step, names, personal=call.personal) for step in steps]
        return Answer({**shapes.ticket(row, personal=call.personal), "steps": told}, status)

    async def _ticket(self, call: Call, number: int) -> Row:
        """A ticket that a key opens. Raises: Refused where there is none, or not for this key."""
        anything = (None,) * 6
        row = await self._pool.fetchrow(SQL["tickets"], call.key.unit, None, number, *anything, 1)
        if row is None:
            raise absent()
        return row

    # Writing -------------------------------------------------------------------------------------------------------

    async def _open(self, call: Call) -> Answer:
        wanted, given = await asked.body(call.request, asked.NewTicket)
        agent, about = writer_of(call), wanted.about
        held = await open_conversation(self._pool, call.key, wanted.conversation)
        draft = Draft(
            wanted.kind,
            storable(wanted.text),
            wanted.business,
            cause=wanted.cause,
            department=wanted.department,
            people=wanted.people,
            loss=wanted.loss,
            conversation=wanted.conversation,
            about=About(storable(about.number), storable(about.place), about.day, about.time),
        )

        async def act(name: str) -> Answer:
            await self._done(held["contact_id"], name, TicketOpened(agent, call.key.agent_name, draft))
            made = await self._pool.fetchval(SQL["made"], held["contact_id"], name, agent)
            return await self._shown(call, made, 201)

        return await once(self._pool, call, given, act)

    async def _report(self, call: Call) -> Answer:
        wanted, given = await asked.body(call.request, asked.Report)
        return await self._acted(call, given, acts.Reported(storable(wanted.text), wanted.called), wanted.version)

    async def _note(self, call: Call) -> Answer:
        wanted, given = await asked.body(call.request, asked.Note)
        return await self._acted(call, given, acts.Noted(storable(wanted.text)), None)

    async def _acted(self, call: Call, given: bytes, act: TicketAct, version: int | None) -> Answer:
        agent, row = writer_of(call), await self._ticket(call, call.id)
        event = TicketActed(agent, call.key.agent_name, call.id, version or row["version"], act)

        async def acted(name: str) -> Answer:
            await self._done(row["contact_id"], name, event)
            return await self._shown(call, call.id)

        return await once(self._pool, call, given, acted)

    async def _close(self, call: Call) -> Answer:
        wanted, given = await asked.body(call.request, asked.Close)
        agent, row = writer_of(call), await open_conversation(self._pool, call.key, call.id)
        if not await wrapup_exists(self._pool, wanted.wrapup):
            raise Refused(422, "wrapup_unknown")
        event = Closed(agent, call.key.agent_name, wanted.version or row["version"], wanted.wrapup)

        async def act(name: str) -> Answer:
            if row["status"] == "closed":
                raise Refused(409, "ended")
            await self._done(row["contact_id"], name, event)
            shown = await open_conversation(self._pool, call.key, call.id)
            return Answer(shapes.conversation(shown, personal=call.personal))

        return await once(self._pool, call, given, act)

    async def _done(self, contact: int, name: str, act: AgentAct) -> None:
        """Have an act written. Raises: Refused where it changes nothing."""
        receipt = await self._writer.act(contact, name, act)
        if receipt.refused:
            raise Refused(422 if receipt.refused.startswith("ticket.incomplete") else 409, receipt.refused)


def writer_of(call: Call) -> int:
    """In whose name a call writes. Raises: Refused where nobody is named any more."""
    if call.key.agent is None:
        raise Refused(403, "writer_gone", "whoever this key writes as does not work here any more")
    return call.key.agent
