"""The requests of business at ``/desk/requests``: who takes them, how far they are, what the customer is told."""

from collections.abc import Iterable

from aiohttp import web

from bot.business.forms import read_editions
from bot.business.shown import LISTS, SQL, access_request, access_requests, shown, title
from bot.db import Pool, Row
from bot.desk.acts import Acts
from bot.desk.deeds import storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html, number
from bot.disclosures.disclosures import REASON, disclose
from bot.disclosures.page import SHOWN
from bot.people.rights import Permission
from bot.words import words
from router.events import RequestMoved
from router.requests import STEPS, RequestState

NOTE_LIMIT = 500
"""Characters of what is told to the customer beside the state."""
ANSWERS = "request.answers"


class RequestsPage:
    """Shows requests, takes them on, and shows their private answers with a reason."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool, writer: Acts) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool
        self._writer = writer

    def routes(self) -> Iterable[web.RouteDef]:
        """The page, its list, its count and its forms."""
        return [
            web.get("/desk/requests", self._guard.read(self._show, Permission.SERVE), allow_head=False),
            web.get("/desk/requests/list", self._guard.read(self._list, Permission.SERVE), allow_head=False),
            web.get("/desk/requests/count", self._guard.read(self._count, Permission.SERVE), allow_head=False),
            web.post(r"/desk/requests/{id:\d+}/move", self._guard.act(self._move, Permission.SERVE)),
            web.post(r"/desk/requests/{id:\d+}/answers", self._guard.act(self._disclose, Permission.SERVE)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit, "request.moved" if "done" in visit.request.query else "")

    async def _page(self, visit: Visit, said: str, *, refused: str = "") -> web.Response:
        which, language = _list_of(visit), visit.look.language
        page = await self._parts.page(
            visit,
            "requests.html",
            area="requests",
            pane="page",
            which=which,
            lists=LISTS,
            requests=await access_requests(self._pool, visit.agent, which, language),
            said=words(language)[f"refused.{refused}" if refused else f"desk.{said}"] if said or refused else "",
            refused=refused,
        )
        return html(page, 409 if refused else 200)

    async def _list(self, visit: Visit) -> web.StreamResponse:
        which = _list_of(visit)
        requests = await access_requests(self._pool, visit.agent, which, visit.look.language)
        values = {"which": which, "requests": requests, "csrf": visit.session.csrf}
        return html(self._parts.render("request_list.html", visit.look, **values))

    async def _count(self, _visit: Visit) -> web.StreamResponse:
        """How many requests nobody has taken in hand."""
        return web.Response(text=str(await self._pool.fetchval(SQL["open"])))

    async def _move(self, visit: Visit) -> web.StreamResponse:
        request, note = await self._request(visit), storable(visit.form.get("note", ""))
        before = visit.form.get("state", "")
        known = before in STEPS and len(note) <= NOTE_LIMIT
        if not known:
            return await self._page(visit, "", refused="unfit")
        after = STEPS[RequestState(before)]
        language = await self._pool.fetchval(SQL["language"], request["contact_id"])
        form = (await read_editions(self._pool)).of(request["form"], request["version"])
        named = title(form, request["form"], language)
        act = RequestMoved(visit.agent.id, request["id"], before, after.value, named, note)
        source = f"request:{request['id']}:{after.value}:{visit.agent.id}"
        receipt = await self._writer.act(request["contact_id"], source, act)
        if receipt.refused:
            return await self._page(visit, "", refused="request")
        return web.Response(status=303, headers={"Location": f"/desk/requests?list={_list_of(visit)}&done"})

    async def _disclose(self, visit: Visit) -> web.StreamResponse:
        """The answers in full for a minute, with a reason, on record."""
        request, reason = await self._request(visit), storable(visit.form.get("reason", ""))
        if len(reason) not in REASON:
            return html(self._parts.render("number_shown.html", visit.look, shown="", seconds=0), 422)
        await disclose(self._pool, visit.by, what=ANSWERS, contact=request["contact_id"], reason=reason)
        forms = await read_editions(self._pool)
        answers = shown(request, forms, visit.look.language, masked=False)["answers"]
        return html(self._parts.render("answers_shown.html", visit.look, answers=answers, seconds=SHOWN))

    async def _request(self, visit: Visit) -> Row:
        """The request that an address names. Raises: HTTPNotFound where the agent may not see it."""
        found = await access_request(self._pool, visit.agent, number(visit.request.match_info["id"]))
        if found is None:
            raise web.HTTPNotFound
        return found


def _list_of(visit: Visit) -> str:
    which = visit.request.query.get("list", "")
    return which if which in LISTS else LISTS[0]
