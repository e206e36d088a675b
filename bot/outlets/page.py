"""The counter's form at ``/desk/outlet``: who came, what for, and what became of it."""

from collections.abc import Iterable
from secrets import token_hex

from aiohttp import web

from bot.db import Pool
from bot.desk.deeds import source_id, storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.shelf import read_wrapups, wrapup_exists
from bot.desk.workbench import html
from bot.outlets.outlets import all_outlets, find_outlet
from bot.people.rights import Permission
from bot.words import words
from channels.door import Malformed, Receive
from channels.outlet.parse import parse

FIELDS = ("outlet", "customer", "text", "reason", "outcome", "answer")


class Counter:
    """Takes visits down. Everybody with a log-in may stand at a counter."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool, receive: Receive) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool
        self._receive = receive

    def routes(self) -> Iterable[web.RouteDef]:
        """The form, and where it goes."""
        return [
            web.get("/desk/outlet", self._guard.read(self._show, Permission.VISIT), allow_head=False),
            web.post("/desk/outlet", self._guard.act(self._take, Permission.VISIT)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit, said="outlet.done" if "done" in visit.request.query else "")

    async def _take(self, visit: Visit) -> web.StreamResponse:
        form = {name: storable(visit.form.get(name, "")) for name in FIELDS}
        outlet = await find_outlet(self._pool, form["outlet"])
        if outlet is None or not await wrapup_exists(self._pool, form["reason"]):
            return await self._page(visit, said="outlet.wrong.choice", refused=True)
        named = source_id(visit, "visit")
        try:
            inbound = parse(
                outlet_id=outlet.id,
                outlet=outlet.name,
                agent=visit.agent.id,
                agent_name=visit.agent.name,
                form=form,
                source_id=named,
                now=self._parts.render.now(),
            )
        except Malformed as error:
            return await self._page(visit, said=f"outlet.wrong.{error.reason}", refused=True)
        await self._receive(inbound)
        return web.Response(status=303, headers={"Location": "/desk/outlet?done"})

    async def _page(self, visit: Visit, *, said: str = "", refused: bool = False) -> web.Response:
        language = visit.look.language
        page = await self._parts.page(
            visit,
            "outlet.html",
            area="outlet",
            pane="page",
            outlets=await all_outlets(self._pool),
            wrapups=await read_wrapups(self._pool, language),
            act=token_hex(16),
            form=visit.form,
            said=words(language)[f"desk.{said}"] if said else "",
            refused=refused,
        )
        return html(page, 422 if refused else 200)
