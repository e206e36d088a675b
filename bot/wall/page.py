"""The live wall: how a leader's units fare now and today, for a desk or for a screen on the wall."""

from collections.abc import Iterable, Mapping, Sequence

from aiohttp import web

from bot.db import Pool, Row
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html
from bot.people.rights import Permission
from bot.sql import load
from bot.wall.walls import Walls, midnight

SQL = load(__file__, "rows.sql")
ASKED: Mapping[str, Sequence[str]] = {
    "waiting": ("queue",),
    "longest": ("queue",),
    "on_duty": ("scope",),
    "load": ("scope",),
    "chats": ("scope", "queue"),
    "first": ("scope", "since", "queue"),
    "mean": ("scope", "since", "queue"),
    "satisfaction": ("scope", "since", "queue"),
    "breaches": ("scope", "since", "queue"),
    "opened": ("scope", "since", "queue"),
    "bots": ("scope", "since", "queue"),
}
"""By figure: what its rows depend on. The hotline has a page of its own."""
SAME = {"longest": "waiting", "load": "on_duty"}
"""Figures that open the rows of another one."""


class WallPage:
    """Shows the wall to those who lead."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool
        self._walls = Walls(pool, parts.render.now, parts.render.zone)

    def routes(self) -> Iterable[web.RouteDef]:
        """The wall, the part of it that changes, and the rows behind its figures."""
        read = self._guard.read
        return [
            web.get("/desk/wall", read(self._show, Permission.LEAD), allow_head=False),
            web.get("/desk/wall/figures", read(self._figures, Permission.LEAD), allow_head=False),
            web.get("/desk/wall/rows/{figure}", read(self._rows, Permission.LEAD), allow_head=False),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        values = {"wall": await self._walls.read(_scope(visit)), "big": "big" in visit.request.query}
        return html(await self._parts.page(visit, "wall.html", area="wall", pane="page", **values))

    async def _figures(self, visit: Visit) -> web.StreamResponse:
        wall = await self._walls.read(_scope(visit))
        return html(self._parts.render("wall_figures.html", visit.look, wall=wall))

    async def _rows(self, visit: Visit) -> web.StreamResponse:
        """What a figure is made of: of all units that somebody leads, of one of them, or of one queue."""
        figure = visit.request.match_info["figure"]
        if figure not in ASKED:
            raise web.HTTPNotFound
        values = {"figure": figure, "people": SAME.get(figure, figure) == "on_duty"}
        rows = await self._read(visit, figure)
        return html(await self._parts.page(visit, "wall_rows.html", area="wall", pane="page", rows=rows, **values))

    async def _read(self, visit: Visit, figure: str) -> Sequence[Row]:
        scope = _scope(visit)
        team = visit.request.query.get("team", "")
        known = {
            "scope": team if team.startswith(scope) else scope,
            "since": midnight(self._parts.render.now(), self._parts.render.zone),
            "queue": visit.request.query.get("queue", "").replace("\x00", ""),
        }
        return await self._pool.fetch(SQL[SAME.get(figure, figure)], *(known[name] for name in ASKED[figure]))


def _scope(visit: Visit) -> str:
    """Whoever may open the wall leads over something. Raises: HTTPForbidden where they do not."""
    if visit.agent.scope is None:
        raise web.HTTPForbidden
    return visit.agent.scope
