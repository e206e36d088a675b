"""Improvements at ``/desk/improvements``: what has grown, who answers for it, and what was done."""

from collections.abc import Iterable

from aiohttp import web

from bot.db import Pool
from bot.desk.acts import Acts
from bot.desk.deeds import storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html, number
from bot.improvements.limits import SQL, settle
from bot.people.agent import ROOT
from bot.people.rights import Permission

PAGE = "/desk/improvements"
LONGEST = 1000
"""Characters of what was done."""


class ImprovementsPage:
    """Shows those who lead what is nobody's or of their own people, and lets them take and close tasks."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool, writer: Acts) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool
        self._writer = writer

    def routes(self) -> Iterable[web.RouteDef]:
        """The page and its forms."""
        return [
            web.get(PAGE, self._guard.read(self._show, Permission.LEAD), allow_head=False),
            web.post(PAGE + r"/{id:\d+}", self._guard.act(self._act, Permission.LEAD)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        rows = await self._pool.fetch(SQL["listed"], visit.agent.scope or ROOT, visit.agent.id)
        values = {"rows": rows, "rules": self._parts.rules(), "now": self._parts.render.now()}
        return html(await self._parts.page(visit, "improvements.html", area="tickets", pane="page", **values))

    async def _act(self, visit: Visit) -> web.StreamResponse:
        """Take a task, or close one's own with what was done; what others did meanwhile shows on the page."""
        task, plan = number(visit.request.match_info["id"]), storable(visit.form.get("plan", "")).strip()[:LONGEST]
        if plan:
            await self._pool.execute(SQL["close"], task, visit.agent.id, plan)
            await settle(self._pool, self._writer)
        else:
            await self._pool.execute(SQL["take"], task, visit.agent.id, visit.agent.scope or ROOT)
        return web.Response(status=303, headers={"Location": PAGE})
