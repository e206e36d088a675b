"""The list of colleagues whom a note can name."""

from collections.abc import Iterable

from aiohttp import web

from bot.db import Pool
from bot.desk.guard import Guard, Visit
from bot.desk.render import Renderer
from bot.desk.workbench import html
from bot.mentions.mentions import colleagues
from bot.people.rights import Permission


class ColleaguesPage:
    """Shows colleagues; the composer asks for them when somebody types an @."""

    def __init__(self, guard: Guard, render: Renderer, pool: Pool) -> None:
        self._guard = guard
        self._render = render
        self._pool = pool

    def routes(self) -> Iterable[web.RouteDef]:
        """The list."""
        return [web.get("/desk/colleagues", self._guard.read(self._show, Permission.SERVE), allow_head=False)]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        people = await colleagues(self._pool, visit.agent)
        return html(self._render("colleagues.html", visit.look, people=people))
