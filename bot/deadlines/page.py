"""The leaders' page of limits: what is about to run out and what has, sorted by when, to be given to somebody else."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from secrets import token_hex
from urllib.parse import urlencode

from aiohttp import web

from bot.db import Pool
from bot.deadlines.reassigning import PICKED, Outcome, Reassigning
from bot.desk.guard import Guard, Visit
from bot.desk.marks import mark, place
from bot.desk.parts import Parts
from bot.desk.watching import SQL as LEADING
from bot.desk.workbench import html
from bot.people.rights import Permission
from bot.sql import load

SQL = load(__file__, "page.sql")
PAGE = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which limits somebody wants to see; what is empty asks for all."""

    clause: str = ""
    team: str = ""
    """The path of a unit."""
    after: str = ""
    """The mark of the last line of the page before."""

    @property
    def query(self) -> str:
        """The same as an address carries it."""
        asked = {"clause": self.clause, "team": self.team, "after": self.after}
        return urlencode({name: value for name, value in asked.items() if value})


class DeadlinesPage:
    """Shows limits and takes what is decided about several of them at once."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool, reassigning: Reassigning) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool
        self._reassigning = reassigning

    def routes(self) -> Iterable[web.RouteDef]:
        """The page, its list, and its form."""
        read, act = self._guard.read, self._guard.act
        return [
            web.get("/desk/deadlines", read(self._show, Permission.LEAD), allow_head=False),
            web.get("/desk/deadlines/list", read(self._list, Permission.LEAD), allow_head=False),
            web.post("/desk/deadlines", act(self._decide, Permission.LEAD)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        return html(await self._page(visit, ()))

    async def _list(self, visit: Visit) -> web.StreamResponse:
        values = await self._rows(visit)
        return html(self._parts.render("deadlines_list.html", visit.look, **values))

    async def _decide(self, visit: Visit) -> web.StreamResponse:
        """Urge the owners of the picked rows, or give them to somebody else; each row says what became of it."""
        picked = [(name.removeprefix(PICKED), seen) for name, seen in visit.form.items() if name.startswith(PICKED)]
        if not picked:
            return web.Response(status=303, headers={"Location": f"/desk/deadlines?{wanted_of(visit).query}"})
        outcomes = await asyncio.gather(*(self._reassigning.decide(visit, *one) for one in picked[:PAGE]))
        status = 409 if any(one.refused for one in outcomes) else 200
        return html(await self._page(visit, outcomes), status)

    async def _page(self, visit: Visit, outcomes: Iterable[Outcome]) -> str:
        return await self._parts.page(
            visit,
            "deadlines.html",
            area="deadlines",
            pane="page",
            outcomes=outcomes,
            act=token_hex(16),
            clauses=[row["clause"] for row in await self._pool.fetch(SQL["clauses"])],
            teams=await self._pool.fetch(SQL["teams"], visit.agent.scope),
            targets=await self._parts.targets.all(visit.agent.id, visit.look.language),
            reassign_reasons=await self._pool.fetch(LEADING["reasons"]),
            **await self._rows(visit),
        )

    async def _rows(self, visit: Visit) -> Mapping[str, object]:
        wanted = wanted_of(visit)
        narrowed = visit.agent.scope, wanted.clause, wanted.team
        rows = await self._pool.fetch(SQL["running"], *narrowed, *place(wanted.after), PAGE + 1)
        last = rows[PAGE - 1] if len(rows) > PAGE else None
        following = replace(wanted, after=mark(last["due"], last["id"])).query if last else ""
        return {"rows": rows[:PAGE], "wanted": wanted, "following": following}


def wanted_of(visit: Visit) -> Wanted:
    """What a request asks for; a form carries it in its address."""
    asked = visit.request.query
    return Wanted(*(asked.get(name, "")[:200].replace("\x00", "") for name in ("clause", "team", "after")))
