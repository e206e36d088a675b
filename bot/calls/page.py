"""The leaders' page of the hotline: the connect rate of today, as a tile and as JSON."""

from collections.abc import Iterable
from dataclasses import asdict

from aiohttp import web

from bot.calls.figures import GOAL, today
from bot.db import Pool
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html
from bot.people.rights import Permission


class HotlinePage:
    """Shows today's calls to those who lead."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool

    def routes(self) -> Iterable[web.RouteDef]:
        """The page and its figures."""
        return [
            web.get("/desk/hotline", self._guard.read(self._show, Permission.CALLS), allow_head=False),
            web.get("/desk/hotline/figures", self._guard.read(self._tell, Permission.CALLS), allow_head=False),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        figures = await today(self._pool, self._parts.render.now(), self._parts.render.zone)
        return html(
            await self._parts.page(visit, "hotline.html", area="hotline", pane="page", figures=figures, goal=GOAL)
        )

    async def _tell(self, visit: Visit) -> web.StreamResponse:
        figures = await today(self._pool, self._parts.render.now(), self._parts.render.zone)
        return web.json_response({**asdict(figures), "connect_rate": figures.connect_rate, "goal": GOAL})
