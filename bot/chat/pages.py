"""The customer's chat page at ``/chat/{account}``, and ``/widget.js``, which puts it on any site."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.chat.language import LANGUAGES, NAMES, chat_words, choose
from bot.chat.view import Page
from bot.static import Static
from bot.words import TEMPLATES, fill
from channels.accounts import WebAccount
from channels.web.bodies import TEXT_LIMIT

WIDGET = TEMPLATES / "static" / "chat" / "widget.js"
A_WHILE = "public, max-age=300"
_HOST = re.compile(r"[A-Za-z0-9.\-\[\]:]+")


class ChatPages:
    """Serves the chat pages of the web accounts.

    Args:
        accounts: by name.
        view: what to show; called for every page.
        static: where the page's styles and scripts are served.
        public_url: our own address as browsers see it, or empty where only the Host header tells.
    """

    def __init__(
        self,
        *,
        accounts: Mapping[str, WebAccount],
        view: Callable[[], Awaitable[Page]],
        static: Static,
        public_url: str = "",
    ) -> None:
        self._accounts = accounts
        self._view = view
        self._public_url = public_url
        self._static = static
        self._script = WIDGET.read_text(encoding="utf-8")
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._template = environment.get_template("chat/page.html")

    def routes(self) -> Iterable[web.RouteDef]:
        """The page and the widget's script; the static files have their own."""
        return [web.get("/chat/{account}", self._show), web.get("/widget.js", self._widget)]

    async def _show(self, request: web.Request) -> web.Response:
        account = self._accounts.get(request.match_info["account"])
        if account is None:
            raise web.HTTPNotFound
        language = choose(request.query.get("lang", ""), request.headers.get("Accept-Language", ""))
        html = self._render(account, language, await self._view())
        return web.Response(text=html, content_type="text/html", headers=self._headers(request, account))

    def _render(self, account: WebAccount, language: str, page: Page) -> str:
        words = {key: fill(text, [("operator", page.operator)]) for key, text in chat_words(language).items()}
        settings = {
            "base": f"/channels/web/{account.name}",
            "language": LANGUAGES[language],
            "zone": "Asia/Shanghai",
            "limit": TEXT_LIMIT,
            "sites": list(account.allowed_origins),
            "words": words,
        }
        return self._template.render(
            static=self._static.url,
            tag=LANGUAGES[language],
            language=language,
            names=NAMES,
            words=words,
            page=page,
            settings=settings,
        )

    def _headers(self, request: web.Request, account: WebAccount) -> dict[str, str]:
        known = (request.host, urlsplit(self._public_url).netloc)
        hosts = dict.fromkeys(host for host in known if _HOST.fullmatch(host))
        sockets = " ".join(f"ws://{host} wss://{host}" for host in hosts)
        framers = " ".join(["'self'", *account.allowed_origins])
        policy = [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            f"connect-src 'self' {sockets}",  # Older WebKit does not count sockets to 'self'.
            f"frame-ancestors {framers}",
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

    async def _widget(self, _request: web.Request) -> web.Response:
        headers = {
            "Cache-Control": A_WHILE,
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(text=self._script, content_type="text/javascript", headers=headers)
