"""The customer's chat page at ``/chat/{account}``: by itself, or in the widget's frame with ``?embedded=1``."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from urllib.parse import urlsplit

from aiohttp import web

from bot.chat.hours import week_lines
from bot.chat.language import LANGUAGES, NAMES, chat_words, choose
from bot.chat.view import Page
from bot.static import Static
from bot.templating import templates
from bot.traditional import as_read
from bot.words import fill
from channels.accounts import WebAccount
from channels.web.bodies import TEXT_LIMIT
from channels.web.origins import origin_of

_HOST = re.compile(r"[A-Za-z0-9.\-\[\]:]+")


class ChatPages:
    """Serves the chat pages of the web accounts.

    Args:
        accounts: by name.
        view: what to show in a language; called for every page.
        static: where the page's styles and scripts are served.
        file_limit: bytes that a customer's file may have; 0 where none are taken.
        public_url: our own address as browsers see it, or empty where only the Host header tells.
    """

    def __init__(
        self,
        *,
        accounts: Mapping[str, WebAccount],
        view: Callable[[str], Awaitable[Page]],
        static: Static,
        file_limit: int = 0,
        public_url: str = "",
    ) -> None:
        self._accounts = accounts
        self._view = view
        self._public_url = public_url
        self._static = static
        self._file_limit = file_limit
        self._template = templates().get_template("chat/page.html")

    def routes(self) -> Iterable[web.RouteDef]:
        """The page; its static files have routes of their own."""
        return [web.get("/chat/{account}", self._show)]

    async def _show(self, request: web.Request) -> web.Response:
        account = self._accounts.get(request.match_info["account"])
        if account is None:
            raise web.HTTPNotFound
        language = choose(request.query.get("lang", ""), request.headers.get("Accept-Language", ""))
        embedded = request.query.get("embedded") == "1"
        html = self._render(
            account, language, await self._view(language), host=self._host(request, account), embedded=embedded
        )
        headers = self._headers(request, account.allowed_origins if embedded else None)
        return web.Response(text=html, content_type="text/html", headers=headers)

    def _render(self, account: WebAccount, language: str, page: Page, *, host: str, embedded: bool) -> str:
        operator = as_read(page.operator, language)
        words = {key: fill(text, [("operator", operator)]) for key, text in chat_words(language).items()}
        settings = {
            "base": f"/channels/web/{account.name}",
            "language": LANGUAGES[language],
            "zone": page.calendar.zone.key,
            "limit": TEXT_LIMIT,
            "file_limit": self._file_limit,
            "host": host,
            "privacy": account.privacy_url,
            "home": page.home.document(),
            "words": words,
        }
        return self._template.render(
            static=self._static.url,
            modules=self._static.below("chat", ".js"),
            tag=LANGUAGES[language],
            language=language,
            names=NAMES,
            words=words,
            page=page,
            operator=operator,
            hours=week_lines(page.calendar, words),
            embedded=embedded,
            around=f"&embedded=1&origin={host}" if host else "",
            settings=settings,
        )

    def _headers(self, request: web.Request, framers: Iterable[str] | None) -> dict[str, str]:
        """The page's policy; ``framers`` are the sites that may put it into a frame, None for nobody at all."""
        known = (request.host, urlsplit(self._public_url).netloc)
        hosts = dict.fromkeys(host for host in known if _HOST.fullmatch(host))
        sockets = " ".join(f"ws://{host} wss://{host}" for host in hosts)
        around = "'none'" if framers is None else " ".join(["'self'", *framers])
        policy = [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            f"connect-src 'self' {sockets}",  # Older WebKit does not count sockets to 'self'.
            f"frame-ancestors {around}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        ]
        return {
            "Content-Security-Policy": "; ".join(policy),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
            "Vary": "Accept-Language",
        }

    def _host(self, request: web.Request, account: WebAccount) -> str:
        """The site around the frame, if the address names one that may frame us: the page talks to no other."""
        named = request.query.get("origin", "")
        ours = (f"http://{request.host}", f"https://{request.host}", origin_of(self._public_url))
        return named if named in (*account.allowed_origins, *ours) else ""
