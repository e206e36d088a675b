"""What an agent is asked to take: on every page of the desk until it is accepted, declined, or the time is over."""

from collections.abc import Iterable

from aiohttp import web

from bot.db import Pool
from bot.desk.acts import Acts
from bot.desk.deeds import source_id
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import Workbench, html
from bot.people.rights import Permission
from bot.words import words
from router.events import Accepted, Declined


class Offers:
    """Shows offers and takes the answers."""

    def __init__(self, guard: Guard, bench: Workbench, parts: Parts, pool: Pool, writer: Acts) -> None:
        self._guard = guard
        self._bench = bench
        self._parts = parts
        self._pool = pool
        self._writer = writer

    def routes(self) -> Iterable[web.RouteDef]:
        """The offers and the two answers."""
        return [
            web.get("/desk/offers", self._guard.read(self._show, Permission.SEAT), allow_head=False),
            web.post(r"/desk/c/{id:\d+}/accept", self._guard.act(self._accept, Permission.SERVE)),
            web.post(r"/desk/c/{id:\d+}/decline", self._guard.act(self._decline, Permission.SERVE)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        return html(self._parts.render("offers.html", visit.look, **await self._parts.offered(visit)))

    async def _accept(self, visit: Visit) -> web.StreamResponse:
        """Theirs now, and on the screen; where it came too late, the conversation is shown as it stands."""
        dossier = await self._bench.standing(visit)
        if dossier is None:
            return await self._gone(visit)
        act = Accepted(visit.agent.id, visit.agent.name)
        receipt = await self._writer.act(dossier.contact_id, source_id(visit, "accept"), act)
        if not receipt.refused:
            return web.Response(status=303, headers={"Location": f"/desk/c/{dossier.id}"})
        dossier = await self._bench.standing(visit)
        if dossier is None:  # Another has it since the form was sent.
            return await self._gone(visit)
        said = words(visit.look.language)["refused.offer"]
        return html(await self._bench.page(visit, dossier, refused=said), 409)

    async def _decline(self, visit: Visit) -> web.StreamResponse:
        """Somebody else is asked; that the time was over already means the same."""
        dossier = await self._bench.standing(visit)
        if dossier is None:
            return await self._gone(visit)
        act = Declined(visit.agent.id, visit.agent.name)
        await self._writer.act(dossier.contact_id, source_id(visit, "decline"), act)
        if not visit.partial:
            return web.Response(status=303, headers={"Location": "/desk"})
        return await self._show(visit)

    async def _gone(self, visit: Visit) -> web.StreamResponse:
        """What became of it in words, on the page where they were."""
        if visit.partial:
            text = self._parts.render("offers.html", visit.look, **await self._parts.offered(visit))
            return html(text, 404)
        return html(await self._bench.empty(visit, refused=words(visit.look.language)["refused.offer.gone"]), 404)
