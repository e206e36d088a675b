"""The gate: log-in and log-out, and the language that an agent chooses."""

from collections.abc import Iterable
from secrets import token_urlsafe

from aiohttp import web

from bot.desk.guard import GATE, SESSION, Guard, Visit, read_form, same
from bot.desk.render import Renderer
from bot.people.people import People
from bot.people.rights import Permission
from bot.words import LANGUAGES


class Gate:
    """Lets agents in and out.

    Args:
        guard: stands before the pages.
        people: knows passwords and sessions.
        render: the templates.
    """

    def __init__(self, guard: Guard, people: People, render: Renderer) -> None:
        self._guard = guard
        self._people = people
        self._render = render

    def routes(self) -> Iterable[web.RouteDef]:
        """The pages and forms."""
        guard = self._guard
        return [
            web.get("/desk/login", guard.open(self._show), allow_head=False),
            web.post("/desk/login", guard.open(self._log_in)),
            web.post("/desk/logout", guard.act(self._log_out, Permission.SEAT)),
            web.post("/desk/language", guard.act(self._choose_language, Permission.SEAT)),
        ]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        if await self._guard.session(request) is not None:
            return _see("/desk")
        return self._page(request)

    def _page(self, request: web.Request, *, login: str = "", failed: bool = False) -> web.Response:
        token = token_urlsafe(32)
        html = self._render("login.html", self._guard.look(request), csrf=token, login=login, failed=failed)
        response = web.Response(text=html, content_type="text/html", status=401 if failed else 200)
        self._guard.set_cookie(request, response, GATE, token)
        return response

    async def _log_in(self, request: web.Request) -> web.StreamResponse:
        self._guard.require_own_page(request)
        form = await read_form(request)
        kept = request.cookies.get(self._guard.cookie_name(request, GATE), "")
        if not same(form.get("csrf", ""), kept):
            raise web.HTTPForbidden
        login = form.get("login", "")
        token = await self._people.log_in(login, form.get("password", ""), self._guard.origin(request))
        if token is None:
            return self._page(request, login=login[:64], failed=True)
        before = await self._guard.session(request)
        if before is not None:
            await self._people.log_out(before, self._guard.origin(request))
        response = _see("/desk")
        self._guard.set_cookie(request, response, SESSION, token)
        self._guard.set_cookie(request, response, GATE, "")
        return response

    async def _log_out(self, visit: Visit) -> web.StreamResponse:
        await self._people.log_out(visit.session, visit.origin)
        response = _see("/desk/login")
        self._guard.set_cookie(visit.request, response, SESSION, "")
        return response

    async def _choose_language(self, visit: Visit) -> web.StreamResponse:
        language = visit.form.get("language", "")
        if language not in LANGUAGES:
            raise web.HTTPBadRequest
        await self._people.choose_language(visit.agent.id, language)
        return _see("/desk")


def _see(place: str) -> web.Response:
    return web.Response(status=303, headers={"Location": place})
