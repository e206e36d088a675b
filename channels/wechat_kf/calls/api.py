"""Calls WeCom's API as far as customer service needs it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import aiohttp
from msgspec import Struct

from channels.accounts import WechatKfAccount
from channels.door import Fetched, TryAgain, Undeliverable
from channels.storable import storable
from channels.tokens import TokenCache
from channels.wechat_kf.calls.verdicts import token_verdict, verdict
from channels.wechat_kf.party import CHANNEL, Party
from channels.wechat_kf.payloads import Page, read
from channels.weixin.authorised import Authorised, Body, Holder, fetched_token
from channels.weixin.files import MEGABYTE
from channels.weixin.wire import MOST_ANSWER, TIMEOUT, Content, call

TOKEN_PATH = "/cgi-bin/gettoken"  # noqa: S105 (a path)
SYNC_PATH = "/cgi-bin/kf/sync_msg"
SEND_PATH = "/cgi-bin/kf/send_msg"
ANSWER_PATH = "/cgi-bin/kf/send_msg_on_event"
STATE_PATH = "/cgi-bin/kf/service_state/get"
TRANSFER_PATH = "/cgi-bin/kf/service_state/trans"
NAMES_PATH = "/cgi-bin/kf/customer/batchget"
LISTS_PATH = "/cgi-bin/kf/account/list"
UPLOAD_PATH = "/cgi-bin/media/upload"
MEDIA_PATH = "/cgi-bin/media/get"

AT_ONCE = 200
"""Entries of one page."""
MOST_LISTS = 100
MOST_PAGE = 8 * MEGABYTE
"""Bytes of a page."""
LARGEST = 20 * MEGABYTE
"""Bytes of a file that we take in."""


class Reply(Struct, frozen=True):
    """The parts that we read of what a call answers."""

    errcode: int | None = None
    errmsg: str = ""
    msg_code: str = ""
    service_state: int = 0
    account_list: tuple[Mapping[str, object], ...] = ()
    customer_list: tuple[Mapping[str, object], ...] = ()


class Refused(Exception):
    """WeCom refused a call.

    Args:
        code: WeCom's.
        says: its words about it.
    """

    def __init__(self, code: int, says: str = "") -> None:
        super().__init__(str(code))
        self.code = code
        self.says = says


class Api:
    """WeCom's API. Every call raises TryAgain or Undeliverable where no answer of the service came.

    Args:
        session: carries the calls.
        tokens: keeps access tokens.
        timeout: of each call.
    """

    def __init__(
        self, session: aiohttp.ClientSession, tokens: TokenCache, *, timeout: aiohttp.ClientTimeout = TIMEOUT
    ) -> None:
        self._session = session
        self._calls = Authorised(session, tokens, timeout=timeout)

    async def send(self, account: WechatKfAccount, message: Mapping[str, object], *, path: str = SEND_PATH) -> None:
        """Send something to a customer.

        Raises:
            Refused: with WeCom's code.
            TryAgain: not taken now; unsure where it may have been taken.
        """
        content = await self._call(account, path, message)
        reply = read(content.body, Reply)
        if reply is None or reply.errcode is None:
            raise TryAgain("answer_unreadable", unsure=True)
        if reply.errcode:
            raise Refused(reply.errcode, reply.errmsg)

    async def sync(self, account: WechatKfAccount, *, kf: str, cursor: str, token: str) -> Page:
        """Read on in a list.

        Args:
            account: reads.
            kf: whose list.
            cursor: where to read on; empty for the beginning, which is three days ago.
            token: of WeCom's call; empty where it is too old, and WeCom then wants no more than a few reads.

        Raises:
            Refused: with WeCom's code.
        """
        asked: dict[str, object] = {"open_kfid": kf, "limit": AT_ONCE, "voice_format": 0}
        asked |= {"cursor": cursor} if cursor else {}
        asked |= {"token": token} if token else {}
        page = read((await self._ask(account, SYNC_PATH, asked, most=MOST_PAGE)).body, Page)
        if page is None:
            raise TryAgain("answer_unreadable")
        if page.errcode:
            raise Refused(page.errcode, page.errmsg)
        return page

    async def state(self, account: WechatKfAccount, who: Party) -> int:
        """Where the session with a customer stands. Raises: Refused."""
        return (await self._told(account, STATE_PATH, _named(who))).service_state

    async def transfer(self, account: WechatKfAccount, who: Party, state: int) -> str:
        """Change the session; returns the code of the one message that goes with the change. Raises: Refused."""
        return (await self._told(account, TRANSFER_PATH, {**_named(who), "service_state": state})).msg_code

    async def lists(self, account: WechatKfAccount) -> list[str]:
        """The ``open_kfid`` of each of the company's accounts. Raises: Refused."""
        reply = await self._told(account, LISTS_PATH, {"offset": 0, "limit": MOST_LISTS})
        return [str(one.get("open_kfid", "")) for one in reply.account_list]

    async def names(self, account: WechatKfAccount, customers: Sequence[str]) -> Mapping[str, str]:
        """The nicknames of customers by ``external_userid``, where WeCom tells them. Raises: Refused."""
        reply = await self._told(account, NAMES_PATH, {"external_userid_list": customers})
        told = ((str(one.get("external_userid", "")), str(one.get("nickname", ""))) for one in reply.customer_list)
        return {customer: storable(name) for customer, name in told if customer in customers}

    async def upload(self, account: WechatKfAccount, form: str, body: Callable[[], aiohttp.FormData]) -> Content:
        """Upload a file; the answer holds its id."""
        content = await self._ask(account, UPLOAD_PATH, body, type=form)
        _require_taken(content.body)
        return content

    async def media(self, account: WechatKfAccount, media_id: str) -> Fetched:
        """Get the bytes of a customer's file.

        Raises:
            TryAgain: not now.
            Undeliverable: expired, too large, or none.
        """
        if not media_id:
            raise Undeliverable("media_id_missing")
        content = await self._ask(account, MEDIA_PATH, None, most=LARGEST, media_id=media_id)
        if content.type.endswith("json") or content.type.startswith("text/"):
            _require_taken(content.body)
        if not content.body:
            raise TryAgain("media_empty")
        return Fetched(content.body, content.name, content.type)

    async def _told(self, account: WechatKfAccount, path: str, body: Mapping[str, object]) -> Reply:
        reply = read((await self._ask(account, path, body)).body, Reply)
        if reply is None or reply.errcode is None:
            raise TryAgain("answer_unreadable")
        if reply.errcode:
            raise Refused(reply.errcode, reply.errmsg)
        return reply

    async def _ask(
        self, account: WechatKfAccount, path: str, body: Body, *, most: int = MOST_ANSWER, **query: str
    ) -> Content:
        """Ask for something of which no customer sees anything, so that no failure leaves a doubt."""
        try:
            return await self._call(account, path, body, most=most, **query)
        except TryAgain as error:
            raise TryAgain(error.reason, after=error.after, trouble=error.trouble, all_wait=error.all_wait) from None

    async def _call(
        self, account: WechatKfAccount, path: str, body: Body, *, most: int = MOST_ANSWER, **query: str
    ) -> Content:
        async def refresh() -> tuple[str, timedelta]:
            return await self._fetch_token(account)

        holder = Holder(f"{CHANNEL}:{account.corp_id}:{account.name}", account.api_base, refresh)
        return await self._calls.call(holder, path, body, most=most, **query)

    async def _fetch_token(self, account: WechatKfAccount) -> tuple[str, timedelta]:
        if not account.secret:
            raise Undeliverable("secret_missing")
        asked = {"corpid": account.corp_id, "corpsecret": account.secret}
        answered = call(self._session, account.api_base + TOKEN_PATH, query=asked, within=self._calls.timeout)
        return await fetched_token(answered, token_verdict)


def _named(who: Party) -> Mapping[str, object]:
    return {"open_kfid": who.kf, "external_userid": who.customer}


def _require_taken(body: bytes) -> None:
    """Raise what an answer says that is no success. Raises: TryAgain, Undeliverable."""
    reply = read(body, Reply)
    if reply is not None and reply.errcode:
        raise verdict(reply.errcode)
