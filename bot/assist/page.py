"""Assistance beside the thread and in the composer: put in by a key or a button, sent by the agent alone."""

from collections.abc import Iterable

from aiohttp import web

from bot.assist.assist import Assist, Help
from bot.assist.typed import Typed
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts, mode
from bot.desk.workbench import Workbench, html
from bot.people.rights import Permission

ANSWERING = ("mine", "guest")
"""In these modes an agent may answer the customer."""


class AssistPane:
    """Serves what is asked for, and what is offered while an agent types."""

    def __init__(self, guard: Guard, bench: Workbench, parts: Parts, assist: Assist, typed: Typed) -> None:
        self._guard = guard
        self._bench = bench
        self._parts = parts
        self._render = parts.render
        self._assist = assist
        self._typed = typed

    def routes(self) -> Iterable[web.RouteDef]:
        """The two buttons, and what goes on where somebody has come to."""
        act = self._guard.act
        return [
            web.post(r"/desk/c/{id:\d+}/assist/answer", act(self._answer, Permission.SERVE)),
            web.post(r"/desk/c/{id:\d+}/assist/summary", act(self._summary, Permission.SERVE)),
            web.post(r"/desk/c/{id:\d+}/assist/typed", act(self._go_on, Permission.SERVE)),
        ]

    async def _answer(self, visit: Visit) -> web.StreamResponse:
        dossier = await self._bench.dossier(visit)
        return self._part(visit, "reply", await self._assist.answer(visit.agent, dossier))

    async def _summary(self, visit: Visit) -> web.StreamResponse:
        dossier = await self._bench.dossier(visit)
        today = self._render.now().astimezone(self._render.zone).date()
        return self._part(visit, "note", await self._assist.summary(visit.agent, dossier, today))

    async def _go_on(self, visit: Visit) -> web.StreamResponse:
        dossier, text = await self._bench.dossier(visit), visit.form.get("text", "")
        offers = []
        if mode(visit.agent, dossier) in ANSWERING:
            offers = await self._typed.offers(visit.agent, text, self._parts.fields(dossier, visit.agent))
        return html(self._render("typed.html", visit.look, offers=offers))

    def _part(self, visit: Visit, kind: str, help_: Help | None) -> web.Response:
        return html(self._render("assist.html", visit.look, kind=kind, help=help_))
