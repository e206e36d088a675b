"""The roster at ``/desk/roster``, for those who lead: a week of their units, planned team by team."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from aiohttp import web

from bot.audit.audit import Deed
from bot.db import Pool
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html, number
from bot.people.rights import Permission
from bot.shifts.shifts import SQL, Shift, all_shifts, plan
from bot.shifts.week import Crew, Gap, Week, changes, copied, crews, fitting, instead, typed

INSTEAD = "instead."
"""What fields are called that name a shift in the stead of a retired one; its code follows."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see."""

    week: Week
    today: date
    below: str
    """The path below which they lead."""


class RosterPage:
    """Shows the week, and takes the plan of one unit at a time."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool

    def routes(self) -> Iterable[web.RouteDef]:
        """The week, the form of a unit, and what it says."""
        read, act = self._guard.read, self._guard.act
        return [
            web.get("/desk/roster", read(self._show, Permission.LEAD), allow_head=False),
            web.get(r"/desk/roster/{id:\d+}", read(self._edit, Permission.LEAD), allow_head=False),
            web.post(r"/desk/roster/{id:\d+}", act(self._plan, Permission.LEAD)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        asked = self._asked(visit, visit.request.query.get("week", ""))
        found = await crews(self._pool, asked.week, asked.below)
        return await self._page(visit, asked, found, saved=visit.request.query.get("done") == "saved")

    async def _edit(self, visit: Visit) -> web.StreamResponse:
        """The form of a unit; ``from=last`` fills it in with the week before, and saves nothing.

        Days by a shift that is in use no more are left as they are, and named; ``instead.CODE`` says what they become.
        """
        asked = self._asked(visit, visit.request.query.get("week", ""))
        crew = await self._crew(visit, asked, asked.week)
        if visit.request.query.get("from") != "last":
            return await self._page(visit, asked, [crew], wanted=crew)
        before, shifts = await self._crew(visit, asked, asked.week.moved(-1)), await all_shifts(self._pool)
        others = _others(visit.request.query, shifts)
        taken = copied(crew, instead(before, others), asked.week, asked.today)
        wanted, gaps = fitting(crew, taken, asked.week, shifts)
        return await self._page(visit, asked, [crew], wanted=wanted, gaps=gaps, others=others)

    async def _plan(self, visit: Visit) -> web.StreamResponse:
        """Keep what was changed, unless somebody else has changed the same week meanwhile."""
        asked = self._asked(visit, visit.form.get("week", ""))
        crew, shifts = await self._crew(visit, asked, asked.week), await all_shifts(self._pool)
        wanted, gaps = fitting(crew, typed(crew, visit.form), asked.week, shifts)
        plans = changes(crew, wanted, asked.week, asked.today, shifts)
        if visit.form.get("seal") != crew.seal:
            return await self._page(visit, asked, [crew], wanted=wanted, refused="stale", gaps=gaps)
        if gaps:
            return await self._page(visit, asked, [crew], wanted=wanted, refused="retired", gaps=gaps)
        if plans is None:
            return await self._page(visit, asked, [crew], wanted=wanted, refused="unfit")
        if plans:
            source = f"unit:{crew.unit} {asked.week.first}"
            await plan(self._pool, plans, self._parts.render.zone, visit.by, source=source, deed=Deed.ROSTER_CHANGED)
        return web.Response(
            status=303, headers={"Location": f"/desk/roster?week={asked.week.first}&done=saved#unit-{crew.unit}"}
        )

    async def _page(
        self,
        visit: Visit,
        asked: Asked,
        shown: Sequence[Crew],
        *,
        wanted: Crew | None = None,
        gaps: Sequence[Gap] = (),
        others: Mapping[str, str] = MappingProxyType({}),
        refused: str = "",
        saved: bool = False,
    ) -> web.StreamResponse:
        page = await self._parts.page(
            visit,
            "roster.html",
            area="roster",
            pane="page",
            asked=asked,
            crews=shown,
            wanted=wanted,
            gaps=gaps,
            missing={(line.id, day) for gap in gaps for line, days in gap.days for day in days},
            others=others,
            shifts=await self._pool.fetch(SQL["all"]),
            refused=refused,
            saved=saved,
        )
        return html(page, 409 if refused else 200)

    async def _crew(self, visit: Visit, asked: Asked, week: Week) -> Crew:
        """The week of the unit that an address names. Raises: HTTPNotFound where it is not theirs to plan."""
        unit = number(visit.request.match_info["id"])
        for crew in await crews(self._pool, week, asked.below):
            if crew.unit == unit:
                return crew
        raise web.HTTPNotFound

    def _asked(self, visit: Visit, week: str) -> Asked:
        """What the address asks for; without a week, the one that runs. Raises: HTTPForbidden, HTTPNotFound."""
        if visit.agent.scope is None:
            raise web.HTTPForbidden
        today = self._parts.render.now().astimezone(self._parts.render.zone).date()
        try:
            day = date.fromisoformat(week) if week else today
        except ValueError as error:
            raise web.HTTPNotFound from error
        if not 2000 < day.year < 2200:
            raise web.HTTPNotFound
        return Asked(Week.of(day), today, visit.agent.scope)


def _others(asked: Mapping[str, str], shifts: Mapping[str, Shift]) -> Mapping[str, str]:
    """Which shift each retired one becomes, as the address says: ``instead.CODE``."""
    said = ((name.removeprefix(INSTEAD), code) for name, code in asked.items() if name.startswith(INSTEAD))
    return {retired: code for retired, code in said if retired not in shifts and code in shifts}
