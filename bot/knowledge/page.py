"""Knowledge beside the thread: suggestions for the customer's last question, a search, and the mark "no answer"."""

from collections.abc import Iterable

from aiohttp import web

from bot.desk.acts import Acts
from bot.desk.deeds import source_id, storable
from bot.desk.guard import Guard, Visit
from bot.desk.render import Renderer
from bot.desk.workbench import Workbench, html, number
from bot.knowledge.lookups import Answers, Kind, Lookups, asks
from bot.people.rights import Permission
from router.events import GapMarked

LONGEST = 200
"""Characters of a search."""


class KnowledgePane:
    """Serves the pane. What is only shown leaves no trace; what was searched, used or marked does."""

    def __init__(self, guard: Guard, bench: Workbench, render: Renderer, lookups: Lookups, writer: Acts) -> None:
        self._guard = guard
        self._bench = bench
        self._render = render
        self._lookups = lookups
        self._writer = writer

    def routes(self) -> Iterable[web.RouteDef]:
        """The suggestions, the search, and what became of either."""
        act = self._guard.act
        path = r"/desk/c/{id:\d+}/knowledge"
        return [
            web.get(path, self._guard.read(self._suggest, Permission.SERVE), allow_head=False),
            web.post(path, act(self._search, Permission.SERVE)),
            web.post(f"{path}/used", act(self._use, Permission.SERVE)),
            web.post(f"{path}/none", act(self._miss, Permission.SERVE)),
        ]

    async def _suggest(self, visit: Visit) -> web.StreamResponse:
        dossier = await self._bench.dossier(visit)
        return self._part(visit, dossier.id, await self._lookups.suggest(dossier.id), 0)

    async def _search(self, visit: Visit) -> web.StreamResponse:
        dossier, text = await self._bench.dossier(visit), storable(visit.form.get("q", ""))[:LONGEST]
        if not asks(text):
            return self._part(visit, dossier.id, Answers(), 0)
        answers = await self._lookups.search(text)
        lookup = await self._lookups.keep(visit.agent.id, dossier.id, Kind.SEARCH, answers)
        return self._part(visit, dossier.id, answers, lookup)

    async def _use(self, visit: Visit) -> web.StreamResponse:
        """An entry went into the answer: of a search on record, or of the suggestions."""
        dossier, entry = await self._bench.dossier(visit), visit.form.get("entry", "")
        lookup = number(visit.form.get("lookup", "0"))
        if lookup:
            await self._lookups.use(lookup, visit.agent.id, dossier.id, entry)
        elif self._lookups.known(entry):
            shown = await self._lookups.suggest(dossier.id)
            await self._lookups.keep(visit.agent.id, dossier.id, Kind.SUGGESTION, shown, used=entry)
        return web.Response(status=204)

    async def _miss(self, visit: Visit) -> web.StreamResponse:
        """No answer: the question is written down for those who keep the knowledge."""
        dossier, lookup = await self._bench.dossier(visit), number(visit.form.get("lookup", "0"))
        text = await self._lookups.miss(lookup, visit.agent.id, dossier.id) if lookup else None
        if not lookup:
            shown = await self._lookups.suggest(dossier.id)
            text = shown.text
            if text:
                await self._lookups.keep(visit.agent.id, dossier.id, Kind.SUGGESTION, shown, missing=True)
        if text:
            act = GapMarked(visit.agent.id, text)
            await self._writer.act(dossier.contact_id, source_id(visit, f"gap:{lookup}"), act)
        return html(self._render("knowledge_marked.html", visit.look))

    def _part(self, visit: Visit, conversation: int, answers: Answers, lookup: int) -> web.Response:
        values = {"conversation": conversation, "answers": answers, "lookup": lookup, "csrf": visit.session.csrf}
        return html(self._render("knowledge.html", visit.look, **values))
