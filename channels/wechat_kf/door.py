"""The door for customer service of companies on WeChat (微信客服): hears of new entries, and sends what we say."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

import structlog
from aiohttp import ClientSession, web

from channels.accounts import WechatKfAccount
from channels.body import read_body
from channels.door import (
    Busy,
    Capabilities,
    Fetched,
    Files,
    Malformed,
    Outbound,
    Receive,
    TryAgain,
    Undeliverable,
    Unsupported,
)
from channels.nonces import MemoryNonces, Nonces
from channels.tokens import TokenCache
from channels.wechat_kf.calls.api import Api
from channels.wechat_kf.calls.forms import FORMS
from channels.wechat_kf.calls.push import Push
from channels.wechat_kf.calls.sessions import Sessions
from channels.wechat_kf.gate import Gate
from channels.wechat_kf.party import CHANNEL, party_of
from channels.wechat_kf.puller import Puller
from channels.wechat_kf.pulls import Pulls
from channels.weixin.files import Uploads
from channels.weixin.pieces import LIMIT
from channels.weixin.signature import parameters
from router.events import Media

ANSWER_WITHIN = 4.5
"""Seconds; WeCom hangs up after five and calls again, three times in all."""
SEND_WITHIN = 18.0
"""Seconds for all the calls that one message of ours may need; the code of a session's end lives for twenty."""
PLAIN = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}

log = structlog.get_logger()


def _now() -> datetime:
    return datetime.now(UTC)


class WechatKfDoor:
    """Serves the customer-service accounts.

    Args:
        accounts: by name.
        receive: takes what customers write.
        pulls: what is known of the lists that WeCom keeps.
        session: carries our calls to WeCom.
        tokens: keeps access tokens.
        clock: the time (aware).
        nonces: remembers what has passed.
        files: our storage, where files are to be sent.

    Raises:
        ValueError: an account's EncodingAESKey is none.
    """

    name = CHANNEL
    capabilities = Capabilities(
        text_limit=LIMIT // 3,  # Bytes; a Chinese character has three.
        choices=True,
        pushes=True,
        reply_window=timedelta(hours=48),
        quota=5,
        sessions=True,
        idempotent=True,
    )

    def __init__(
        self,
        *,
        accounts: Mapping[str, WechatKfAccount],
        receive: Receive,
        pulls: Pulls,
        session: ClientSession,
        tokens: TokenCache,
        clock: Callable[[], datetime] = _now,
        nonces: Nonces | None = None,
        files: Files | None = None,
    ) -> None:
        remembered = MemoryNonces() if nonces is None else nonces
        self._accounts = accounts
        self._gates = {name: Gate(account, remembered, clock) for name, account in accounts.items()}
        self._receive = receive
        self._pulls = pulls
        self._clock = clock
        self._api = Api(session, tokens)
        self._sessions = Sessions(self._api)
        self._uploads = Uploads(FORMS, files, clock)

    def routes(self) -> Iterable[web.RouteDef]:
        """``/channels/wechat_kf/{account}``: GET for the URL check, POST for calls."""
        path = f"/channels/{CHANNEL}/{{account}}"
        return [web.get(path, self._echo, allow_head=False), web.post(path, self._hear)]

    def puller(self, account: str) -> Puller:
        """Reads the lists of an account; at most one at a time may run for it."""
        return Puller(
            self._accounts[account], api=self._api, pulls=self._pulls, receive=self._receive, clock=self._clock
        )

    async def send(self, outbound: Outbound) -> str:
        """Push messages to a customer.

        Returns:
            The name of the last part.

        Raises:
            TryAgain: not taken now.
            Undeliverable: never to be taken; ``budget`` where WeCom takes no message now.
        """
        account = self._account(outbound.address.account)
        try:
            async with asyncio.timeout(SEND_WITHIN):
                return await self._deliver(account, outbound)
        except TimeoutError:
            raise TryAgain("timeout", unsure=True) from None

    async def fetch(self, account: str, media: Media) -> Fetched:
        """Get the bytes of a customer's file.

        Raises:
            TryAgain: not handed out now.
            Undeliverable: never to be handed out.
        """
        return await self._api.media(self._account(account), media.ref)

    async def _deliver(self, account: WechatKfAccount, outbound: Outbound) -> str:
        who, again = party_of(outbound.address.contact), outbound.again
        push = Push(self._api, self._sessions, self._uploads, account, who, key=outbound.key, again=again)
        if outbound.voucher is not None:
            if self._clock() >= outbound.voucher.until:
                raise Undeliverable("voucher_expired", unsure=again)
            return await push.answer(outbound.voucher.code, outbound.messages)
        if outbound.ends:
            code = await self._sessions.end(account, who, again=again)
            return await push.answer(code, outbound.messages)
        if outbound.notice:
            raise Undeliverable("budget")
        return await push.push(outbound.messages)

    def _account(self, name: str) -> WechatKfAccount:
        account = self._accounts.get(name)
        if account is None or not account.secret:
            raise Undeliverable("account_unknown" if account is None else "secret_missing")
        return account

    async def _echo(self, request: web.Request) -> web.StreamResponse:
        """Prove to WeCom that we hold token and key of this URL."""
        try:
            echo = self._gate(request).echo(parameters(request.rel_url.raw_query_string))
        except Malformed as refused:
            return _refusal(refused, request)
        return web.Response(body=echo, headers=PLAIN)

    async def _hear(self, request: web.Request) -> web.StreamResponse:
        """Write down that there is something to fetch; that is all that the call waits for."""
        until = asyncio.get_running_loop().time() + ANSWER_WITHIN
        try:
            gate = self._gate(request)
            query = parameters(request.rel_url.raw_query_string)
            call = gate.open(query, await read_body(request, until))
            async with asyncio.timeout_at(until):
                await self._pulls.note(request.match_info["account"], call.kf, call.token)
        except Unsupported as theirs:
            log.debug("wechat_kf.passed_over", reason=str(theirs))
        except Malformed as refused:
            return _refusal(refused, request)
        except Busy as busy:
            return web.Response(status=503, headers={"Retry-After": str(busy.after)})
        except TimeoutError:
            return web.Response(status=503, headers={"Retry-After": "1"})
        return web.Response(body=b"success", headers=PLAIN)

    def _gate(self, request: web.Request) -> Gate:
        gate = self._gates.get(request.match_info["account"])
        if gate is None:
            raise Malformed("account_unknown", status=404)
        return gate


def _refusal(refused: Malformed, request: web.Request) -> web.Response:
    account = "" if refused.status == 404 else request.match_info["account"]
    log.info("wechat_kf.refused", account=account, reason=refused.reason, status=refused.status)
    return web.Response(status=refused.status, text=refused.reason)
