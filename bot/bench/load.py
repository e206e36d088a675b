"""The load: a process of its own that sends prepared requests over connections that stay open, and checks the answers.

Run as ``python -m bot.bench.load`` with a ``Job`` as JSON on standard input; prints a ``Report`` as JSON.
"""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from http import HTTPStatus
from random import Random
from secrets import randbelow
from time import perf_counter, time

import numpy as np
from msgspec import Struct, json
from wechatpy.exceptions import WeChatException

from bot.bench.ground import ACCOUNTS
from channels.accounts import Mode
from channels.wechat.peer import Peer

REPEATED_WITHIN = 400
"""How many requests later a repeat comes at the latest: some join the turn in flight, others find it stored."""


class Ask(Struct, frozen=True):
    """What one customer writes."""

    contact: str
    message_id: int
    text: str
    answer: str | None
    """The right answer; None where any reply is right."""


class Job(Struct, frozen=True):
    """What to send, where."""

    port: int
    mode: Mode
    """Of the account that is posted to."""
    asks: tuple[Ask, ...]
    connections: int = 64
    repeats: float = 0.0
    """The share of messages that are sent twice."""
    bare: bool = False
    """Whether the answer is a bare ``success``, which the references give."""
    seed: int = 1


class Report(Struct, frozen=True):
    """What came of it."""

    messages: int
    seconds: float
    p50_ms: float
    p99_ms: float
    wrong: int
    """Answers that are not a proper reply with the right text."""
    unequal: int
    """Repeats whose answer differs from the first."""


class Sent(Struct):
    """One request and what came back."""

    ask: Ask
    request: bytes
    status: int = 0
    body: bytes = b""
    seconds: float = 0.0


class Connection(asyncio.Protocol):
    """Sends one request after the other, each when the answer to the one before is complete."""

    def __init__(self, queue: Iterator[Sent], done: "asyncio.Future[None]") -> None:
        self._queue = queue
        self._done = done
        self._buffer = b""
        self._since = 0.0
        self._now: Sent | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Take a part of an answer."""
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        length = self._buffer.lower().find(b"content-length:", 0, head)
        end = head + 4 + int(self._buffer[length + 15 : self._buffer.index(b"\r\n", length)])
        if len(self._buffer) < end:
            return
        sent = self._now
        assert sent is not None
        sent.seconds = perf_counter() - self._since
        sent.status, sent.body = int(self._buffer[9:12]), self._buffer[head + 4 : end]
        self._buffer = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        """The service has hung up, or we have."""
        if not self._done.done():
            self._done.set_result(None)

    def _next(self) -> None:
        assert self._transport is not None
        self._now = next(self._queue, None)
        if self._now is None:
            self._transport.close()
            return
        self._since = perf_counter()
        self._transport.write(self._now.request)


async def run(job: Job) -> Report:
    """Send everything and check what came back."""
    peer = Peer(ACCOUNTS[job.mode])
    sent = _with_repeats([Sent(ask, _request(peer, ask)) for ask in job.asks], job)
    loop, queue = asyncio.get_running_loop(), iter(sent)
    ends: list[asyncio.Future[None]] = [loop.create_future() for _ in range(job.connections)]
    started = perf_counter()
    connections = [partial(Connection, queue, end) for end in ends]
    await asyncio.gather(*(loop.create_connection(one, "127.0.0.1", job.port) for one in connections))
    await asyncio.gather(*ends)
    seconds = perf_counter() - started
    taken = np.array([one.seconds for one in sent]) * 1e3
    return Report(
        messages=len(sent),
        seconds=seconds,
        p50_ms=float(np.percentile(taken, 50)),
        p99_ms=float(np.percentile(taken, 99)),
        wrong=sum(not _right(one, peer, bare=job.bare) for one in sent),
        unequal=_unequal(sent),
    )


def _request(peer: Peer, ask: Ask) -> bytes:
    """The request as it goes over a connection that stays open."""
    nonce = str(randbelow(10**15))
    path, body = peer.text(ask.contact, ask.text, msg_id=str(ask.message_id), now=int(time()), nonce=nonce)
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _with_repeats(sent: list[Sent], job: Job) -> list[Sent]:
    """The messages, some of them a second time: at once, or a little later; never ahead of the first."""
    chance = Random(job.seed)  # noqa: S311 - a load, not a secret
    order = [(float(place), one) for place, one in enumerate(sent)]
    for place, one in list(order):
        if chance.random() < job.repeats:
            order.append((place + chance.uniform(0.1, REPEATED_WITHIN), Sent(one.ask, one.request)))
    return [one for _, one in sorted(order, key=lambda pair: pair[0])]


def _right(sent: Sent, peer: Peer, *, bare: bool) -> bool:
    if sent.status != HTTPStatus.OK:
        return False
    if bare:
        return sent.body == b"success"
    try:
        reply = peer.read(sent.body)
    except (ValueError, WeChatException):
        return False
    if reply is None or reply.to != sent.ask.contact:
        return False
    if sent.ask.answer is None:
        return bool(reply.text)
    return f"{reply.text}\n".startswith(f"{sent.ask.answer}\n")  # Choices may stand below it.


def _unequal(sent: Sequence[Sent]) -> int:
    first: dict[tuple[str, int], bytes] = {}
    return sum(first.setdefault((one.ask.contact, one.ask.message_id), one.body) != one.body for one in sent)


if __name__ == "__main__":
    sys.stdout.buffer.write(json.encode(asyncio.run(run(json.decode(sys.stdin.buffer.read(), type=Job)))))
