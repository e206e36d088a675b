"""The door for WeChat official accounts: answers requests within five seconds, and pushes what comes later."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import quote

import structlog
from aiohttp import ClientSession, web

from channels.accounts import WechatAccount
from channels.answers import Answers
from channels.body import read_body
from channels.door import (
    Address,
    Busy,
    Capabilities,
    Fetched,
    Files,
    Fulfil,
    Malformed,
    Miss,
    Outbound,
    Receipt,
    Receive,
    Unsupported,
)
from channels.nonces import MemoryNonces, Nonces
from channels.patience import Patience
from channels.tokens import TokenCache
from channels.wechat.calls.media import FORMS
from channels.wechat.calls.post import Post
from channels.wechat.gate import Gate, Letter
from channels.wechat.parse import CHANNEL
from channels.wechat.replies import merged
from channels.weixin.pieces import LIMIT
from channels.weixin.signature import parameters
from router.events import Media

ANSWER_WITHIN = 4.5
"""Seconds; WeChat hangs up after five, and a reply that nobody hears must not count as sent."""
LONGEST_ECHO = 256

PLAIN = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}
XML = Answers({"Content-Type": "application/xml; charset=utf-8"})

log = structlog.get_logger()


def _now() -> datetime:
    return datetime.now(UTC)


class WeChatDoor:
    """Serves the official accounts.

    Args:
        accounts: by name.
        receive: takes what customers write.
        fulfil: hears that an offered reply went out as the body of a request.
        miss: hears that one could not.
        session: carries our calls to WeChat.
        tokens: keeps access tokens.
        clock: the time (aware).
        nonces: remembers what has passed.
        files: our storage, where files are to be sent.
        answer_within: seconds after which a request is sent away unanswered.

    Raises:
        ValueError: an account lacks its EncodingAESKey.
    """

    name = CHANNEL
    capabilities = Capabilities(
        text_limit=LIMIT // 3,
        choices=True,
        pushes=True,
        passive=True,
        reply_window=timedelta(hours=48),
        quota=5,
        files=FORMS.limits,
    )

    def __init__(
        self,
        *,
        accounts: Mapping[str, WechatAccount],
        receive: Receive,
        fulfil: Fulfil,
        miss: Miss,
        session: ClientSession,
        tokens: TokenCache,
        clock: Callable[[], datetime] = _now,
        nonces: Nonces | None = None,
        files: Files | None = None,
        answer_within: float = ANSWER_WITHIN,
    ) -> None:
        remembered = MemoryNonces() if nonces is None else nonces
        self._gates = {name: Gate(account, remembered, clock) for name, account in accounts.items()}
        self._receive = receive
        self._fulfil = fulfil
        self._miss = miss
        self._answer_within = answer_within
        self._patience = Patience(answer_within)
        self._post = Post(accounts, session, tokens, clock, files)

    def routes(self) -> Iterable[web.RouteDef]:
        """``/channels/wechat/{account}``: GET for the URL check, POST for messages and events.

        Every account has a path of its own, which is found at one look; a pattern for all is tried when that fails.
        """
        for name, gate in self._gates.items():
            path = f"/channels/{CHANNEL}/{quote(name, safe='')}"
            yield web.get(path, partial(self._echo, gate), allow_head=False)
            yield web.post(path, partial(self._take, gate))
        unknown = f"/channels/{CHANNEL}/{{account}}"
        yield from (web.get(unknown, _unknown, allow_head=False), web.post(unknown, _unknown))

    async def send(self, outbound: Outbound) -> str:
        """Push messages to a customer; returns WeChat's id of the last. Raises: TryAgain, Undeliverable."""
        return await self._post.send(outbound)

    async def fetch(self, account: str, media: Media) -> Fetched:
        """Get the bytes of a customer's file. Raises: TryAgain, Undeliverable."""
        return await self._post.fetch(account, media.ref)

    async def typing(self, address: Address) -> None:
        """Show a customer that somebody is typing."""
        await self._post.typing(address)

    async def _echo(self, gate: Gate, request: web.Request) -> web.StreamResponse:
        """Prove to WeChat that we hold the token of this URL."""
        try:
            query = parameters(request.rel_url.raw_query_string)
            gate.check(query)
            echo = query.get("echostr", "")
            if not 0 < len(echo) <= LONGEST_ECHO:
                raise Malformed("echostr_unreadable")
        except Malformed as refused:
            return _refusal(refused, gate.name)
        return web.Response(body=echo.encode("utf-8", "replace"), headers=PLAIN)

    async def _take(self, gate: Gate, request: web.Request) -> web.StreamResponse:
        """Take a message or an event; it is acknowledged only after it has been stored."""
        until = asyncio.get_running_loop().time() + self._answer_within
        try:
            query = parameters(request.rel_url.raw_query_string)
            gate.check(query)
            letter = gate.open(query, await read_body(request, until))
            with self._patience:
                receipt = await self._receive(letter.inbound)
        except Unsupported:
            return _success()
        except Malformed as refused:
            return _refusal(refused, gate.name)
        except Busy as busy:
            return _busy(busy.after)
        except TimeoutError:
            return _busy(1)
        return await self._answer(request, gate, letter, receipt)

    async def _answer(self, request: web.Request, gate: Gate, letter: Letter, receipt: Receipt) -> web.StreamResponse:
        text = merged(receipt.replies)
        if not text:
            if receipt.outbox_id is not None:
                self._miss(letter.inbound, receipt.outbox_id)
            return _success()
        created = int(receipt.replies[0].sent_at.timestamp())
        given = await XML.give(request, gate.answer(letter, text, created))
        if receipt.outbox_id is not None:
            if request.transport is not None and not request.transport.is_closing():
                self._fulfil(receipt.outbox_id)
            else:
                self._miss(letter.inbound, receipt.outbox_id)
        return given


async def _unknown(_request: web.Request) -> web.StreamResponse:
    return _refusal(Malformed("account_unknown", status=404), "")


def _success() -> web.Response:
    return web.Response(body=b"success", headers=PLAIN)


def _refusal(refused: Malformed, account: str) -> web.Response:
    log.info("wechat.refused", account=account, reason=refused.reason, status=refused.status)
    return web.Response(status=refused.status, text=refused.reason)


def _busy(after: int) -> web.Response:
    """Not stored: WeChat asks again, and the retry joins the turn if it is still under way."""
    return web.Response(status=503, headers={"Retry-After": str(after)})
