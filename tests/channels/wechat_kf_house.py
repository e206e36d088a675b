"""A small house behind the door of customer-service accounts, and a WeCom in front of it."""

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from aiohttp import ClientResponse, ClientSession, web
from aiohttp.test_utils import TestClient
from msgspec.structs import replace
from wechatpy.crypto import PrpCrypto
from wechatpy.utils import WeChatSigner

from channels.accounts import WechatKfAccount
from channels.door import Address, Busy, Choice, Cursor, Inbound, Message, Outbound, Receipt
from channels.tokens import MemoryTokens
from channels.wechat_kf.door import WechatKfDoor
from channels.wechat_kf.pulls import Pending
from tests.files import picture
from tests.wechat_kf_api import CUSTOMER, KF

NOW = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ACCOUNT = WechatKfAccount(
    "main", "ww12345678910", token="the-token", encoding_aes_key=KEY, secret="kf-secret", api_base="http://127.0.0.1:1"
)
WHO = Address("wechat_kf", "main", f"{KF}:{CUSTOMER}")
PHOTO = picture()


def message(text: str, *choices: Choice, seq: int = 2) -> Message:
    """A message of the bot."""
    return Message(1, seq, "bot", text, choices, NOW)


def outbound(*messages: Message, key: str = "7-1777856400", again: bool = False) -> Outbound:
    """Messages on their way."""
    return Outbound(WHO, messages, key=key, again=again)


@dataclass
class Lists:
    """What is known of lists, in memory."""

    held: dict[str, Pending] = field(default_factory=dict)
    read: dict[str, datetime | None] = field(default_factory=dict)
    looked: set[str] = field(default_factory=set)
    failure: Exception | None = None
    now: datetime = NOW
    since: datetime = NOW - timedelta(days=1)

    async def note(self, account: str, source: str, token: str) -> None:
        """WeCom has called."""
        if self.failure is not None:
            raise self.failure
        before = self.held.get(source, Pending(source, "", self.since))
        self.held[source] = replace(before, token=token, noted=self.now)

    async def learn(self, account: str, sources: Sequence[str]) -> None:
        """There are these lists."""
        for source in sources:
            self.held.setdefault(source, Pending(source, "", self.since))

    async def pending(self, account: str, every: timedelta) -> Sequence[Pending]:
        """What wants a look."""
        return [one for one in self.held.values() if one.source not in self.looked or self._called(one)]

    async def advance(self, cursor: Cursor) -> None:
        """Move a cursor on."""
        one = self.held[cursor.source]
        if one.cursor == cursor.before:
            self.held[cursor.source] = replace(one, cursor=cursor.after)

    async def finished(self, account: str, read: Pending) -> None:
        """Read to the end."""
        self.read[read.source] = read.noted
        self.looked.add(read.source)

    async def wait(self, account: str) -> None:
        """Nobody waits here."""

    def rewind(self) -> None:
        """Read all lists from their beginning."""
        self.held = {source: replace(one, cursor="") for source, one in self.held.items()}

    def _called(self, one: Pending) -> bool:
        before = self.read.get(one.source)
        return one.noted is not None and (before is None or one.noted > before)


@dataclass
class House:
    """Stores what comes in."""

    received: list[Inbound] = field(default_factory=list)
    busy: int = 0
    """How many events are sent away first."""
    lists: Lists = field(default_factory=Lists)
    now: datetime = NOW

    @property
    def failure(self) -> Exception | None:
        """Raised instead of writing a call down."""
        return self.lists.failure

    @failure.setter
    def failure(self, failure: Exception | None) -> None:
        self.lists.failure = failure

    async def receive(self, inbound: Inbound) -> Receipt:
        """Store an event once."""
        if self.busy:
            self.busy -= 1
            raise Busy
        if inbound.source_id not in [one.source_id for one in self.received]:
            self.received.append(inbound)
        if inbound.cursor is not None:
            await self.lists.advance(inbound.cursor)
        return Receipt(None, ())

    def door(self, session: ClientSession, account: WechatKfAccount = ACCOUNT) -> WechatKfDoor:
        """The door of this house."""
        return WechatKfDoor(
            accounts={"main": account},
            receive=self.receive,
            pulls=self.lists,
            session=session,
            tokens=MemoryTokens(lambda: self.now),
            clock=lambda: self.now,
            files=Shelf(),
        )


@dataclass
class Shelf:
    """Our storage."""

    held: dict[str, bytes] = field(default_factory=lambda: {"f-photo": PHOTO, "f-bill": b"%PDF-1.4 bill"})

    async def read(self, attachment_id: str) -> bytes:
        """The bytes of a file."""
        return self.held[attachment_id]


@dataclass
class WeCom:
    """WeCom's server in front of one account. It rests on wechatpy, not on the door's own understanding."""

    client: TestClient[web.Request, web.Application]
    account: WechatKfAccount = ACCOUNT
    now: datetime = NOW
    calls: int = 0

    async def check(self, echo: str, *, receiver: str = "") -> ClientResponse:
        """Check the URL."""
        encrypted = self.encrypted(echo, receiver)
        return await self.client.get(self.path(encrypted, echostr=encrypted))

    async def call(self, token: str, *, kf: str = KF, event: str = "kf_msg_or_event") -> ClientResponse:
        """Call about a list."""
        return await self.post(self.document(token, kf=kf, event=event))

    async def post(self, document: str, *, receiver: str = "", nonce: str = "", signed: str = "") -> ClientResponse:
        """Post any document."""
        encrypted = self.encrypted(document, receiver)
        body = f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        return await self.client.post(self.path(signed or encrypted, nonce=nonce), data=body)

    def document(self, token: str, *, kf: str = KF, event: str = "kf_msg_or_event") -> str:
        """The document of a call."""
        return (
            f"<xml><ToUserName><![CDATA[{self.account.corp_id}]]></ToUserName>"
            f"<CreateTime>{int(self.now.timestamp())}</CreateTime><MsgType><![CDATA[event]]></MsgType>"
            f"<Event><![CDATA[{event}]]></Event><Token><![CDATA[{token}]]></Token>"
            f"<OpenKfId><![CDATA[{kf}]]></OpenKfId></xml>"
        )

    def encrypted(self, text: str, receiver: str = "") -> str:
        """A text as the account's key encrypts it."""
        crypto = PrpCrypto(b64decode(self.account.encoding_aes_key + "="))
        return str(crypto.encrypt(text, receiver or self.account.corp_id).decode())

    def path(self, encrypted: str, *, nonce: str = "", **more: str) -> str:
        """The path with its signature."""
        self.calls += 1
        timestamp, drawn = str(int(self.now.timestamp())), nonce or str(1_600_000_000 + self.calls)
        signer = WeChatSigner()
        signer.add_data(self.account.token, timestamp, drawn, encrypted)
        query = {"msg_signature": str(signer.signature), "timestamp": timestamp, "nonce": drawn, **more}
        return f"/channels/wechat_kf/{self.account.name}?{urlencode(query)}"
