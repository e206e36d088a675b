"""The gate: log-in in one step or two, log-out, and the language that an agent chooses."""

from collections.abc import Iterable, Mapping, Sequence
from secrets import token_urlsafe

from aiohttp import web

from bot.desk.guard import GATE, SESSION, Guard, Visit, read_form, same
from bot.desk.render import Look, Renderer
from bot.login.factors import Factors
from bot.login.log_in import Halfway, LogIns, Opened, Peer, Waiting
from bot.login.square import square
from bot.login.totp import shown
from bot.people.people import People
from bot.people.rights import Permission
from bot.words import LANGUAGES
from channels.accounts import OidcAccount

HALFWAY = "desk_halfway"
"""Cookie of a log-in that has come halfway."""


class Gate:
    """Lets agents in and out.

    Args:
        guard: stands before the pages.
        people: knows the sessions.
        log_ins: checks passwords and codes.
        factors: sets second factors up.
        render: the templates.
        others: providers at which people may log in as well.
    """

    def __init__(
        self,
        guard: Guard,
        people: People,
        log_ins: LogIns,
        factors: Factors,
        render: Renderer,
        others: Sequence[OidcAccount],
    ) -> None:
        self._guard = guard
        self._people = people
        self._log_ins = log_ins
        self._factors = factors
        self._render = render
        self._others = others

    def routes(self) -> Iterable[web.RouteDef]:
        """The pages and forms."""
        guard = self._guard
        return [
            web.get("/desk/login", guard.open(self._show), allow_head=False),
            web.post("/desk/login", guard.open(self._log_in)),
            web.get("/desk/login/code", guard.open(self._show_code), allow_head=False),
            web.post("/desk/login/code", guard.open(self._take_code)),
            web.post("/desk/logout", guard.act(self._log_out, Permission.SEAT)),
            web.post("/desk/language", guard.act(self._choose_language, Permission.SEAT)),
        ]

    # The first step ---------------------------------------------------------------------------------------------

    async def _show(self, request: web.Request) -> web.StreamResponse:
        if await self._guard.session(request) is not None:
            return _see("/desk")
        left = request.query.get("left", "")
        return self._log_in_page(request, left=next((one for one in self._others if one.name == left), None))

    async def _log_in(self, request: web.Request) -> web.StreamResponse:
        form = await self._form(request)
        login = form.get("login", "")
        step = await self._log_ins.by_password(login, form.get("password", ""), self.peer(request))
        if step is None:
            return self._log_in_page(request, login=login[:64], why="failed")
        return await self.let_in(request, step)

    def refused(self, request: web.Request, why: str, label: str) -> web.Response:
        """The log-in page, with why a provider's word did not let in."""
        return self._log_in_page(request, why=why, label=label)

    def leading(self, look: Look, address: str, label: str) -> web.Response:
        """A page that leads on to a provider by itself."""
        html = self._render("login_leading.html", look, address=address, label=label)
        return web.Response(text=html, content_type="text/html", headers={"Refresh": f"0; url={address}"})

    def _log_in_page(
        self, request: web.Request, *, login: str = "", why: str = "", label: str = "", left: OidcAccount | None = None
    ) -> web.Response:
        told = {"login": login, "why": why, "label": label}
        return self._page(request, "login.html", failed=bool(why), left=left, others=self._others, told=told)

    async def let_in(self, request: web.Request, step: Opened | Halfway) -> web.Response:
        """Whoever has proved enough is at the desk; whoever has not goes on to the second step."""
        if isinstance(step, Halfway):
            response = _see("/desk/login/code")
            self._guard.set_cookie(request, response, HALFWAY, step.token)
            return response
        return await self._admit(request, _see("/desk"), step)

    # The second step --------------------------------------------------------------------------------------------

    async def _show_code(self, request: web.Request) -> web.StreamResponse:
        one = await self._waiting(request)
        if one is None:
            return self._guard.to_log_in(request)
        return await self._code_page(request, one, failed=False)

    async def _take_code(self, request: web.Request) -> web.StreamResponse:
        form = await self._form(request)
        one = await self._waiting(request)
        if one is None:
            return _see("/desk/login")
        prove = self._log_ins.by_setting_up if one.sets_up else self._log_ins.by_code
        values = self._halfway(request), form.get("code", "")[:64], self._render.now(), self.peer(request)
        opened = await prove(*values)
        if opened is None:
            return await self._code_page(request, one, failed=True)
        if not opened.codes:
            return await self.let_in(request, opened)
        html = self._render("login_codes.html", Look(one.language, self._guard.look(request).theme), codes=opened.codes)
        return await self._admit(request, web.Response(text=html, content_type="text/html"), opened)

    async def _code_page(self, request: web.Request, one: Waiting, *, failed: bool) -> web.Response:
        secret = await self._factors.begin(one.agent_id) if one.sets_up else None
        drawn = "" if secret is None else square(secret, one.login, self._render.issuer(one.language))
        typed = "" if secret is None else shown(secret)
        values = {"login": one.login, "square": drawn, "secret": typed}
        return self._page(request, "login_code.html", failed=failed, language=one.language, **values)

    async def _waiting(self, request: web.Request) -> Waiting | None:
        return await self._log_ins.waiting(self._halfway(request))

    def _halfway(self, request: web.Request) -> str:
        return request.cookies.get(self._guard.cookie_name(request, HALFWAY), "")

    # Both -------------------------------------------------------------------------------------------------------

    def peer(self, request: web.Request) -> Peer:
        """Where a request comes from."""
        return Peer(self._guard.origin(request), self._guard.address(request))

    async def _form(self, request: web.Request) -> Mapping[str, str]:
        """The form of a page of ours. Raises: HTTPForbidden where it is not."""
        self._guard.require_own_page(request)
        form = await read_form(request)
        if not same(form.get("csrf", ""), request.cookies.get(self._guard.cookie_name(request, GATE), "")):
            raise web.HTTPForbidden
        return form

    def _page(
        self, request: web.Request, template: str, *, failed: bool, language: str = "", **values: object
    ) -> web.Response:
        token, look = token_urlsafe(32), self._guard.look(request)
        html = self._render(template, Look(language or look.language, look.theme), csrf=token, failed=failed, **values)
        response = web.Response(text=html, content_type="text/html", status=401 if failed else 200)
        self._guard.set_cookie(request, response, GATE, token)
        return response

    async def _admit(self, request: web.Request, response: web.Response, opened: Opened) -> web.Response:
        """Set the session's cookie; the session that this browser had before ends."""
        before = await self._guard.session(request)
        if before is not None:
            await self._people.log_out(before, self._guard.origin(request))
        self._guard.set_cookie(request, response, SESSION, opened.token)
        for name in (GATE, HALFWAY):
            self._guard.set_cookie(request, response, name, "")
        return response

    async def _log_out(self, visit: Visit) -> web.StreamResponse:
        await self._people.log_out(visit.session, visit.origin)
        provider = visit.session.means.removeprefix("oidc:")
        response = _see(f"/desk/login?left={provider}" if provider != visit.session.means else "/desk/login")
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
