"""The bell: what the clock and the router have put before an agent, until it has been looked at."""

from collections.abc import Iterable

from aiohttp import web

from bot.db import Pool
from bot.desk.guard import Guard, Visit
from bot.desk.parts import ALERTS, QUESTIONS, Parts
from bot.desk.workbench import html, number
from bot.people.rights import Permission


class Bell:
    """Shows alerts and takes note that they were seen."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool

    def routes(self) -> Iterable[web.RouteDef]:
        """The list, the form, and the count of questions."""
        return [
            web.get("/desk/alerts", self._guard.read(self._show, Permission.SEAT), allow_head=False),
            web.get("/desk/questions/count", self._guard.read(self._count, Permission.ANSWER), allow_head=False),
            web.post("/desk/alerts/seen", self._guard.act(self._see, Permission.SEAT)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        return html(await self._parts.bell(visit))

    async def _count(self, visit: Visit) -> web.StreamResponse:
        """How many questions wait for an answer."""
        return web.Response(text=str(await self._pool.fetchval(QUESTIONS["open"])))

    async def _see(self, visit: Visit) -> web.StreamResponse:
        """Take note: of all alerts up to one, or of one alone. Who did is kept with the alert."""
        one, agent = "one" in visit.form, visit.agent
        number_of = number(visit.form.get("one" if one else "upto", ""))
        await self._pool.execute(ALERTS["see"], agent.id, agent.scope, agent.manages, number_of, one)
        if not visit.partial:
            return web.Response(status=303, headers={"Location": "/desk"})
        return await self._show(visit)
