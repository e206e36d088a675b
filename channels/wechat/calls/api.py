"""Calls WeChat's API with the stable access token: a refused token is renewed once, and the call made once more."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import aiohttp
import msgspec

from channels.accounts import WechatAccount
from channels.door import TryAgain, Undeliverable
from channels.tokens import LEAST_PAUSE, TokenCache
from channels.wechat.calls.verdicts import TOKEN_REFUSED, TOO_LONG, verdict
from channels.wechat.calls.wire import MOST_ANSWER, TIMEOUT, Content, call

TOKEN_PATH = "/cgi-bin/stable_token"  # noqa: S105 (a path)
SEND_PATH = "/cgi-bin/message/custom/send"
TYPING_PATH = "/cgi-bin/message/custom/typing"
TEMPLATE_PATH = "/cgi-bin/message/template/send"
SUBSCRIPTION_PATH = "/cgi-bin/message/subscribe/bizsend"
UPLOAD_PATH = "/cgi-bin/media/upload"
MEDIA_PATH = "/cgi-bin/media/get"
MENU_PATH = "/cgi-bin/menu/create"
MENU_SHOW_PATH = "/cgi-bin/get_current_selfmenu_info"
QR_PATH = "/cgi-bin/qrcode/create"


class TooLong(Exception):
    """WeChat found the text of a message too long (45002)."""


class Refused(Exception):
    """WeChat refused a call with a code that the caller has a use for.

    Args:
        code: WeChat's.
    """

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class Api:
    """WeChat's API as far as we need it.

    Args:
        session: carries the calls.
        tokens: keeps access tokens.
        clock: the time (aware).
        timeout: of each call.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        tokens: TokenCache,
        clock: Callable[[], datetime],
        *,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self.session = session
        self._tokens = tokens
        self._clock = clock
        self._timeout = timeout

    async def push(
        self,
        account: WechatAccount,
        message: Mapping[str, object],
        *,
        path: str = SEND_PATH,
        useful: frozenset[int] = frozenset(),
    ) -> str:
        """Send something to a customer.

        Args:
            account: sends it.
            message: as the path takes it.
            path: of customer-service messages, templates, or subscriptions.
            useful: codes to be told as ``Refused``.

        Returns:
            WeChat's id of the message, empty where it tells none.

        Raises:
            TooLong: to be split.
            Refused: with one of the useful codes.
            TryAgain: not taken now; unsure where it may have been taken.
            Undeliverable: never to be taken.
        """
        content = await self._authorised(account, path, msgspec.json.encode(message))
        answer = content.answer()
        if answer is None or answer.errcode is None:
            raise TryAgain("answer_unreadable", unsure=True)
        self._judge(answer.errcode, useful)
        return str(answer.msgid)

    async def ask(
        self,
        account: WechatAccount,
        path: str,
        body: Mapping[str, object] | Callable[[], aiohttp.FormData] | None = None,
        *,
        useful: frozenset[int] = frozenset(),
        most: int = MOST_ANSWER,
        **query: str,
    ) -> Content:
        """Ask for something of which no customer sees anything, so that no failure leaves a doubt.

        Args:
            account: asks.
            path: where.
            body: JSON to post, or makes the form to post; None for a get.
            useful: codes to be told as ``Refused``.
            most: bytes of the answer.
            query: more parameters.

        Raises:
            Refused: with one of the useful codes.
            TryAgain: not now.
            Undeliverable: never.
        """
        sent = msgspec.json.encode(body) if isinstance(body, Mapping) else body
        try:
            content = await self._authorised(account, path, sent, most=most, **query)
        except TryAgain as error:
            raise TryAgain(error.reason, after=error.after, trouble=error.trouble, all_wait=error.all_wait) from None
        answer = content.answer()
        if answer is not None and answer.errcode:
            self._judge(answer.errcode, useful)
        return content

    async def token(self, account: WechatAccount, stale: str | None = None) -> str:
        """The access token. Raises: TryAgain, Undeliverable."""

        async def refresh() -> tuple[str, timedelta]:
            return await self._fetch_token(account)

        return await self._tokens.get(account.app_id, refresh, stale)

    async def _authorised(
        self,
        account: WechatAccount,
        path: str,
        body: bytes | Callable[[], aiohttp.FormData] | None,
        *,
        most: int = MOST_ANSWER,
        **query: str,
    ) -> Content:
        """Call with a token; where it is refused, once more with a newer one."""

        async def once(token: str) -> Content:
            sent = body() if callable(body) else body
            asked = {"access_token": token, **query}
            url = account.api_base + path
            return await call(self.session, url, query=asked, body=sent, within=self._timeout, most=most)

        return await self._with_token(account, once)

    async def _with_token(self, account: WechatAccount, once: Callable[[str], Awaitable[Content]]) -> Content:
        token = await self.token(account)
        content = await once(token)
        if not _token_refused(content):
            return content
        renewed = await self.token(account, stale=token)
        return content if renewed == token else await once(renewed)

    async def _fetch_token(self, account: WechatAccount) -> tuple[str, timedelta]:
        """Fetch a token; nothing has been sent yet, so no failure leaves a doubt."""
        if not account.app_secret:
            raise Undeliverable("secret_missing")
        asked = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.app_secret}
        try:
            content = await call(
                self.session,
                account.api_base + TOKEN_PATH,
                query={},
                body=msgspec.json.encode(asked),
                within=self._timeout,
            )
        except TryAgain as failure:
            raise TryAgain(f"token_{failure.reason}", after=failure.after) from None
        answer = content.answer()
        if answer is None:
            raise TryAgain("token_answer_unreadable")
        if answer.errcode:
            raise verdict(answer.errcode, self._clock())
        if not answer.access_token:
            raise TryAgain("token_missing")
        return answer.access_token, answer.lifetime

    def _judge(self, code: int, useful: frozenset[int]) -> None:
        """Raise what a code means, unless it means success."""
        if code in useful:
            raise Refused(code)
        if code == TOO_LONG:
            raise TooLong
        if code in TOKEN_REFUSED:
            raise TryAgain(str(code), after=LEAST_PAUSE)
        if code:
            raise verdict(code, self._clock())


def _token_refused(content: Content) -> bool:
    if len(content.body) > MOST_ANSWER or not content.body.startswith(b"{"):
        return False
    answer = content.answer()
    return answer is not None and answer.errcode in TOKEN_REFUSED
