"""A phone that speaks the app's protocol over any network, as docs/app-protocol.md says an SDK should.

    what the customer writes ─→ queue ─ one at a time, with its client_msg_id, until it is answered ─→ POST …/messages
    socket ─ hello with the last seq ─→ messages behind it, each once ─→ thread ─→ receipts

It never takes an answer for granted: what has not been answered is sent again with the same id, and whatever the
socket brings twice is dropped by its seq.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, ClientWebSocketResponse, TCPConnector, WSMsgType

GONE = (ClientError, OSError, TimeoutError)
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds between two tries: doubled each time, and of that a part by chance."""
FIRST_PATIENCE, LONGEST_PATIENCE = 0.4, 8.0
"""Seconds that an answer may take; a slow network makes a phone more patient, so that it gets there in the end."""


@dataclass
class Letter:
    """Something that the customer wrote."""

    id: str
    text: str
    answers: list[dict[str, Any]] = field(default_factory=list)
    """All answers that have arrived; they are the same."""


@dataclass
class Phone:
    """One customer's phone.

    Args:
        base: ``http://host:port/channels/app/{account}``.
        proof: gives a fresh JWT; None for a stranger.
        chance: spreads tries.
        pause: waits so many seconds; a test lets them pass at once.
        doubt: the share of answered letters that it sends again, as one that died before it could note the answer.
    """

    base: str
    proof: Callable[[], str] | None
    chance: Random
    pause: Callable[[float], Awaitable[None]]
    doubt: float = 0.0
    token: str = ""
    queue: list[Letter] = field(default_factory=list)
    sent: list[Letter] = field(default_factory=list)
    thread: list[dict[str, Any]] = field(default_factory=list)
    frames: list[dict[str, Any]] = field(default_factory=list)
    """Whatever else the socket brought."""
    read: int = 0
    dropped: int = 0
    """Messages that came a second time."""
    tries: int = 0
    _written: int = 0
    _more: asyncio.Event = field(default_factory=asyncio.Event)
    _moved: asyncio.Event = field(default_factory=asyncio.Event)
    _socket: ClientWebSocketResponse | None = None

    @property
    def seq(self) -> int:
        """The newest message that this phone has."""
        last: int = self.thread[-1]["seq"] if self.thread else 0
        return last

    def write(self, text: str) -> None:
        """The customer writes; the phone sends it when it can."""
        self._written += 1
        self.queue.append(Letter(f"p{self._written}", text))
        self._more.set()

    async def look(self) -> None:
        """The customer looks at all that is there."""
        self.read = self.seq
        await self._tell_receipts()

    async def happened(self, what: Callable[[], bool]) -> None:
        """Return when something has come about at this phone."""
        while not what():
            self._moved.clear()
            await self._moved.wait()

    async def run(self) -> None:
        """Send and listen until cancelled."""
        async with ClientSession(connector=TCPConnector(force_close=True)) as session, asyncio.TaskGroup() as tasks:
            await self._open(session)
            tasks.create_task(self._send(session))
            tasks.create_task(self._listen(session))

    async def unread(self) -> int:
        """What the badge on the app's icon says."""
        async with ClientSession(connector=TCPConnector(force_close=True)) as session:
            told = await self._patiently(partial(self._ask, session, "GET", "unread", None))
        unread: int = told["unread"]
        return unread

    async def _open(self, session: ClientSession) -> None:
        body = {} if self.proof is None else {"jwt": self.proof()}
        self.token = (await self._patiently(partial(self._ask, session, "POST", "sessions", body)))["token"]

    async def _send(self, session: ClientSession) -> None:
        while True:
            while not self.queue:
                self._more.clear()
                await self._more.wait()
            letter = self.queue[0]
            body = {"client_msg_id": letter.id, "text": letter.text}
            ask = partial(self._ask, session, "POST", "messages", body)
            letter.answers.append(await self._patiently(ask))
            if self.chance.random() >= self.doubt:
                self.sent.append(self.queue.pop(0))
            self._moved.set()

    async def _ask(
        self, session: ClientSession, method: str, path: str, body: object, patience: float
    ) -> dict[str, Any]:
        """Ask once. Raises: one of GONE, and then nobody knows whether it was heard."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        timeout = ClientTimeout(total=patience)
        url = f"{self.base}/{path}"
        async with session.request(method, url, json=body, headers=headers, timeout=timeout) as response:
            if response.status in (429, 503):
                await self.pause(float(response.headers["Retry-After"]))
            response.raise_for_status()
            told: dict[str, Any] = await response.json()
            return told

    async def _patiently(self, ask: Callable[[float], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        """Ask until there is an answer, with longer patience and longer pauses each time."""
        pause, patience = FIRST_PAUSE, FIRST_PATIENCE
        while True:
            try:
                return await ask(patience)
            except GONE:
                pause, patience = await self._wait(pause), min(patience * 1.5, LONGEST_PATIENCE)

    async def _wait(self, pause: float) -> float:
        """Wait before the next try, by chance shorter than the longest so that not all come back at once."""
        self.tries += 1
        await self.pause(pause * self.chance.uniform(0.5, 1.0))
        return min(pause * 2, LONGEST_PAUSE)

    async def _listen(self, session: ClientSession) -> None:
        pause, patience = FIRST_PAUSE, FIRST_PATIENCE
        while True:
            before = self.seq
            with suppress(*GONE):
                await self._follow(session, patience)
            if self.seq > before:
                pause, patience = FIRST_PAUSE, max(FIRST_PATIENCE, patience / 2)
            pause, patience = await self._wait(pause), min(patience * 1.5, LONGEST_PATIENCE)

    async def _follow(self, session: ClientSession, patience: float) -> None:
        """Follow the thread until the socket ends, one way or the other; pings show whether it is half open."""
        async with asyncio.timeout(patience):
            opening = session.ws_connect(f"{self.base}/socket", heartbeat=patience)
            socket = await opening
        async with socket:
            hello = {"type": "hello", "token": self.token, "after_seq": self.seq, "receipts": True, "typing": True}
            await socket.send_json(hello)
            self._socket = socket
            try:
                async for frame in socket:
                    if frame.type is WSMsgType.TEXT:
                        await self._take(frame.json())
            finally:
                self._socket = None

    async def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] != "message":
            self.frames.append(frame)
        elif frame["message"]["seq"] > self.seq:
            self.thread.append(frame["message"])
            await self._tell_receipts()
        else:
            self.dropped += 1
        self._moved.set()

    async def _tell_receipts(self) -> None:
        if self._socket is not None and self.seq:
            with suppress(*GONE):
                await self._socket.send_json({"type": "receipts", "delivered": self.seq, "read": self.read})
