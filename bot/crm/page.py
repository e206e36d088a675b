"""What the CRM knows of the customer, beside the thread: private parts masked until somebody says why."""

from collections.abc import Iterable

from aiohttp import web

from bot.crm.record import Crm
from bot.db import Pool
from bot.desk.deeds import storable
from bot.desk.guard import Guard, Visit
from bot.desk.render import Renderer
from bot.desk.workbench import Workbench, html
from bot.disclosures.disclosures import REASON, disclose
from bot.disclosures.page import SHOWN
from bot.people.access import Dossier
from bot.people.rights import Permission

RECORD = "crm.record"


class CrmPage:
    """Shows records to whoever may see the conversation. The pane asks for it by itself, so that no page waits."""

    def __init__(self, guard: Guard, bench: Workbench, render: Renderer, pool: Pool, crm: Crm) -> None:
        self._guard = guard
        self._bench = bench
        self._render = render
        self._pool = pool
        self._crm = crm

    def routes(self) -> Iterable[web.RouteDef]:
        """The record, masked and in full."""
        return [
            web.get(r"/desk/c/{id:\d+}/crm", self._guard.read(self._show, Permission.SERVE), allow_head=False),
            web.post(r"/desk/c/{id:\d+}/crm", self._guard.act(self._disclose, Permission.SERVE)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        return await self._part(visit, await self._bench.dossier(visit), seconds=0)

    async def _disclose(self, visit: Visit) -> web.StreamResponse:
        """The record in full for a minute, with a reason, on record."""
        dossier, reason = await self._bench.dossier(visit), storable(visit.form.get("reason", ""))
        if len(reason) not in REASON:
            return html(self._render("number_shown.html", visit.look, shown="", seconds=0), 422)
        await disclose(self._pool, visit.by, what=RECORD, contact=dossier.speaker, reason=reason)
        return await self._part(visit, dossier, seconds=SHOWN)

    async def _part(self, visit: Visit, dossier: Dossier, *, seconds: int) -> web.Response:
        found = None if dossier.customer is None else await self._crm.find(dossier.customer)
        shown = None if found is None else found.record.whole() if seconds else found.record.masked()
        values = {"one": dossier, "found": found, "shown": shown, "seconds": seconds, "csrf": visit.session.csrf}
        return html(self._render("crm_shown.html" if seconds else "crm.html", visit.look, **values))
