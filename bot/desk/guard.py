"""The guard stands before every page of the desk: session, forgery checks, headers, and pages for what goes wrong."""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from multidict import MultiDict, MultiDictProxy

from bot.audit.audit import By
from bot.db import UNREACHABLE
from bot.desk.render import THEMES, Look, Renderer, language_of
from bot.people.agent import Agent
from bot.people.people import People, Session
from bot.people.rights import Permission
from channels.door import Busy
from channels.web.peers import Peers

SESSION = "desk"
GATE = "desk_gate"
"""Cookie of the log-in page's own form token."""
THEME = "desk_theme"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
LARGEST_FORM = 64 * 1024

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody who is logged in, with what their form says."""

    request: web.Request
    session: Session
    look: Look
    form: Mapping[str, str]
    """Empty for pages that are only read."""
    origin: str
    """The browser's address on the network."""

    @property
    def by(self) -> By:
        """Who asks, as the trail names them."""
        return By(self.agent.id, self.agent.login, self.origin)

    @property
    def agent(self) -> Agent:
        """Who asks."""
        return self.session.agent

    @property
    def partial(self) -> bool:
        """Whether a part of a page is asked for, to be put into a page that stands."""
        return self.request.headers.get("HX-Request") == "true"


Page = Callable[[Visit], Awaitable[web.StreamResponse]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Guard:
    """Lets only those pass who may.

    Args:
        people: knows the sessions.
        render: for the pages of what goes wrong.
        public_url: our own address as browsers see it, or empty where only the Host header tells.
        peers: tells addresses on the network.
    """

    def __init__(self, people: People, render: Renderer, public_url: str, peers: Peers) -> None:
        self._people = people
        self._render = render
        self._public = urlsplit(public_url)
        self._peers = peers

    # For those who are logged in --------------------------------------------------------------------------------

    def read(self, page: Page, permission: Permission) -> Handler:
        """A page that changes nothing, for those who have a permission."""

        async def handle(request: web.Request) -> web.StreamResponse:
            session = await self.session(request)
            if session is None:
                return self.to_log_in(request)
            _require(session, permission)
            return await page(Visit(request, session, self.look(request, session), {}, self.origin(request)))

        return self.open(handle)

    def act(self, page: Page, permission: Permission) -> Handler:
        """A form of the desk: it comes from our own page, with the session's token."""
        return self._acting(page, permission, read_form)

    def upload(self, page: Page, permission: Permission) -> Handler:
        """The same for a body that is no form: its token comes in a header, and the page reads it."""
        return self._acting(page, permission, _no_form)

    def _acting(
        self, page: Page, permission: Permission, read: Callable[[web.Request], Awaitable[Mapping[str, str]]]
    ) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            self.require_own_page(request)
            session = await self.session(request)
            if session is None:
                raise web.HTTPForbidden
            form = await read(request)
            token = request.headers.get("X-CSRF-Token") or form.get("csrf", "")
            if not same(token, session.csrf):
                raise web.HTTPForbidden
            _require(session, permission)
            return await page(Visit(request, session, self.look(request, session), form, self.origin(request)))

        return self.open(handle)

    # For everyone -----------------------------------------------------------------------------------------------

    def open(self, handler: Handler) -> Handler:
        """A page with our headers; what goes wrong becomes a page as well."""

        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                response = await handler(request)
            except web.HTTPException as error:
                if error.status < 400:
                    raise
                response = self.error_page(request, error.status)
            except (Busy, *UNREACHABLE) as error:
                log.warning("desk.busy", error=type(error).__name__)
                response = self.error_page(request, 503)
                response.headers["Retry-After"] = "2"
            except Exception:
                resource = request.match_info.route.resource
                log.exception("desk.failed", route=resource.canonical if resource else "")
                response = self.error_page(request, 500)
            if not response.prepared:
                _protect(response)
            return response

        return handle

    async def session(self, request: web.Request) -> Session | None:
        """The session of a request's cookie."""
        return await self._people.find(request.cookies.get(self.cookie_name(request, SESSION), ""))

    def address(self, request: web.Request) -> str | None:
        """The browser's address where it tells browsers apart; None for this machine and proxies that nobody trusts."""
        return self._peers.of(request)

    def origin(self, request: web.Request) -> str:
        """The browser's address on the network; of IPv6 its line."""
        return self.address(request) or request.remote or ""

    def by(self, request: web.Request, session: Session) -> By:
        """Who asks, as the trail names them."""
        return By(session.agent.id, session.agent.login, self.origin(request))

    def look(self, request: web.Request, session: Session | None = None) -> Look:
        """The language and theme of whoever asks."""
        theme = request.cookies.get(THEME, THEMES[0])
        language = session.agent.language if session else request.query.get("lang", "")
        if language not in ("zh", "en"):
            language = language_of(request.headers.get("Accept-Language", ""))
        return Look(language, theme if theme in THEMES else THEMES[0])

    def require_own_page(self, request: web.Request) -> None:
        """Refuse a form that another site's page has sent (Fetch Metadata; Origin where a browser knows only that)."""
        site = request.headers.get("Sec-Fetch-Site")
        origin = request.headers.get("Origin")
        if site is not None and site not in ("same-origin", "none"):
            raise web.HTTPForbidden
        if origin is not None and urlsplit(origin).netloc not in {request.host, self._public.netloc} - {""}:
            raise web.HTTPForbidden

    def to_log_in(self, request: web.Request) -> web.Response:
        """The way to the log-in page; a part of a page makes the whole page go there."""
        if request.headers.get("HX-Request") == "true":
            return web.Response(status=401, headers={"HX-Redirect": "/desk/login"})
        return web.Response(status=303, headers={"Location": "/desk/login"})

    def error_page(self, request: web.Request, status: int) -> web.Response:
        """A page that says what went wrong, in the look of the desk."""
        shown = status if status in (403, 404, 500, 503) else 403 if status < 500 else 500
        partial = request.headers.get("HX-Request") == "true"
        template = "error_part.html" if partial else "error.html"
        headers = {"HX-Reswap": "none"} if partial else {}
        text = self._render(template, self.look(request), status=shown)
        return web.Response(text=text, status=status, content_type="text/html", headers=headers)

    # Cookies ----------------------------------------------------------------------------------------------------

    def secure(self, request: web.Request) -> bool:
        """Whether browsers reach us by https."""
        return request.secure or self._public.scheme == "https"

    def cookie_name(self, request: web.Request, name: str) -> str:
        """The cookie's name: bound to this host alone where https allows it."""
        return f"__Host-{name}" if self.secure(request) else name

    def set_cookie(self, request: web.Request, response: web.StreamResponse, name: str, value: str) -> None:
        """Set a cookie that scripts cannot read and other sites' forms do not carry."""
        cookie: SimpleCookie = SimpleCookie()
        full = self.cookie_name(request, name)
        cookie[full] = value
        cookie[full]["path"] = "/"
        cookie[full]["httponly"] = True
        cookie[full]["samesite"] = "Lax"
        if self.secure(request):
            cookie[full]["secure"] = True
        if not value:
            cookie[full]["max-age"] = 0
        response.headers.add("Set-Cookie", cookie[full].OutputString())


def _require(session: Session, permission: Permission) -> None:
    """Raises: HTTPForbidden where the role of whoever asks does not have the permission."""
    if not session.agent.may(permission):
        raise web.HTTPForbidden


def _protect(response: web.StreamResponse) -> None:
    """Our headers, where an answer has no stricter ones of its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def same(one: str, other: str) -> bool:
    """Compare tokens without telling by the time taken how alike they are."""
    return bool(one) and hmac.compare_digest(one.encode(), other.encode())


async def _no_form(_request: web.Request) -> Mapping[str, str]:
    return {}


async def read_form(request: web.Request) -> Mapping[str, str]:
    """The text fields of a form, the first of each name.

    Raises:
        HTTPRequestEntityTooLarge: the form is larger than any of ours.
        HTTPBadRequest: it is no form of ours.
    """
    if (request.content_length or 0) > LARGEST_FORM:
        raise web.HTTPRequestEntityTooLarge(LARGEST_FORM, request.content_length or 0)
    if request.content_type != "application/x-www-form-urlencoded":
        return MultiDictProxy(MultiDict())
    fields = await request.post()
    return {name: value for name in fields if isinstance(value := fields[name], str)}
