"""A small house behind the web door: it keeps messages in memory and answers from a script."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

from channels.accounts import AppAccount, WebAccount
from channels.door import Address, Attachment, Choice, Inbound, Message, Receipt
from channels.web.door import WebDoor
from channels.web.house import Head, News, Reach, Standing
from channels.web.limits import Limits
from channels.web.peers import Peers
from router.events import Said
from tests.channels.drawer import Drawer

START = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)

Answers = tuple[tuple[str, str, tuple[Choice, ...]], ...]
"""Sender, text and choices of each reply."""


@dataclass
class Growth:
    """Waits until a thread has grown."""

    grown: asyncio.Event

    async def wait(self, seconds: float) -> object:
        try:
            async with asyncio.timeout(seconds):
                await self.grown.wait()
        except TimeoutError:
            return None
        self.grown.clear()
        return None


@dataclass
class Ear:
    """Hears of the contacts that it follows."""

    house: "House"
    heard: dict[Address, set[News]] = field(default_factory=dict)
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def follow(self, address: Address) -> bool:
        ears = self.house.ears.setdefault(address, [])
        if self in ears:
            return False
        ears.append(self)
        self.house.moved.set()
        return True

    def leave(self, address: Address) -> None:
        self.house.ears[address].remove(self)
        self.house.moved.set()

    def hear(self, address: Address, news: News) -> None:
        self.heard.setdefault(address, set()).add(news)
        self.woken.set()

    async def wait(self, seconds: float) -> Mapping[Address, Collection[News]]:
        try:
            async with asyncio.timeout(seconds):
                await self.woken.wait()
        except TimeoutError:
            return {}
        self.woken.clear()
        heard, self.heard = self.heard, {}
        return heard

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


@dataclass
class House:
    """Sessions, threads and answers; one contact's number is its place in ``threads``."""

    answer: Callable[[Said], Answers] = lambda said: (("bot", f"您说：{said.text}", ()),)
    failure: Exception | None = None
    slowed: bool = False
    start: datetime = START
    step: float = 60.0
    """Seconds between one message and the next."""
    threads: dict[Address, list[Message]] = field(default_factory=dict)
    receipts: dict[tuple[Address, str], Receipt] = field(default_factory=dict)
    tokens: dict[str, Address] = field(default_factory=dict)
    standings: dict[Address, Standing] = field(default_factory=dict)
    watching: dict[Address, list[asyncio.Event]] = field(default_factory=dict)
    ears: dict[Address, list[Ear]] = field(default_factory=dict)
    reached: dict[Address, Reach] = field(default_factory=dict)
    named: list[tuple[str, str]] = field(default_factory=list)
    """Name and language of each session that was opened."""
    typed: list[Address] = field(default_factory=list)
    received: list[Inbound] = field(default_factory=list)
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    drawer: Drawer = field(default_factory=Drawer)

    async def open(
        self, channel: str, account: str, subject: str | None, *, name: str = "", language: str = ""
    ) -> tuple[str, str]:
        self.named.append((name, language))
        token = f"token-{len(self.tokens)}-{channel}-{account}"
        contact = f"v:{len(self.tokens):032x}" if subject is None else f"u:{subject}"
        self.tokens[token] = Address(channel, account, contact)
        return token, contact

    async def find(self, token: str) -> Address | None:
        return self.tokens.get(token)

    async def end(self, token: str) -> None:
        self.tell(self.tokens.pop(token), News.ENDED)

    async def end_all(self, address: Address) -> None:
        self.tokens = {token: held for token, held in self.tokens.items() if held != address}
        self.tell(address, News.ENDED)

    async def of(self, address: Address) -> Reach:
        return self.reached.get(address, Reach())

    async def note(self, address: Address, *, delivered: int, read: int) -> Reach:
        self.hint(address, delivered=delivered, read=read)
        return self.reached[address]

    def hint(self, address: Address, *, delivered: int, read: int) -> None:
        old, end = self.reached.get(address, Reach()), len(self.threads.get(address, ()))
        self.reached[address] = Reach(max(old.delivered, min(delivered, end)), max(old.read, min(read, end)), old.heard)
        self.moved.set()

    async def unread(self, address: Address) -> int:
        read = (await self.of(address)).read
        return sum(message.seq > read and message.sender != "contact" for message in self.threads.get(address, ()))

    def typing(self, address: Address) -> None:
        self.typed.append(address)
        self.moved.set()

    async def happened(self, what: Callable[[], bool]) -> None:
        """Return when something has come about."""
        async with asyncio.timeout(10):
            while not what():
                self.moved.clear()
                await self.moved.wait()

    async def receive(self, inbound: Inbound) -> Receipt:
        if self.failure is not None:
            raise self.failure
        key = (inbound.address, inbound.source_id)
        if (stored := self.receipts.get(key)) is not None:
            return Receipt(stored.message, stored.replies, repeated=True)
        self.received.append(inbound)
        assert isinstance(inbound.event, Said)
        message = self.add(inbound.address, "contact", inbound.event.text)
        replies = tuple(self.add(inbound.address, *reply) for reply in self.answer(inbound.event))
        self.receipts[key] = Receipt(message, replies, slowed=self.slowed)
        return self.receipts[key]

    def add(
        self,
        address: Address,
        sender: str,
        text: str,
        choices: tuple[Choice, ...] = (),
        attachment: Attachment | None = None,
    ) -> Message:
        """Store a message and wake whoever watches its contact."""
        thread = self.threads.setdefault(address, [])
        number = list(self.threads).index(address) + 1
        sent_at = self.start + timedelta(seconds=self.step * len(thread))
        message = Message(number, len(thread) + 1, sender, text, choices, sent_at, attachment=attachment)
        thread.append(message)
        self.wake(address)
        return message

    def stand(self, address: Address, standing: Standing) -> None:
        """Change who has the word."""
        self.standings[address] = standing
        self.wake(address)

    def wake(self, address: Address) -> None:
        for grown in self.watching.get(address, ()):
            grown.set()
        self.tell(address, News.THREAD)

    def tell(self, address: Address, news: News) -> None:
        """Let whoever follows a contact hear news of it."""
        for ear in self.ears.get(address, ()):
            ear.hear(address, news)

    async def after(self, address: Address, seq: int, limit: int) -> tuple[Message, ...]:
        return tuple(message for message in self.threads.get(address, []) if message.seq > seq)[:limit]

    async def before(self, address: Address, seq: int, limit: int) -> tuple[Message, ...]:
        return tuple(message for message in self.threads.get(address, []) if message.seq < seq)[-limit:]

    async def standing(self, address: Address) -> Standing:
        return self.standings.get(address, Standing())

    @contextmanager
    def watch(self, address: Address) -> Iterator[Growth]:
        grown = asyncio.Event()
        self.watching.setdefault(address, []).append(grown)
        self.moved.set()
        try:
            yield Growth(grown)
        finally:
            self.watching[address].remove(grown)
            self.moved.set()

    async def watchers(self, address: Address, count: int) -> None:
        """Return when so many watch a contact."""
        async with asyncio.timeout(10):
            while len(self.watching.get(address, ())) + len(self.ears.get(address, ())) != count:
                self.moved.clear()
                await self.moved.wait()

    def ear(self) -> Ear:
        return Ear(self)

    async def heads(self, addresses: Collection[Address]) -> Mapping[Address, Head]:
        return {one: Head(len(self.threads[one]), "", False) for one in addresses if one in self.threads}

    def begun(self, address: Address) -> None:
        self.wake(address)


