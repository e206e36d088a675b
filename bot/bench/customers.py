"""Customers who write over WeChat and web until they are heard, and remember what they were answered."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from time import time
from typing import Protocol

from aiohttp import ClientError, ClientSession, ClientTimeout
from msgspec import Struct, json

from channels.accounts import WechatAccount
from channels.door import Choice, as_numbered_list
from channels.wechat.peer import Peer
from channels.weixin.pieces import BETWEEN

TRIES = 3
"""How often WeChat posts a message."""
PAUSE = 1.0
"""Seconds between two tries."""
WITHIN = 5.0
"""Seconds that WeChat waits for an answer."""
TAKEN = (200, 201)

GONE = (ClientError, OSError, TimeoutError)
"""What a request raises while the service is away or is killed meanwhile."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that a customer writes."""

    id: str
    text: str


@dataclass(slots=True)
class Heard:
    """A message that was acknowledged."""

    line: Line
    answer: bytes


class Customer(Protocol):
    """One person on one channel."""

    channel: str
    account: str
    address: str
    heard: list[Heard]

    async def write(self, session: ClientSession, line: Line) -> bytes | None:
        """Send a message once; the answer, or None where it was not acknowledged."""
        ...

    def source_id(self, line: Line) -> str:
        """The name under which the service keeps a message."""
        ...

    def read(self, answer: bytes) -> str:
        """What the customer sees of an answer."""
        ...


@dataclass(slots=True)
class Follower:
    """A customer on WeChat, behind its servers."""

    account_of: WechatAccount
    url: str
    address: str
    chance: Random
    heard: list[Heard] = field(default_factory=list)
    channel: str = "wechat"
    account: str = field(init=False)
    tries: int = TRIES

    def __post_init__(self) -> None:
        self.account = self.account_of.name

    async def write(self, session: ClientSession, line: Line) -> bytes | None:
        """Post a message as WeChat does: signed now, under its own id."""
        nonce = str(self.chance.randrange(10**15))
        peer = Peer(self.account_of)
        path, body = peer.text(self.address, line.text, msg_id=line.id, now=int(time()), nonce=nonce)
        async with session.post(f"{self.url}{path}", data=body) as response:
            answer = await response.read()
            return answer if response.status in TAKEN else None

    def source_id(self, line: Line) -> str:
        """WeChat's own id."""
        return line.id

    def read(self, answer: bytes) -> str:
        """The text of the passive reply."""
        reply = Peer(self.account_of).read(answer)
        return reply.text if reply is not None else ""


class Reply(Struct):
    """A reply as a page gets it."""

    text: str
    choices: tuple[Choice, ...] = ()


class Answer(Struct):
    """What a page reads of the answer to a message."""

    replies: tuple[Reply, ...]


@dataclass(slots=True)
class Visitor:
    """A customer on a web page."""

    url: str
    account: str = "demo"
    address: str = ""
    heard: list[Heard] = field(default_factory=list)
    channel: str = "web"
    token: str = ""
    tries: int = 10_000

    async def write(self, session: ClientSession, line: Line) -> bytes | None:
        """Post a message, in a session that is opened with the first one."""
        base = f"{self.url}/channels/web/{self.account}"
        if not self.token:
            async with session.post(f"{base}/sessions", json={}) as response:
                if response.status not in TAKEN:
                    return None
                opened = await response.json()
                self.token, self.address = opened["token"], opened["contact"]
        headers = {"Authorization": f"Bearer {self.token}"}
        body = {"client_msg_id": line.id, "text": line.text}
        async with session.post(f"{base}/messages", json=body, headers=headers) as response:
            answer = await response.read()
            return answer if response.status in TAKEN else None

    def source_id(self, line: Line) -> str:
        """The client's id, marked as such."""
        return f"c:{line.id}"

    def read(self, answer: bytes) -> str:
        """The replies below each other, choices as numbered lists."""
        replies = json.decode(answer, type=Answer).replies
        return BETWEEN.join(as_numbered_list(reply.text, reply.choices) for reply in replies)


Person = Follower | Visitor


async def talk(
    customer: Follower | Visitor, session: ClientSession, lines: list[Line], said: Callable[[], None]
) -> None:
    """Write line after line, each as often as its platform tries; ``said`` is called after each."""
    for line in lines:
        answer = await persist(customer, session, line)
        if answer is not None:
            customer.heard.append(Heard(line, answer))
        said()


async def persist(customer: Person, session: ClientSession, line: Line) -> bytes | None:
    """The answer to a message; None where the platform gave up."""
    for _ in range(customer.tries):
        try:
            answer = await customer.write(session, line)
        except GONE:
            answer = None
        if answer is not None:
            return answer
        await asyncio.sleep(PAUSE)
    return None


def patience() -> ClientTimeout:
    """How long a platform waits."""
    return ClientTimeout(total=WITHIN)
