"""The one-tap page of a survey at ``/survey/{token}``: it works without scripts, and only a tap votes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial

import structlog
from aiohttp import web

from bot.chat.language import LANGUAGES, NAMES, choose, words_of
from bot.db import UNREACHABLE, Pool, Row
from bot.sql import load
from bot.static import Static
from bot.surveys.form import COMMENT_LIMIT, Sheet, read_sheet
from bot.surveys.token import hash_of, is_token
from bot.templating import templates
from bot.traditional import as_read
from bot.words import fill
from channels.door import Address, Busy, Inbound, Malformed, Receipt, Receive
from router.events import Filled
from router.forms.form import Wording
from router.questionnaire.questionnaire import NPS, Questionnaires

SQL = load(__file__, "surveys.sql")
VALID = timedelta(days=7)
"""How long after the question its page takes a score."""
STATUS = {"unknown": 404, "expired": 410, "busy": 503}
"""HTTP statuses of states that are no success."""
POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Vary": "Accept-Language",
}

log = structlog.get_logger()


class SurveyPages:
    """Serves the pages of surveys. Opening one changes nothing: previews of links open them too.

    Args:
        pool: connections to PostgreSQL.
        receive: takes the score.
        static: where the style and the mark are served.
        operator: the operator's name as customers know it; asked for each page.
        questionnaires: what surveys ask; asked for each page.
    """

    def __init__(
        self,
        *,
        pool: Pool,
        receive: Receive,
        static: Static,
        operator: Callable[[], str],
        questionnaires: Callable[[], Questionnaires],
    ) -> None:
        self._pool = pool
        self._receive = receive
        self._static = static
        self._operator = operator
        self._questionnaires = questionnaires
        self._template = templates().get_template("survey/page.html")

    def routes(self) -> Iterable[web.RouteDef]:
        """The page, and where its form goes."""
        return [web.get("/survey/{token}", self._show), web.post("/survey/{token}", self._take)]

    async def _show(self, request: web.Request) -> web.Response:
        try:
            return self._standing(request, await self._find(request))
        except UNREACHABLE as error:
            log.warning("survey.database_away", error=type(error).__name__)
            return self._page(request, "busy")

    async def _take(self, request: web.Request) -> web.Response:
        try:
            sent = await read_sheet(request)
            row = await self._find(request)
            return await self._vote(request, row, sent)
        except Malformed as error:
            log.info("survey.malformed", reason=error.reason)
            return web.Response(status=error.status, text=error.reason, headers=HEADERS)
        except (Busy, *UNREACHABLE) as error:
            log.warning("survey.not_saved", error=type(error).__name__)
            return self._page(request, "busy")

    async def _vote(self, request: web.Request, row: Row | None, sent: Sheet) -> web.Response:
        """Take a score, or what is asked after one."""
        if row is None or row["expired"]:
            return self._standing(request, row)
        if row["scored"] is not None:
            return await self._hear(request, row, sent)
        if sent.stars is None:
            return self._ask(request, row, missing=True)
        receipt = await self._fill(row, "page", sent)
        return self._page(request, "already") if receipt.repeated else self._thank(request, row, sent.stars, sent)

    async def _hear(self, request: web.Request, row: Row, sent: Sheet) -> web.Response:
        """Take what is asked after a score, once."""
        if sent.stars is not None or row["comment"] is not None:
            return self._page(request, "already")
        if not sent.comment and not sent.answers:
            return self._thank(request, row, row["stars"], sent, missing=True)
        receipt = await self._fill(row, "comment", sent)
        return self._page(request, "already" if receipt.repeated else "heard")

    async def _fill(self, row: Row, part: str, sent: Sheet) -> Receipt:
        address = Address(row["channel"], row["account"], row["address"])
        event = Filled(row["id"], sent.stars, sent.comment, sent.answers)
        return await self._receive(Inbound(address, f"survey:{row['id']}:{part}", event))

    async def _find(self, request: web.Request) -> Row | None:
        token = request.match_info["token"]
        if not is_token(token):
            return None
        return await self._pool.fetchrow(SQL["by_token"], hash_of(token), VALID.total_seconds())

    # What is shown -----------------------------------------------------------------------------------------------

    def _standing(self, request: web.Request, row: Row | None) -> web.Response:
        if row is None:
            return self._page(request, "unknown")
        if row["scored"] is not None:
            return self._page(request, "already")
        return self._page(request, "expired") if row["expired"] else self._ask(request, row, missing=False)

    def _ask(self, request: web.Request, row: Row, *, missing: bool) -> web.Response:
        language, words = _words_for(request)
        asked = self._questionnaires().of(row["questionnaire"]).stars
        title = fill(_read(asked, language), [("agent", row["agent"])]) if asked else words["survey.page.title"]
        return self._render(language, words, 400 if missing else 200, state="ask", title=title, missing=missing)

    def _thank(self, request: web.Request, row: Row, stars: int, sent: Sheet, *, missing: bool = False) -> web.Response:
        """Thanks for a score, and what is asked after it."""
        language, words = _words_for(request)
        text = fill(words["survey.page.chosen"], [("score", words[f"survey.page.score.{stars}"])])
        asked = self._questionnaires().of(row["questionnaire"])
        shown = {
            "title": words["survey.page.thanks"],
            "text": text,
            "stars": stars,
            "more": asked.asks_more(stars) and not sent.comment and not sent.answers,
            "missing": missing,
            "asked": asked,
            "scale": NPS,
            "read": partial(_read, language=language),
        }
        return self._render(language, words, 400 if missing else 200, state="thanks", **shown)

    def _page(self, request: web.Request, state: str) -> web.Response:
        language, words = _words_for(request)
        title, text = words[f"survey.page.{state}"], words[f"survey.page.{state}.text"]
        return self._render(language, words, STATUS.get(state, 200), state=state, title=title, text=text)

    def _render(self, language: str, words: Mapping[str, str], status: int, **shown: object) -> web.Response:
        html = self._template.render(
            tag=LANGUAGES[language],
            language=language,
            names=NAMES,
            words=words,
            operator=self._operator(),
            style=self._static.url("survey/page.css"),
            mark=self._static.url("chat/mark.svg"),
            limit=COMMENT_LIMIT,
            **shown,
        )
        headers = HEADERS | ({"Retry-After": "5"} if status == STATUS["busy"] else {})
        return web.Response(status=status, text=html, content_type="text/html", headers=headers)


def page_words(language: str) -> Mapping[str, str]:
    """The words of the page in one of the languages of customers' pages."""
    return words_of(language, "survey")


def _read(wording: Wording, language: str) -> str:
    """A text of the questionnaire as readers of a language read it."""
    return as_read(wording.read(language), language)


def _words_for(request: web.Request) -> tuple[str, Mapping[str, str]]:
    language = choose(request.query.get("lang", ""), request.headers.get("Accept-Language", ""))
    return language, page_words(language)
