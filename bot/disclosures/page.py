"""Where the desk shows a masked telephone number in full: for a minute, with a reason, on record."""

from collections.abc import Iterable

from aiohttp import web

from bot.db import Pool
from bot.desk.deeds import storable
from bot.desk.guard import Guard, Visit
from bot.desk.render import Renderer
from bot.desk.workbench import Workbench, html, number
from bot.disclosures.disclosures import CONTACT_NUMBER, REASON, SQL, disclose, number_in
from bot.people.rights import Permission

SHOWN = 60
"""Seconds for which a number stays on the page."""


class Numbers:
    """Shows numbers: of a conversation to whoever may see it, of a question to whoever may answer it."""

    def __init__(self, guard: Guard, bench: Workbench, render: Renderer, pool: Pool) -> None:
        self._guard = guard
        self._bench = bench
        self._render = render
        self._pool = pool

    def routes(self) -> Iterable[web.RouteDef]:
        """One form for each place where a number stands masked."""
        return [
            web.post(r"/desk/c/{id:\d+}/number", self._guard.act(self._of_conversation, Permission.SERVE)),
            web.post(r"/desk/questions/{id:\d+}/number", self._guard.act(self._of_question, Permission.ANSWER)),
        ]

    async def _of_conversation(self, visit: Visit) -> web.StreamResponse:
        dossier = await self._bench.dossier(visit)
        return await self._show(visit, dossier.speaker, number_in(dossier.channel, dossier.address))

    async def _of_question(self, visit: Visit) -> web.StreamResponse:
        row = await self._pool.fetchrow(SQL["of_question"], number(visit.request.match_info["id"]))
        if row is None:
            raise web.HTTPNotFound
        return await self._show(visit, row["id"], number_in(row["channel"], row["address"]))

    async def _show(self, visit: Visit, contact: int, shown: str) -> web.StreamResponse:
        if not shown:
            raise web.HTTPNotFound
        reason = storable(visit.form.get("reason", ""))
        if len(reason) not in REASON:
            return html(self._render("number_shown.html", visit.look, shown="", seconds=0), 422)
        await disclose(self._pool, visit.by, what=CONTACT_NUMBER, contact=contact, reason=reason)
        return html(self._render("number_shown.html", visit.look, shown=shown, seconds=SHOWN))
