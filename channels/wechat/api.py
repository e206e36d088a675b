"""Calls WeChat's API: the stable access token, and the sending of one customer-service message."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import aiohttp
import msgspec

from channels.accounts import WechatAccount
from channels.door import TryAgain, Undeliverable
from channels.tokens import LEAST_PAUSE, TokenCache
from channels.wechat.verdicts import TOKEN_REFUSED, TOO_LONG, http_verdict, verdict

TOKEN_PATH = "/cgi-bin/stable_token"  # noqa: S105 (a path)
SEND_PATH = "/cgi-bin/message/custom/send"
TIMEOUT = aiohttp.ClientTimeout(total=8, connect=3, sock_connect=3)


class TooLong(Exception):
    """WeChat found the text of a message too long (45002)."""


class Answer(msgspec.Struct, frozen=True):
    """The parts that we read of what the API answers."""

    errcode: int | None = None
    access_token: str = ""
    expires_in: float = 0
    """Seconds."""
    msgid: int | str = ""


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
        self._session = session
        self._tokens = tokens
        self._clock = clock
        self._timeout = timeout

    async def push(self, account: WechatAccount, message: Mapping[str, object]) -> str:
        """Send one customer-service message; a refused token is renewed once.

        Returns:
            WeChat's id of the message, empty where it tells none.

        Raises:
            TooLong: to be split.
            TryAgain: not taken now.
            Undeliverable: never to be taken.
        """
        token = await self._token(account)
        answer = await self._send(account, token, message)
        if answer.errcode in TOKEN_REFUSED:
            renewed = await self._token(account, stale=token)
            if renewed != token:
                answer = await self._send(account, renewed, message)
        match answer.errcode:
            case 0:
                return str(answer.msgid)
            case None:
                raise TryAgain("answer_unreadable", unsure=True)
            case code if code == TOO_LONG:
                raise TooLong
            case code if code in TOKEN_REFUSED:
                raise TryAgain(str(code), after=LEAST_PAUSE)
            case code:
                raise verdict(code, self._clock())

    async def _token(self, account: WechatAccount, stale: str | None = None) -> str:
        async def refresh() -> tuple[str, timedelta]:
            return await self._fetch_token(account)

        return await self._tokens.get(account.app_id, refresh, stale)

    async def _fetch_token(self, account: WechatAccount) -> tuple[str, timedelta]:
        """Fetch a token; nothing has been sent yet, so no failure leaves a doubt."""
        asked = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.app_secret}
        try:
            answer = await self._call(account.api_base + TOKEN_PATH, asked)
        except TryAgain as failure:
            raise TryAgain(f"token_{failure.reason}", after=failure.after) from None
        if answer.errcode:
            raise verdict(answer.errcode, self._clock())
        if not answer.access_token:
            raise TryAgain("token_missing")
        return answer.access_token, timedelta(seconds=max(answer.expires_in, 0))

    async def _send(self, account: WechatAccount, token: str, message: Mapping[str, object]) -> Answer:
        return await self._call(account.api_base + SEND_PATH, message, access_token=token)

    async def _call(self, url: str, body: Mapping[str, object], **query: str) -> Answer:
        """Post JSON. The causes of failures are cut off, because their texts hold the URL and with it the token."""
        try:
            async with self._session.post(
                url, params=query, data=msgspec.json.encode(body), timeout=self._timeout, allow_redirects=False
            ) as response:
                status, content = response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise TryAgain("unreachable") from None
        except (aiohttp.InvalidURL, ValueError):
            raise Undeliverable("api_base_unusable") from None
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise TryAgain("broken_off", unsure=True) from None
        if status != 200:
            raise http_verdict(status)
        try:
            return msgspec.json.decode(content, type=Answer, strict=False)
        except msgspec.MsgspecError:
            raise TryAgain("answer_unreadable", unsure=True) from None
