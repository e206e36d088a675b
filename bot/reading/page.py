"""The reading page at ``/read/{token}``: an agent's answer for a customer to whom no message may be sent any more.

It shows that answer and what followed it in the same conversation, nothing else of the customer, and only for a while.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo

import structlog
from aiohttp import web

from bot.chat.language import LANGUAGES, NAMES, choose, words_of
from bot.db import UNREACHABLE, Row
from bot.files.attached import attached
from bot.files.store import Store
from bot.reading.token import place_of
from bot.sql import load
from bot.static import Static
from bot.surveys.page import HEADERS as BARE
from bot.templating import templates
from bot.words import fill, moment
from channels import serving
from channels.door import Attachment
from router.calendar import SHANGHAI

SQL = load(__file__, "reading.sql")
VALID = timedelta(days=7)
"""How long after the answer its page opens."""
STATUS = {"unknown": 404, "expired": 410, "busy": 503}
"""HTTP statuses of states that are no success."""
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
HEADERS = BARE | {"Content-Security-Policy": POLICY}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Answer:
    """One message, as its page shows it."""

    author: str
    text: str
    at: str
    """The moment in words."""
    file: Attachment | None


class ReadingPages:
    """Serves the pages of answers. Opening one changes nothing: previews of links open them too.

    Args:
        store: has the files of answers, and the connections to PostgreSQL.
        secret_key: the house's own.
        static: where styles and scripts are served.
        operator: the operator's name as customers know it; asked for each page.
        zone: the operator's, in which times are told.
    """

    def __init__(
        self,
        *,
        store: Store,
        secret_key: str,
        static: Static,
        operator: Callable[[], str],
        zone: tzinfo = SHANGHAI,
    ) -> None:
        self._zone = zone
        self._store = store
        self._key = secret_key.encode()
        self._static = static
        self._operator = operator
        self._template = templates().get_template("reading/page.html")

    def routes(self) -> Iterable[web.RouteDef]:
        """The page, and the files that its answers carry."""
        return [web.get("/read/{token}", self._show), web.get("/read/{token}/files/{id}", self._file)]

    async def _show(self, request: web.Request) -> web.Response:
        try:
            rows = await self._find(request)
        except UNREACHABLE as error:
            log.warning("reading.database_away", error=type(error).__name__)
            return self._page(request, "busy", ())
        if not rows:
            return self._page(request, "unknown", ())
        return self._page(request, "expired", ()) if rows[0]["expired"] else self._page(request, "answer", rows)

    async def _file(self, request: web.Request) -> web.Response:
        """A file of an answer, as long as its page opens."""
        try:
            rows = await self._find(request)
            known = [row for row in rows if row["file_id"] == request.match_info["id"] and not row["expired"]]
            kept = await self._store.find(known[0]["file_id"]) if known else None
            if kept is None:
                return web.Response(status=404, headers=HEADERS)
            return await serving.serve(request, self._store.opened(kept))
        except (OSError, *UNREACHABLE) as error:
            log.warning("reading.file_away", error=type(error).__name__)
            return web.Response(status=503, headers=HEADERS)

    async def _find(self, request: web.Request) -> Sequence[Row]:
        place = place_of(self._key, request.match_info["token"])
        if place is None or max(place.contact_id, place.seq) >= 2**63:
            return ()
        return await self._store.pool.fetch(SQL["answers"], place.contact_id, place.seq, VALID.total_seconds())

    def _page(self, request: web.Request, state: str, rows: Sequence[Row]) -> web.Response:
        language = choose(request.query.get("lang", ""), request.headers.get("Accept-Language", ""))
        operator = self._operator()
        words: Mapping[str, str] = words_of(language, "reading")
        html = self._template.render(
            tag=LANGUAGES[language],
            language=language,
            names=NAMES,
            state=state,
            words={key: fill(text, [("operator", operator)]) for key, text in words.items()},
            operator=operator,
            answers=[_answer(row, language, self._zone) for row in rows],
            files=f"/read/{request.match_info['token']}/files" if rows else "",
            styles=[self._static.url("survey/page.css"), self._static.url("reading/page.css")],
            script=self._static.url("reading/back.js"),
            mark=self._static.url("chat/mark.svg"),
        )
        headers = HEADERS | ({"Retry-After": "5"} if state == "busy" else {})
        return web.Response(status=STATUS.get(state, 200), text=html, content_type="text/html", headers=headers)


def _answer(row: Row, language: str, zone: tzinfo) -> Answer:
    return Answer(row["author"] or "", row["text"], moment(row["sent_at"], language, zone), attached(row))
