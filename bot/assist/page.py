"""Assistance beside the thread: asked for by a button, put into the composer by another, sent by the agent alone."""

from collections.abc import Iterable

from aiohttp import web

from bot.assist.assist import Assist, Help
from bot.desk.guard import Guard, Visit
from bot.desk.render import Renderer
from bot.desk.workbench import Workbench, html
from bot.people.rights import Permission


class AssistPane:
    """Serves both kinds."""

    def __init__(self, guard: Guard, bench: Workbench, render: Renderer, assist: Assist) -> None:
        self._guard = guard
        self._bench = bench
        self._render = render
        self._assist = assist

    def routes(self) -> Iterable[web.RouteDef]:
        """The two buttons."""
        act = self._guard.act
        return [
            web.post(r"/desk/c/{id:\d+}/assist/answer", act(self._answer, Permission.SERVE)),
            web.post(r"/desk/c/{id:\d+}/assist/summary", act(self._summary, Permission.SERVE)),
        ]

    async def _answer(self, visit: Visit) -> web.StreamResponse:
        dossier = await self._bench.dossier(visit)
        return self._part(visit, "reply", await self._assist.answer(visit.agent, dossier))

    async def _summary(self, visit: Visit) -> web.StreamResponse:
        dossier = await self._bench.dossier(visit)
        today = self._render.now().astimezone(self._render.zone).date()
        return self._part(visit, "note", await self._assist.summary(visit.agent, dossier, today))

    def _part(self, visit: Visit, kind: str, help_: Help | None) -> web.Response:
        return html(self._render("assist.html", visit.look, kind=kind, help=help_))
