"""The tickets at ``/desk/tickets``: a list and a board with filters, each person's inbox, and filters kept by name."""

from collections.abc import Iterable, Mapping
from secrets import token_hex
from urllib.parse import urlencode

from aiohttp import web

from bot.db import Pool
from bot.desk.deeds import storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html
from bot.people.rights import Permission
from bot.tickets.bulk import BULK
from bot.tickets.forms import whole
from bot.tickets.query import BOARD, MOST, boarded, counted, counted_by_state, listed
from bot.tickets.shown import SQL
from bot.tickets.wanted import CHOICES, Wanted, wanted_of
from bot.words import fill, words
from router.tickets.ticket import State

VIEWS = ("list", "board")
LONGEST_NAME = 20
MOST_KEPT = 20


class TicketsPage:
    """Shows tickets, those due next first."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool

    def routes(self) -> Iterable[web.RouteDef]:
        """The page, its list, its count and its filters."""
        return [
            web.get("/desk/tickets", self._guard.read(self._show, Permission.TICKETS), allow_head=False),
            web.get("/desk/tickets/list", self._guard.read(self._list, Permission.TICKETS), allow_head=False),
            web.get("/desk/tickets/count", self._guard.read(self._count, Permission.TICKETS), allow_head=False),
            web.post("/desk/tickets/filters", self._guard.act(self._keep, Permission.TICKETS)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        page = await self._parts.page(
            visit,
            "tickets.html",
            area="tickets",
            pane="page",
            choices=CHOICES,
            states=[state.value for state in State],
            counts=await counted(self._pool, visit.agent),
            kept=await self._pool.fetch(SQL["kept"], visit.agent.id),
            followers=await self._pool.fetch(SQL["followers"]),
            bulk=BULK,
            act=token_hex(16),
            said=_told(visit),
            **await self._shown(visit),
        )
        return html(page)

    async def _list(self, visit: Visit) -> web.StreamResponse:
        return html(self._parts.render("ticket_list.html", visit.look, **await self._shown(visit)))

    async def _shown(self, visit: Visit) -> Mapping[str, object]:
        rules, asked = self._parts.rules(), visit.request.query
        wanted = wanted_of(asked, rules.departments)
        view = asked.get("view", "") if asked.get("view") in VIEWS else VIEWS[0]
        frame = {"rules": rules, "wanted": wanted, "view": view, "asked": wanted.filters, "rest": ""}
        if view == "board":
            columns = await boarded(self._pool, visit.agent, wanted)
            sizes = await counted_by_state(self._pool, visit.agent, wanted)
            return {**frame, "columns": columns, "sizes": sizes, "board": [state.value for state in BOARD]}
        page = await listed(self._pool, visit.agent, wanted)
        return {
            **frame,
            "rows": page.rows[:MOST],
            "more": _more(wanted, page.next_after(wanted)),
            "rest": page.rest,
            "here": _more(wanted, wanted.after) or wanted.query,
        }

    async def _count(self, visit: Visit) -> web.StreamResponse:
        """How many tickets want this person."""
        found = await self._pool.fetchval(SQL["waiting"], visit.agent.id, visit.agent.department)
        return web.Response(text=str(found))

    async def _keep(self, visit: Visit) -> web.StreamResponse:
        """Keep the filters of the page under a name, or forget some."""
        name = storable(visit.form.get("name", ""))[:LONGEST_NAME]
        wanted = wanted_of(visit.form, self._parts.rules().departments)
        if visit.form.get("drop"):
            await self._pool.execute(SQL["drop"], visit.agent.id, storable(visit.form["drop"]))
        elif name and len(await self._pool.fetch(SQL["kept"], visit.agent.id)) < MOST_KEPT:
            await self._pool.execute(SQL["keep"], visit.agent.id, name, wanted.query)
        return web.Response(status=303, headers={"Location": f"/desk/tickets?{wanted.query}"})


def _told(visit: Visit) -> str:
    """What an act on several tickets came to."""
    done, left = (whole(visit.request.query.get(name, "")) for name in ("done", "left"))
    if done is None or left is None:
        return ""
    language = visit.look.language
    return fill(words(language)["desk.tickets.bulk.done"], [("done", done), ("left", left)], language)


def _more(wanted: Wanted, after: str) -> str:
    return urlencode({**wanted.filters, "after": after}) if after else ""
