"""The app's protocol for those who write clients: a page at ``/api/docs`` and the documents behind it."""

from collections.abc import Callable, Iterable

from aiohttp import web

from bot.api.documents import ASYNCAPI, OPENAPI, text_of
from bot.api.outline import outline
from bot.chat.language import choose
from bot.static import Static
from bot.templating import templates
from bot.words import words

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
TAGS = {"zh": "zh-CN", "en": "en"}


class ApiPages:
    """Serves the page and the documents; they are the same for everyone and need no session.

    Args:
        static: where the style and the mark are served.
        operator: the operator's name as customers know it.
    """

    def __init__(self, static: Static, operator: Callable[[], str]) -> None:
        self._static = static
        self._operator = operator
        self._template = templates().get_template("api/docs.html")

    def routes(self) -> Iterable[web.RouteDef]:
        """The page and the two documents."""
        return [
            web.get("/api/docs", self._show),
            web.get(f"/api/{OPENAPI}", self._openapi),
            web.get(f"/api/{ASYNCAPI}", self._asyncapi),
        ]

    async def _show(self, request: web.Request) -> web.Response:
        wished = choose(request.query.get("lang", ""), request.headers.get("Accept-Language", ""))
        language = "en" if wished == "en" else "zh"
        html = self._template.render(
            tag=TAGS[language],
            language=language,
            words=words(language),
            operator=self._operator(),
            outline=outline(language),
            style=self._static.url("api/docs.css"),
            mark=self._static.url("chat/mark.svg"),
        )
        headers = {**HEADERS, "Vary": "Accept-Language"}
        return web.Response(text=html, content_type="text/html", headers=headers)

    async def _openapi(self, _request: web.Request) -> web.Response:
        return _served(OPENAPI)

    async def _asyncapi(self, _request: web.Request) -> web.Response:
        return _served(ASYNCAPI)


def _served(name: str) -> web.Response:
    headers = {**HEADERS, "Access-Control-Allow-Origin": "*"}
    return web.Response(text=text_of(name), content_type="application/json", headers=headers)
