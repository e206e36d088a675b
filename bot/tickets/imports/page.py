"""Tickets of another system at ``/desk/tickets/imports``: a file is handed in, checked, looked over, then taken in."""

from collections.abc import Iterable, Mapping, Sequence
from secrets import token_hex

from aiohttp import web

from bot.db import Pool, Row
from bot.desk.deeds import storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html, number
from bot.files.storage import StorageFull
from bot.files.store import Store
from bot.people.rights import Permission
from bot.spreadsheets import Wrong, WrongFile
from bot.sql import load
from bot.tickets.claim import TRIES
from bot.tickets.exports.sheets import SHEETS, TYPES
from bot.tickets.imports.job import MOST_NAMED
from bot.tickets.imports.sheet import COLUMNS, HEADS, NEEDED
from bot.tickets.shown import SQL as TICKETS
from bot.words import words
from channels.door import Malformed
from channels.uploads import Uploads
from router.tickets.ticket import Grade, TicketKind

SQL = load(__file__, "imports.sql")
AT_A_TIME = 3
"""Files of one person that may be under way."""
PAGE = "/desk/tickets/imports"
LONGEST_NAME = 100
CHOICES = {"kind": tuple(TicketKind), "grade": tuple(Grade)}


class ImportsPage:
    """Takes files in, and shows what was found in them and what became of them.

    Args:
        accounts: those of the hotline; whoever takes a file in chooses one for its customers where there are several.
    """

    def __init__(self, guard: Guard, parts: Parts, pool: Pool, store: Store, accounts: Sequence[str]) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool
        self._store = store
        self._accounts = accounts
        self._bodies = Uploads(store.limit)

    def routes(self) -> Iterable[web.RouteDef]:
        """The page, its list, a file to begin with, a file that is handed in, and the word to take it in."""
        guard = self._guard
        return [
            web.get(PAGE, guard.read(self._show, Permission.IMPORT), allow_head=False),
            web.get(f"{PAGE}/list", guard.read(self._list, Permission.IMPORT), allow_head=False),
            web.get(f"{PAGE}/template", guard.read(self._template, Permission.IMPORT), allow_head=False),
            web.post(PAGE, guard.upload(self._hand_in, Permission.IMPORT)),
            web.post(PAGE + r"/{id:\d+}", guard.act(self._want, Permission.IMPORT)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        frame = {"columns": COLUMNS, "needed": NEEDED, "choices": CHOICES}
        followers = await self._pool.fetch(TICKETS["follower_logins"])
        values = {**frame, "logins": [row["login"] for row in followers], **await self._shown(visit)}
        return html(await self._parts.page(visit, "ticket_imports.html", area="tickets", pane="page", **values))

    async def _list(self, visit: Visit) -> web.StreamResponse:
        return html(self._parts.render("ticket_imports_list.html", visit.look, **await self._shown(visit)))

    async def _shown(self, visit: Visit) -> Mapping[str, object]:
        found = await self._pool.fetch(SQL["listed"], visit.agent.id, TRIES)
        language = visit.look.language
        return {
            "rows": [{**row, **_told(row, language)} for row in found],
            "under_way": any(row["state"] in ("checking", "taking") and not row["failed"] for row in found),
            "rules": self._parts.rules(),
            "most_named": MOST_NAMED,
            "accounts": self._accounts,
            "choose": visit.request.query.get("choose", ""),
            "csrf": visit.session.csrf,
        }

    async def _template(self, visit: Visit) -> web.StreamResponse:
        """A file with the columns as the reader calls them."""
        format_, said = visit.request.query.get("format", "csv"), words(visit.look.language)
        if format_ not in SHEETS:
            raise web.HTTPNotFound
        content = SHEETS[format_]([said[f"{HEADS}{name}"] for name in COLUMNS]).content()
        name = f"attachment; filename=tickets.{format_}"
        return web.Response(body=content, content_type=TYPES[format_], headers={"Content-Disposition": name})

    async def _hand_in(self, visit: Visit) -> web.StreamResponse:
        """Answers with nothing, or with a sentence that says why the file was not taken."""
        if not self._accounts:
            return _refused(visit, "hotline", 409)
        try:
            upload = await self._bodies.read(visit.request)
        except Malformed as error:
            return _refused(visit, "large" if error.status == 413 else "broken", error.status)
        place = token_hex(16)
        try:
            await self._store.storage.put(place, upload.content)
        except StorageFull:
            return _refused(visit, "full", 503)
        name = storable(upload.name)[:LONGEST_NAME] or "tickets"
        asked = (visit.agent.id, visit.origin, name, place, AT_A_TIME, TRIES)
        if await self._pool.fetchval(SQL["ask"], *asked) is None:
            await self._store.storage.remove(place)
            return _refused(visit, "busy", 429)
        return web.Response(status=204)

    async def _want(self, visit: Visit) -> web.StreamResponse:
        """What was checked is taken in by the next job; wanted twice it is taken in once."""
        wanted, account = visit.request.match_info["id"], visit.form.get("account", "")
        if account not in self._accounts:
            if len(self._accounts) != 1:
                return _to(f"{PAGE}?choose={wanted}")
            account = self._accounts[0]
        await self._pool.fetchval(SQL["want"], number(wanted), visit.agent.id, account)
        return _to(PAGE)


def _told(row: Row, language: str) -> Mapping[str, object]:
    """What is wrong in words: with the file as a whole, and with its rows."""
    said = words(language)
    named = [
        {"line": line, "column": said.get(f"{HEADS}{column}", column), "why": Wrong(line, column, *why).told(language)}
        for line, column, *why in row["named"]
    ]
    return {"named": named, "unread": WrongFile(*row["unread"]).told(language) if row["unread"] else ""}


def _to(place: str) -> web.Response:
    return web.Response(status=303, headers={"Location": place})


def _refused(visit: Visit, why: str, status: int) -> web.Response:
    return web.Response(text=words(visit.look.language)[f"desk.imports.{why}"], status=status)
