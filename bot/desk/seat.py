"""The agent's own seat: what they are and since when; leaders see everyone's, and may set it, on record."""

from collections.abc import Iterable

from aiohttp import web

from bot.db import Pool
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.targets import SQL
from bot.desk.workbench import html, number
from bot.people.agent import ROOT, Presence
from bot.people.heartbeats import Heartbeats
from bot.people.people import People
from bot.people.rights import Permission
from bot.shifts.shifts import on_duty


class Seats:
    """Shows seats and takes what is chosen."""

    def __init__(self, guard: Guard, parts: Parts, people: People, heartbeats: Heartbeats, pool: Pool) -> None:
        self._guard = guard
        self._parts = parts
        self._people = people
        self._heartbeats = heartbeats
        self._pool = pool

    def routes(self) -> Iterable[web.RouteDef]:
        """The seat, the choice, and everyone's seats for leaders."""
        return [
            web.get("/desk/seat", self._guard.read(self._show, Permission.SEAT), allow_head=False),
            web.post("/desk/presence", self._guard.act(self._choose, Permission.SERVE)),
            web.get("/desk/crew", self._guard.read(self._crew, Permission.LEAD), allow_head=False),
            web.post(r"/desk/crew/{id:\d+}", self._guard.act(self._force, Permission.LEAD)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        """The agent's presence, which the assignment or a leader may have changed."""
        values = await self._parts.seat(visit.agent, visit.session.csrf)
        return html(self._parts.render("seat.html", visit.look, **values))

    async def _choose(self, visit: Visit) -> web.StreamResponse:
        """A presence, or the reason of a break."""
        reason = visit.form.get("reason", "")
        presence = _presence(visit.form.get("presence") or (Presence.BREAK.value if reason else ""))
        if reason and (presence is not Presence.BREAK or reason not in await self._people.reasons()):
            raise web.HTTPBadRequest
        await self._heartbeats.beat(visit.agent.id, self._parts.render.now())
        await self._people.choose_presence(visit.agent.id, presence, reason)
        if not visit.partial:
            return web.Response(status=303, headers={"Location": "/desk"})
        session = await self._people.revisit(visit.session.token_hash)
        if session is None:
            raise web.HTTPForbidden
        values = await self._parts.seat(session.agent, session.csrf)
        return html(self._parts.render("seat.html", visit.look, **values))

    async def _crew(self, visit: Visit) -> web.StreamResponse:
        """Who is at the desk, as what, since when, and with how many conversations."""
        people = await self._pool.fetch(SQL["colleagues"], visit.agent.id, [Presence.ONLINE.value])
        duties = await on_duty(self._pool, self._parts.render.now(), visit.agent.scope or ROOT)
        absent = [row for row in duties if row["presence"] == Presence.OFFLINE and row["id"] != visit.agent.id]
        values = {"people": people, "absent": absent, "reasons": await self._people.reasons()}
        return html(self._parts.render("crew.html", visit.look, csrf=visit.session.csrf, **values))

    async def _force(self, visit: Visit) -> web.StreamResponse:
        whom = number(visit.request.match_info["id"])
        presence = _presence(visit.form.get("presence", ""))
        if not await self._people.force_presence(whom, presence, visit.agent, visit.by):
            raise web.HTTPNotFound
        if not visit.partial:
            return web.Response(status=303, headers={"Location": "/desk"})
        return await self._crew(visit)


def _presence(text: str) -> Presence:
    """Raises: HTTPBadRequest where there is no such presence."""
    try:
        return Presence(text)
    except ValueError as error:
        raise web.HTTPBadRequest from error
