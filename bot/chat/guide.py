"""What the chat page asks before a conversation: its home, questions as they are typed, and one answer.

    GET /channels/web/{account}/home?language=en       announcements, open or closed, the expected wait
    GET /channels/web/{account}/search?q=…&language=   up to six published questions
    GET /channels/web/{account}/questions/{entry}?language=   one of them with its answer
    POST /channels/web/{account}/agreement             with Authorization: Bearer; 204

The first three need no session and store nothing; the last puts on record that somebody agreed to the account's
privacy notice.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping

from aiohttp import web

from bot.chat.home import Homes
from bot.chat.language import DEFAULT
from bot.chat.search import Search
from bot.traditional import as_read
from channels.accounts import WebAccount
from channels.door import Busy, Malformed
from channels.web import answers
from channels.web.languages import known_language
from channels.web.origins import require_origin
from router.world import Article

A_MINUTE = "private, max-age=60"
BASE = "/channels/web/{account}"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Guide:
    """Serves all web accounts.

    Args:
        accounts: by name.
        homes: how the house stands.
        search: finds published questions.
        knowledge: the published entries by id, as they are now.
        agree: puts on record what the holder of a token agreed to; False for a token that nobody knows.
        public_url: our own address as browsers see it, or empty where only the Host header tells.
    """

    def __init__(
        self,
        *,
        accounts: Mapping[str, WebAccount],
        homes: Homes,
        search: Search,
        knowledge: Callable[[], Mapping[str, Article]],
        agree: Callable[[str, str], Awaitable[bool]],
        public_url: str = "",
    ) -> None:
        self._accounts = accounts
        self._homes = homes
        self._search = search
        self._knowledge = knowledge
        self._agree = agree
        self._public_url = public_url

    def routes(self) -> Iterable[web.RouteDef]:
        """The four routes."""
        return [
            web.get(f"{BASE}/home", self._guarded(self._show_home), allow_head=False),
            web.get(f"{BASE}/search", self._guarded(self._find), allow_head=False),
            web.get(f"{BASE}/questions/{{entry}}", self._guarded(self._answer), allow_head=False),
            web.post(f"{BASE}/agreement", self._guarded(self._take_agreement)),
        ]

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                account = self._accounts.get(request.match_info["account"])
                if account is None:
                    raise Malformed("account_unknown", status=404)
                require_origin(request, account, self._public_url)
                return await handler(request)
            except Malformed as refused:
                return answers.refusal(refused)
            except Busy as cause:
                return answers.busy(cause)

        return guarded

    async def _show_home(self, request: web.Request) -> web.StreamResponse:
        language = _language(request)
        return answers.answer((await self._homes.show(language)).document())

    async def _find(self, request: web.Request) -> web.StreamResponse:
        found = await self._search.find(request.query.get("q", ""))
        language = _language(request)
        shown = [{"id": one.id, "question": as_read(one.question, language)} for one in found]
        return _kept(answers.answer({"questions": shown}))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        article = self._knowledge().get(request.match_info["entry"])
        if article is None:
            raise Malformed("question_unknown", status=404)
        language = _language(request)
        question, answer = as_read(article.question, language), as_read(article.answer, language)
        return _kept(answers.answer({"id": article.id, "question": question, "answer": answer}))

    async def _take_agreement(self, request: web.Request) -> web.StreamResponse:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        notice = self._accounts[request.match_info["account"]].privacy_url
        if scheme.lower() != "bearer" or not await self._agree(token.strip(), notice):
            raise Malformed("token_unknown", status=401)
        return web.Response(status=204, headers=answers.HEADERS)


def _language(request: web.Request) -> str:
    return known_language(request.query.get("language", "")) or DEFAULT


def _kept(response: web.Response) -> web.Response:
    """Let the browser keep what is the same for everybody, so that typing back costs nothing."""
    response.headers["Cache-Control"] = A_MINUTE
    return response
