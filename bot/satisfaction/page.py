"""The monthly analysis at ``/desk/satisfaction``: how customers judge us, where it is low, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.db import Pool, Row
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html
from bot.people.rights import Permission
from bot.satisfaction.figures import ALL, ENOUGH, MYSTERY, REASON, Analysis, By, analysed
from bot.satisfaction.months import Month
from bot.satisfaction.table import table_of
from bot.spreadsheets import csv_of
from bot.sql import load
from router.clauses.asking import LOW

SQL = load(__file__, "satisfaction.sql")
SHOWN = ("asked", "answers", "low", "revisited", "won", "unsettled", "nps")
"""Which surveys a figure opens: all that were asked, or those of which something holds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see."""

    scope: str
    """The path below which they lead."""
    month: Month
    latest: Month
    """The month that runs."""
    limit: int
    """Scores below it are low."""


class SatisfactionPage:
    """Shows the analysis to those who lead."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool

    def routes(self) -> Iterable[web.RouteDef]:
        """The analysis, the rows behind its figures, and its table as a file."""
        read = self._guard.read
        return [
            web.get("/desk/satisfaction", read(self._show, Permission.LEAD), allow_head=False),
            web.get("/desk/satisfaction/rows", read(self._rows, Permission.LEAD), allow_head=False),
            web.get("/desk/satisfaction/table", read(self._table, Permission.LEAD), allow_head=False),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        asked = self._asked(visit)
        values = {"analysis": await self._analysis(asked), "asked": asked, "kinds": list(By), "enough": ENOUGH}
        return html(await self._parts.page(visit, "satisfaction.html", area="satisfaction", pane="page", **values))

    async def _rows(self, visit: Visit) -> web.StreamResponse:
        asked, query = self._asked(visit), visit.request.query
        by, shown = query.get("by", ALL), query.get("show", "answers")
        if by not in (*By, ALL, MYSTERY, REASON) or shown not in SHOWN:
            raise web.HTTPNotFound
        rows = await self._visits(asked, shown) if by == MYSTERY else await self._surveys(asked, visit, by, shown)
        values = {"rows": rows, "asked": asked, "by": by, "shown": shown}
        values["reason_labels"] = self._parts.reason_labels(visit)
        return html(await self._parts.page(visit, "satisfaction_rows.html", area="satisfaction", pane="page", **values))

    async def _table(self, visit: Visit) -> web.StreamResponse:
        asked, language = self._asked(visit), visit.look.language
        body = csv_of(table_of(await self._analysis(asked), asked.month, language))
        name = f"satisfaction-{asked.month}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return web.Response(body=body, content_type="text/csv", charset="utf-8", headers=headers)

    async def _analysis(self, asked: Asked) -> Analysis:
        before, begins, ends = self._bounds(asked)
        rows = await self._pool.fetch(SQL["figures"], asked.scope, before, begins, ends, asked.limit)
        months = asked.month.before.first, asked.month.first
        visits = await self._pool.fetch(SQL["mystery"], asked.scope, *months, asked.limit)
        chosen = await self._pool.fetch(SQL["reasons"], asked.scope, before, begins, ends, asked.limit)
        known = self._parts.questionnaires()
        return analysed(rows, visits, chosen, asked.limit, lambda key, language: known.labels(language).get(key, key))

    async def _surveys(self, asked: Asked, visit: Visit, by: str, shown: str) -> Sequence[Row]:
        key = "" if by == ALL else visit.request.query.get("key", "").replace("\x00", "")
        _, begins, ends = self._bounds(asked)
        return await self._pool.fetch(SQL["rows"], asked.scope, begins, ends, by, key, shown, asked.limit)

    async def _visits(self, asked: Asked, shown: str) -> Sequence[Row]:
        return await self._pool.fetch(SQL["mystery_rows"], asked.scope, asked.month.first, shown, asked.limit)

    def _bounds(self, asked: Asked) -> tuple[datetime, datetime, datetime]:
        """When the month before, the month and the month after begin."""
        month, zone = asked.month, self._parts.render.zone
        return month.before.begins(zone), month.begins(zone), month.after.begins(zone)

    def _asked(self, visit: Visit) -> Asked:
        """What the address asks for; without a month, the one that runs. Raises: HTTPForbidden, HTTPNotFound."""
        if visit.agent.scope is None:
            raise web.HTTPForbidden
        now = self._parts.render.now()
        latest = Month.of(now, self._parts.render.zone)
        try:
            month = Month.parse(visit.request.query.get("month") or str(latest))
        except ValueError:
            raise web.HTTPNotFound from None
        house = next(iter(self._parts.editions().in_force(now)), None)
        return Asked(visit.agent.scope, min(month, latest), latest, house.standard.surveys.low if house else LOW)
