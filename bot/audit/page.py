"""The trail at ``/desk/audit``, for auditors: who did what, by day, person and kind."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from urllib.parse import urlencode

from aiohttp import web

from bot.audit.audit import SQL, Deed, Wanted, listed
from bot.db import Pool
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html, number
from bot.people.rights import Permission

MOST = 100
"""Rows of one page."""
LONGEST = 64


class AuditPage:
    """Shows the trail to those who may read it."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool

    def routes(self) -> Iterable[web.RouteDef]:
        """The page."""
        return [web.get("/desk/audit", self._guard.read(self._show, Permission.AUDIT), allow_head=False)]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        asked = visit.request.query
        wanted = wanted_of(visit, self._parts.render.zone)
        rows = await listed(self._pool, wanted, MOST + 1)
        kept = {name: asked[name] for name in ("since", "until", "who", "deed") if asked.get(name)}
        older = urlencode({**kept, "before": rows[MOST - 1]["id"]}) if len(rows) > MOST else ""
        page = await self._parts.page(
            visit,
            "audit.html",
            area="audit",
            pane="page",
            rows=rows[:MOST],
            older=older,
            asked=kept,
            deeds=[deed.value for deed in Deed],
            people=[row["who"] for row in await self._pool.fetch(SQL["people"])],
            tail=await self._pool.fetchrow(SQL["tail"]),
            head=await self._pool.fetchrow(SQL["head"]),
        )
        return html(page)


def wanted_of(visit: Visit, zone: tzinfo) -> Wanted:
    """What a request asks for; what it asks wrongly counts as not asked. Days are those of the operator's zone."""
    asked = visit.request.query
    last = _day(asked.get("until", ""))
    deed = asked.get("deed", "")
    return Wanted(
        since=_midnight(_day(asked.get("since", "")), zone),
        until=_midnight(None if last is None else last + timedelta(days=1), zone),
        who=asked.get("who", "")[:LONGEST].replace("\x00", ""),
        deed=deed if deed in list(Deed) else "",
        before=number(asked.get("before", "0")),
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if date(2000, 1, 1) <= found < date(2200, 1, 1) else None


def _midnight(day: date | None, zone: tzinfo) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), zone)
