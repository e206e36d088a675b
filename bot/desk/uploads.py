"""Where the composer puts the files that go with an answer, one request for each, and where it takes them back."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from aiohttp import web

from bot.desk.guard import Guard, Visit
from bot.desk.parts import mode
from bot.desk.render import Renderer
from bot.desk.workbench import Workbench, html
from bot.files.enclosures import Enclosures
from bot.files.screen import Refusal
from bot.people.access import Dossier
from bot.people.rights import Permission
from bot.words import words
from channels.door import Malformed
from channels.uploads import Uploads as Bodies

STATUS: Mapping[str, int] = MappingProxyType({"too_large": 413, "channel_size": 413, "too_many": 429, "full": 503})
"""HTTP statuses of refusals; the others are 422."""


class Uploads:
    """Takes agents' files.

    Args:
        guard: stands before the pages.
        bench: knows who may see which conversation.
        enclosures: keeps the files.
        render: the templates.
        limit: bytes that a file may have.
    """

    def __init__(self, guard: Guard, bench: Workbench, enclosures: Enclosures, render: Renderer, *, limit: int) -> None:
        self._guard = guard
        self._bench = bench
        self._enclosures = enclosures
        self._render = render
        self._bodies = Bodies(limit)

    def routes(self) -> Iterable[web.RouteDef]:
        """Putting a file in, and taking it back."""
        return [
            web.post(r"/desk/c/{id:\d+}/files", self._guard.upload(self._take, Permission.SERVE)),
            web.post(r"/desk/c/{id:\d+}/files/{file}/drop", self._guard.act(self._drop, Permission.SERVE)),
        ]

    async def _take(self, visit: Visit) -> web.StreamResponse:
        """Answers with the file as the composer shows it, or with a sentence that says why it was not taken."""
        dossier = await self._bench.dossier(visit)
        if mode(visit.agent, dossier) != "mine":
            return self._refused(visit, "not_yours", 409)
        try:
            upload = await self._bodies.read(visit.request)
        except Malformed as error:
            return self._refused(visit, error.reason.removeprefix("file_"), error.status)
        made = await self._enclosures.add(dossier.whereabouts, visit.agent.id, upload.content, upload.name)
        if isinstance(made, Refusal):
            return self._refused(visit, made.reason, STATUS.get(made.reason, 422))
        return html(self._render("enclosure.html", visit.look, one=dossier, file=made), 201)

    async def _drop(self, visit: Visit) -> web.StreamResponse:
        dossier: Dossier = await self._bench.dossier(visit)
        await self._enclosures.withdraw(dossier.whereabouts, visit.agent.id, visit.request.match_info["file"])
        return web.Response(status=204)

    def _refused(self, visit: Visit, reason: str, status: int) -> web.Response:
        said = words(visit.look.language)
        text = said.get(f"desk.enclosure.{reason}", said["desk.enclosure.broken_off"])
        return web.Response(text=text, status=status)
