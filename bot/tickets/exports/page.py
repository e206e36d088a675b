"""Lists of tickets as files at ``/desk/tickets/exports``: asked for, followed, and saved by whoever asked."""

from collections.abc import AsyncIterator, Iterable, Mapping
from urllib.parse import parse_qsl

import structlog
from aiohttp import web

from bot.audit.audit import Deed, note
from bot.db import Pool, Row
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html, number
from bot.files.store import Store
from bot.people.rights import Permission
from bot.sql import load
from bot.tickets.claim import TRIES
from bot.tickets.exports.job import MOST
from bot.tickets.exports.sheets import SHEETS, TYPES
from bot.tickets.query import sized
from bot.tickets.wanted import wanted_of
from channels import serving
from channels.serving import OpenFile

SQL = load(__file__, "exports.sql")
AT_A_TIME = 3
"""Files of one person that may be under way."""
PAGE = "/desk/tickets/exports"

log = structlog.get_logger()


class ExportsPage:
    """Takes wishes for files, and hands the files out."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool, store: Store) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool
        self._store = store

    def routes(self) -> Iterable[web.RouteDef]:
        """The page, its list, a wish and a file."""
        read = self._guard.read
        return [
            web.get(PAGE, read(self._show, Permission.TICKETS), allow_head=False),
            web.get(f"{PAGE}/list", read(self._list, Permission.TICKETS), allow_head=False),
            web.post(PAGE, self._guard.act(self._ask, Permission.TICKETS)),
            web.get(PAGE + r"/{id:\d+}", read(self._save, Permission.TICKETS), allow_head=False),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        refused = visit.request.query.get("refused", "")
        values = {"refused": refused if refused in ("large", "busy") else "", "most": MOST, "at_a_time": AT_A_TIME}
        shown = await self._shown(visit)
        return html(
            await self._parts.page(visit, "ticket_exports.html", area="tickets", pane="page", **values, **shown)
        )

    async def _list(self, visit: Visit) -> web.StreamResponse:
        return html(self._parts.render("ticket_exports_list.html", visit.look, **await self._shown(visit)))

    async def _shown(self, visit: Visit) -> Mapping[str, object]:
        found = await self._pool.fetch(SQL["listed"], visit.agent.id, TRIES)
        rows = [{**row, "filters": dict(parse_qsl(row["query"]))} for row in found]
        under_way = any(row["made"] is None and not row["failed"] for row in found)
        return {"rows": rows, "under_way": under_way, "rules": self._parts.rules()}

    async def _ask(self, visit: Visit) -> web.StreamResponse:
        """Write the wish and its trail down; the sweep hands it to a job."""
        wanted, format_ = wanted_of(visit.form, self._parts.rules().departments), visit.form.get("format", "")
        if format_ not in SHEETS:
            raise web.HTTPBadRequest
        if await sized(self._pool, visit.agent, wanted, MOST + 1) > MOST:
            return _back("?refused=large")
        async with self._pool.acquire() as connection, connection.transaction():
            asked = (visit.agent.id, wanted.query, format_, AT_A_TIME, TRIES)
            made = await connection.fetchval(SQL["ask"], *asked)
            if made is None:
                return _back("?refused=busy")
            detail = f"{format_} {wanted.query}".strip()
            await note(connection, visit.by, Deed.TICKETS_EXPORTED, f"export:{made}", detail=detail)
        return _back()

    async def _save(self, visit: Visit) -> web.StreamResponse:
        """The file, on record; one that is gone, or another person's, leads back to the list."""
        row = await self._pool.fetchrow(SQL["found"], number(visit.request.match_info["id"]), visit.agent.id)
        if row is None:
            return _back()
        await note(self._pool, visit.by, Deed.EXPORT_SAVED, f"export:{row['id']}")
        try:
            return await serving.serve(visit.request, self._opened(row))
        except OSError as error:
            log.error("exports.unreadable", error=type(error).__name__)
            raise web.HTTPServiceUnavailable from error

    def _opened(self, row: Row) -> OpenFile:
        def read(start: int, stop: int) -> AsyncIterator[bytes]:
            return self._store.storage.read(row["place"], start, stop)

        made = row["made"].astimezone(self._parts.render.zone)
        return OpenFile(f"tickets-{made:%Y%m%d-%H%M}.{row['format']}", TYPES[row["format"]], row["size"], read)


def _back(query: str = "") -> web.Response:
    return web.Response(status=303, headers={"Location": PAGE + query})
