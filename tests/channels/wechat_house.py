"""A small house behind the WeChat door, and a WeChat in front of it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import ClientResponse, ClientSession, web
from aiohttp.test_utils import TestClient
from hypothesis import HealthCheck, settings

from channels.accounts import Mode, WechatAccount
from channels.door import Address, Choice, Inbound, Message, Receipt
from channels.tokens import MemoryTokens
from channels.wechat.door import WeChatDoor
from channels.wechat.peer import Peer, Request
from router.events import Said

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
"""Examples may take as long as the machine needs."""

NOW = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OPENID = "oPKu7jgOibOA-De4u8J2RuNKpZRw"

PLAIN = WechatAccount("plain", "wx0123456789abcdef", token="the-token", mode=Mode.PLAIN, app_secret="app-secret")
SAFE = WechatAccount("safe", "wx0123456789abcdef", token="the-token", encoding_aes_key=KEY)
COMPATIBLE = WechatAccount(
    "compatible", "wx0123456789abcdef", token="the-token", encoding_aes_key=KEY, mode=Mode.COMPATIBLE
)
FOREIGN = WechatAccount("safe", "wxffffffffffffffff", token="the-token", encoding_aes_key=KEY)
ACCOUNTS = {account.name: account for account in (PLAIN, SAFE, COMPATIBLE)}


def message(text: str, *choices: Choice, seq: int = 2, sent_at: datetime = NOW) -> Message:
    """A message of the bot."""
    return Message(1, seq, "bot", text, choices, sent_at)


@dataclass
class House:
    """Stores what comes in, answers from a script, and remembers its answers."""

    answer: Callable[[Said], tuple[Message, ...]] = lambda said: (message(f"您说：{said.text}"),)
    failure: Exception | None = None
    stalled: asyncio.Event | None = None
    """Answers wait for it."""
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Something has come in."""
    received: list[Inbound] = field(default_factory=list)
    receipts: dict[tuple[Address, str], Receipt] = field(default_factory=dict)
    fulfilled: list[int] = field(default_factory=list)
    missed: list[int] = field(default_factory=list)
    now: datetime = NOW

    async def receive(self, inbound: Inbound) -> Receipt:
        self.reached.set()
        if self.stalled is not None:
            await self.stalled.wait()
        if self.failure is not None:
            raise self.failure
        key = (inbound.address, inbound.source_id)
        if key not in self.receipts:
            self.received.append(inbound)
            self.receipts[key] = self.answered(inbound)
        return self.receipts[key]

    def answered(self, inbound: Inbound) -> Receipt:
        if not isinstance(inbound.event, Said):
            return Receipt(None, ())
        replies = self.answer(inbound.event)
        return Receipt(None, replies, outbox_id=len(self.received) if replies else None)

    def miss(self, _inbound: Inbound, outbox_id: int) -> None:
        """Note what no body could carry."""
        self.missed.append(outbox_id)

    def door(self, session: ClientSession, *, answer_within: float = 4.5) -> WeChatDoor:
        """The door of this house."""
        return WeChatDoor(
            accounts=ACCOUNTS,
            receive=self.receive,
            fulfil=self.fulfilled.append,
            miss=self.miss,
            session=session,
            tokens=MemoryTokens(lambda: self.now),
            clock=lambda: self.now,
            answer_within=answer_within,
        )

    def application(self, session: ClientSession, *, answer_within: float = 4.5) -> web.Application:
        """An application with this door alone."""
        app = web.Application()
        app.router.add_routes(self.door(session, answer_within=answer_within).routes())
        return app


@dataclass
class WeChat:
    """WeChat's server in front of one account: every request has a nonce of its own unless told otherwise."""

    client: TestClient[web.Request, web.Application]
    account: WechatAccount = SAFE
    counted: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def peer(self) -> Peer:
        """Signs and encrypts."""
        return Peer(self.account)

    def at(self, account: WechatAccount) -> "WeChat":
        """The same WeChat at another account."""
        return WeChat(self.client, account, self.counted)

    def number(self, of: str) -> int:
        """1, 2, 3 and so on."""
        self.counted[of] += 1
        return self.counted[of]

    def nonce(self) -> str:
        """One that has not been used."""
        return str(260_000_000 + self.number("nonce"))

    async def post(self, request: Request) -> ClientResponse:
        """Post as it is."""
        return await self.client.post(request.path, data=request.body, headers={"Content-Type": "text/xml"})

    async def push(self, document: str, *, late: timedelta = timedelta()) -> ClientResponse:
        """Post a document, signed and encrypted as the account wants it."""
        now = SECONDS + int(late.total_seconds())
        return await self.post(self.peer.post(document, now=now, nonce=self.nonce()))

    async def say(self, text: str, *, msg_id: str = "", choice: str = "") -> ClientResponse:
        """Post a customer's text."""
        named = msg_id or str(5_847_060_634_540_560_000 + self.number("message"))
        return await self.post(
            self.peer.text(OPENID, text, msg_id=named, now=SECONDS, nonce=self.nonce(), choice=choice)
        )

    async def hear(self, text: str) -> str | None:
        """Post a customer's text, and read the answer as the customer sees it."""
        response = await self.say(text)
        assert response.status == 200
        reply = self.peer.read(await response.read())
        return None if reply is None else reply.text
