"""The post of the official accounts: everything that we ask WeChat to carry, and what we ask it for."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from aiohttp import ClientSession

from channels.accounts import WechatAccount
from channels.door import Address, Fetched, Files, Outbound, TryAgain, Undeliverable
from channels.tokens import TokenCache
from channels.wechat.calls.api import TYPING_PATH, Api, Refused
from channels.wechat.calls.media import FORMS, fetch
from channels.wechat.calls.notices import notice_for, notify
from channels.wechat.calls.push import push
from channels.wechat.calls.verdicts import QUOTA_USED, TYPING_ALREADY, WINDOW_CLOSED
from channels.weixin.files import Uploads

SEND_WITHIN = 18.0
"""Seconds for all the calls that one message of ours may need."""
CLOSED = frozenset({str(WINDOW_CLOSED), str(QUOTA_USED)})
"""Refusals after which a notice may still go."""

log = structlog.get_logger()


class Post:
    """Carries messages to customers, and their files to us.

    Args:
        accounts: by name.
        session: carries our calls.
        tokens: keeps access tokens.
        clock: the time (aware).
        files: our storage, where files are to be sent.
    """

    def __init__(
        self,
        accounts: Mapping[str, WechatAccount],
        session: ClientSession,
        tokens: TokenCache,
        clock: Callable[[], datetime],
        files: Files | None = None,
    ) -> None:
        self._accounts = accounts
        self._api = Api(session, tokens, clock)
        self._uploads = Uploads(FORMS, files, clock)

    async def send(self, outbound: Outbound) -> str:
        """Push messages to a customer, or the notice that leads to them where no message may be sent.

        Returns:
            WeChat's id of the last message, empty where it tells none.

        Raises:
            TryAgain: not taken now.
            Undeliverable: never to be taken; ``budget`` where only a notice may be sent and there is none.
        """
        account = self._account(outbound.address.account)
        try:
            async with asyncio.timeout(SEND_WITHIN):
                return await self._deliver(account, outbound)
        except TimeoutError:
            raise TryAgain("timeout", unsure=True) from None

    async def fetch(self, account: str, media_id: str) -> Fetched:
        """Get the bytes of a customer's file.

        Raises:
            TryAgain: not handed out now.
            Undeliverable: never to be handed out: expired, too large, not kept by WeChat.
        """
        return await fetch(self._api, self._account(account), media_id)

    async def typing(self, address: Address) -> None:
        """Show a customer that somebody is typing; whether it shows changes nothing, so failures are only noted."""
        message = {"touser": address.contact, "command": "Typing"}
        try:
            account = self._account(address.account)
            await self._api.push(account, message, path=TYPING_PATH, useful=TYPING_ALREADY)
        except (Refused, TryAgain, Undeliverable) as error:
            log.debug("wechat.typing_not_shown", account=address.account, reason=str(error))

    def _account(self, name: str) -> WechatAccount:
        account = self._accounts.get(name)
        if account is None or not account.app_secret:
            raise Undeliverable("account_unknown" if account is None else "secret_missing")
        return account

    async def _deliver(self, account: WechatAccount, outbound: Outbound) -> str:
        notice = notice_for(account, outbound)
        if outbound.notice:
            if notice is None:
                raise Undeliverable("budget")
            return await notify(self._api, account, notice, outbound)
        try:
            return await push(self._api, self._uploads, account, outbound)
        except Undeliverable as error:
            if notice is None or error.reason not in CLOSED:
                raise
        return await notify(self._api, account, notice, outbound)
