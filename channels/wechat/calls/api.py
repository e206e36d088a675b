"""Calls WeChat's API with the stable access token: a refused token is renewed once, and the call made once more."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import aiohttp
import msgspec

from channels.accounts import WechatAccount
from channels.door import TryAgain, Undeliverable
from channels.tokens import LEAST_PAUSE, TokenCache
from channels.wechat.calls.verdicts import TOO_LONG, verdict
from channels.weixin.authorised import TOKEN_REFUSED, Authorised, Body, Holder, fetched_token
from channels.weixin.wire import MOST_ANSWER, TIMEOUT, Content, call

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
        self._calls = Authorised(session, tokens, timeout=timeout)
        self._clock = clock

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
        content = await self._authorised(account, path, message)
        answer = content.answer()
        if answer is None or answer.errcode is None:
            raise TryAgain("answer_unreadable", unsure=True)
        self._judge(answer.errcode, useful)
        return str(answer.msgid)

    async def ask(
        self,
        account: WechatAccount,
        path: str,
        body: Body = None,
        *,
        useful: frozenset[int] = frozenset(),
        most: int = MOST_ANSWER,
        **query: str,
    ) -> Content:
        """Ask for something of which no customer sees anything, so that no failure leaves a doubt.

        Args:
            account: asks.
            path: where.
            body: what to post.
            useful: codes to be told as ``Refused``.
            most: bytes of the answer.
            query: more parameters.

        Raises:
            Refused: with one of the useful codes.
            TryAgain: not now.
            Undeliverable: never.
        """
        try:
            content = await self._authorised(account, path, body, most=most, **query)
        except TryAgain as error:
            raise TryAgain(error.reason, after=error.after, trouble=error.trouble, all_wait=error.all_wait) from None
        answer = content.answer()
        if answer is not None and answer.errcode:
            self._judge(answer.errcode, useful)
        return content

    async def _authorised(
        self, account: WechatAccount, path: str, body: Body, *, most: int = MOST_ANSWER, **query: str
    ) -> Content:
        async def refresh() -> tuple[str, timedelta]:
            return await self._fetch_token(account)

        holder = Holder(account.app_id, account.api_base, refresh)
        return await self._calls.call(holder, path, body, most=most, **query)

    async def _fetch_token(self, account: WechatAccount) -> tuple[str, timedelta]:
        if not account.app_secret:
            raise Undeliverable("secret_missing")
        asked = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.app_secret}
        url, body = account.api_base + TOKEN_PATH, msgspec.json.encode(asked)
        answered = call(self.session, url, query={}, body=body, within=self._calls.timeout)
        return await fetched_token(answered, lambda code: verdict(code, self._clock()))

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