SECRET = "the operator's own secret, 48 bytes long or more"
SITE = "https://shop.example"
ACCOUNT = WebAccount(name="demo", allowed_origins=(SITE,), jwt_secret=SECRET, audience="huiying")
OTHER = WebAccount(name="other", allowed_origins=(), jwt_secret="", audience="")
APP = AppAccount(name="demo", jwt_secret=SECRET, audience="huiying-app")


@dataclass
class Customer:
    """A client of one account, once it has a session."""

    client: TestClient[web.Request, web.Application]
    base: str = "/channels/web/demo"
    token: str = ""
    contact: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def arrive(self, body: object = None) -> "Customer":
        """Open a session."""
        response = await self.client.post(f"{self.base}/sessions", json={} if body is None else body)
        assert response.status == 201, await response.text()
        opened = await response.json()
        self.token, self.contact = opened["token"], opened["contact"]
        self.headers = {"Authorization": f"Bearer {self.token}"}
        return self

    async def say(self, text: object, client_msg_id: object = "m1", **more: object) -> ClientResponse:
        """Post one message."""
        body = {"client_msg_id": client_msg_id, "text": text, **more}
        return await self.client.post(f"{self.base}/messages", json=body, headers=self.headers)

    async def read(self, **query: object) -> list[dict[str, Any]]:
        """Read a part of the thread."""
        query_text = "&".join(f"{name}={value}" for name, value in query.items())
        response = await self.client.get(f"{self.base}/messages?{query_text}", headers=self.headers)
        assert response.status == 200, await response.text()
        found: list[dict[str, Any]] = (await response.json())["messages"]
        return found

    def address(self) -> Address:
        """Where this customer is reached."""
        _, _, channel, account = self.base.split("/")
        return Address(channel, account, self.contact)


def doors(
    house: House, *, public_url: str = "", peers: Peers | None = None, limits: Limits | None = None
) -> tuple[WebDoor, WebDoor]:
    """The doors ``web`` and ``app`` in front of a house."""
    web_accounts = {account.name: account for account in (ACCOUNT, OTHER)}
    drawer = house.drawer
    web_door = WebDoor(
        "web",
        accounts=web_accounts,
        receive=house.receive,
        sessions=house,
        threads=house,
        files=drawer,
        reaches=house,
        public_url=public_url,
        peers=peers,
        limits=limits,
    )
    app_door = WebDoor(
        "app",
        accounts={"demo": APP},
        receive=house.receive,
        sessions=house,
        threads=house,
        files=drawer,
        reaches=house,
    )
    return web_door, app_door


def application(*served: WebDoor) -> web.Application:
    """An application with these doors alone."""
    app = web.Application()
    for door in served:
        app.router.add_routes(door.routes())
    return app
