"""Acts on several tickets at once: each is an act of its own, with what it came to."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from aiohttp import web

from bot.db import Pool
from bot.desk.acts import Acts
from bot.desk.deeds import ACT_ID
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.people.rights import Permission
from bot.tickets.forms import act_of, whole
from bot.tickets.query import MOST
from bot.tickets.row import read_ticket
from bot.tickets.shown import SQL, access_ticket, possible
from bot.tickets.wanted import wanted_of
from router.events import TicketActed
from router.tickets.acts import Owned, TicketAct

BULK = ("take", "own", "move", "archive")
"""What can be done to several at once; what needs words about each cannot."""
PICKED = "pick."
"""Before a ticket's number: the field that picks it; its value is the version that was seen."""


class BulkActs:
    """Takes the form below the list."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool, writer: Acts) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool
        self._writer = writer

    def routes(self) -> Iterable[web.RouteDef]:
        """The form."""
        return [web.post("/desk/tickets/bulk", self._guard.act(self._act, Permission.TICKETS))]

    async def _act(self, visit: Visit) -> web.StreamResponse:
        name, wanted = visit.form.get("do", ""), wanted_of(visit.form, self._parts.rules().departments)
        act = await self._made(name, visit.form) if ACT_ID.fullmatch(visit.form.get("act", "")) else None
        picked = _picked(visit.form)
        done = 0 if act is None else sum([await self._one(visit, name, act, *one) for one in picked])
        told = urlencode({**wanted.filters, "done": done, "left": len(picked) - done})
        return web.Response(status=303, headers={"Location": f"/desk/tickets?{told}"})

    async def _made(self, name: str, form: Mapping[str, str]) -> TicketAct | None:
        if name not in BULK:
            return None
        if name != "own":
            # The department to go to is no filter of the list.
            return act_of(name, {**form, "department": form.get("to", "")}, self._parts.render.zone)
        whom = whole(form.get("whom", "")) or 0
        found = await self._pool.fetchval(SQL["named"], whom) if whom < 2**31 else None
        return None if found is None else Owned(whom, found)

    async def _one(self, visit: Visit, name: str, act: TicketAct, ticket: int, version: int) -> bool:
        """Whether it could be done to this one."""
        row = await access_ticket(self._pool, visit.agent, ticket)
        if row is None or name not in possible(read_ticket(row), visit.agent):
            return False
        event = TicketActed(visit.agent.id, visit.agent.name, ticket, version, act)
        receipt = await self._writer.act(row["contact_id"], f"ticket:{ticket}:{visit.form['act']}:bulk", event)
        return not receipt.refused


def _picked(form: Mapping[str, str]) -> list[tuple[int, int]]:
    """Numbers and versions of the tickets that were picked."""
    found = [
        (whole(name.removeprefix(PICKED)), whole(version)) for name, version in form.items() if name.startswith(PICKED)
    ]
    return [(ticket, version) for ticket, version in found if ticket and version][:MOST]
