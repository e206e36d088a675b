"""Calls with an access token, as all of WeChat's APIs want them: a refused token is renewed once, the call repeated."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import aiohttp
import msgspec
from msgspec import Struct

from channels.door import TryAgain
from channels.tokens import Refresh, TokenCache
from channels.weixin.wire import MOST_ANSWER, TIMEOUT, Content, call

TOKEN_REFUSED = frozenset({40001, 40014, 42001})
"""Codes that say that the access token is none, or none any more."""

Body = Mapping[str, object] | Callable[[], aiohttp.FormData] | None
"""JSON to post, or what makes the form to post; None for a get."""


class Holder(Struct, frozen=True):
    """Whose access token a call goes out with."""

    key: str
    """Under which the token is kept."""
    api_base: str
    """Without a slash at the end."""
    refresh: Refresh


class Authorised:
    """Makes calls in the names of our accounts.

    Args:
        session: carries the calls.
        tokens: keeps access tokens.
        timeout: of each call.
    """

    def __init__(
        self, session: aiohttp.ClientSession, tokens: TokenCache, *, timeout: aiohttp.ClientTimeout = TIMEOUT
    ) -> None:
        self.session = session
        self._tokens = tokens
        self.timeout = timeout

    async def call(
        self, holder: Holder, path: str, body: Body = None, *, most: int = MOST_ANSWER, **query: str
    ) -> Content:
        """Call with a token; where it is refused, once more with a newer one.

        Args:
            holder: calls.
            path: below the address of the API.
            body: what to post.
            most: bytes of the answer.
            query: more parameters.

        Raises:
            TryAgain: no answer came, or none of the service; unsure where the call may have arrived.
            Undeliverable: the address is none, or the answer is too large.
        """
        sent = msgspec.json.encode(body) if isinstance(body, Mapping) else body

        async def once(token: str) -> Content:
            data = sent() if callable(sent) else sent
            asked = {"access_token": token, **query}
            url = holder.api_base + path
            return await call(self.session, url, query=asked, body=data, within=self.timeout, most=most)

        return await self._with_token(holder, once)

    async def token(self, holder: Holder, stale: str | None = None) -> str:
        """The access token. Raises: TryAgain, Undeliverable."""
        return await self._tokens.get(holder.key, holder.refresh, stale)

    async def _with_token(self, holder: Holder, once: Callable[[str], Awaitable[Content]]) -> Content:
        token = await self.token(holder)
        content = await once(token)
        if not _token_refused(content):
            return content
        renewed = await self.token(holder, stale=token)
        return content if renewed == token else await once(renewed)


async def fetched_token(asked: Awaitable[Content], judge: Callable[[int], Exception]) -> tuple[str, timedelta]:
    """Read a token and its life from what a call for one answers; nothing was sent, so no failure leaves a doubt.

    Args:
        asked: the call.
        judge: what an error code means.

    Raises:
        TryAgain: not now.
        Undeliverable: never, until somebody mends the account.
    """
    try:
        answer = (await asked).answer()
    except TryAgain as failure:
        raise TryAgain(f"token_{failure.reason}", after=failure.after) from None
    if answer is None:
        raise TryAgain("token_answer_unreadable")
    if answer.errcode:
        raise judge(answer.errcode)
    if not answer.access_token:
        raise TryAgain("token_missing")
    return answer.access_token, answer.lifetime


def _token_refused(content: Content) -> bool:
    if len(content.body) > MOST_ANSWER or not content.body.startswith(b"{"):
        return False
    answer = content.answer()
    return answer is not None and answer.errcode in TOKEN_REFUSED
