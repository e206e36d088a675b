"""The cable of a socket, byte by byte: the handshake, pings, goodbyes, and clients that vanish or do not keep up."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import web
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from channels.web.house import Reach
from channels.web.sockets.cable import Cable
from channels.web.sockets.frames import Frame, Kind
from channels.web.sockets.heartbeat import Heartbeat
from channels.web.sockets.visit import MOST_EARLY
from tests.channels.test_web_frames import masked
from tests.channels.web_house import House, application, doors

SOON = 10.0
HEAD = (
    "GET /channels/web/demo/socket HTTP/1.1\r\nHost: h\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@dataclass
class Line:
    """A client that speaks in bytes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def upgrade(self, head: str = HEAD) -> str:
        """Ask for a socket; the head of the answer."""
        self.writer.write(head.encode())
        async with asyncio.timeout(SOON):
            return (await self.reader.readuntil(b"\r\n\r\n")).decode()

    def say(self, kind: int, payload: bytes = b"", *, final: bool = True) -> None:
        self.writer.write(masked(kind, payload, final=final))

    def hello(self, token: str, **more: object) -> None:
        self.say(Kind.TEXT, json.dumps({"type": "hello", "token": token, **more}).encode())

    async def frame(self) -> tuple[int, bytes]:
        """The next frame of the server."""
        async with asyncio.timeout(SOON):
            first, size = await self.reader.readexactly(2)
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2), "big")
            return first & 0x0F, await self.reader.readexactly(size)

    async def over(self) -> bytes:
        """What is left until the server hangs up."""
        async with asyncio.timeout(SOON):
            return await self.reader.read()


@dataclass
class Place:
    """A served house and the clients that have called."""

    house: House
    port: int
    lines: list[Line]

    async def call(self) -> Line:
        line = Line(*await asyncio.open_connection("127.0.0.1", self.port))
        self.lines.append(line)
        return line

    async def visit(self) -> tuple[Line, str]:
        """A client that has been let in, and its token."""
        token, _ = await self.house.open("web", "demo", None)
        line = await self.call()
        await line.upgrade()
        line.hello(token, standing=True)
        assert json.loads((await line.frame())[1])["type"] == "standing"
        return line, token


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    house = House()
    door = doors(house)[0]
    runner = web.AppRunner(application(door))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    opened = Place(house, runner.addresses[0][1], [])
    yield opened
    for line in opened.lines:
        line.writer.transport.abort()
    await door.close()
    await runner.cleanup()


async def test_the_upgrade_is_answered_as_the_standard_says(place: Place) -> None:
    head = await (await place.call()).upgrade()
    assert head.startswith("HTTP/1.1 101 ")
    assert "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head


@pytest.mark.parametrize(
    ("proper", "wrong"),
    [
        ("Version: 13", "Version: 8"),
        ("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ="),
        ("dGhlIHNhbXBsZSBub25jZQ==", "no base64 at all!"),
        ("WebSocket\r\n", "h2c\r\n"),
    ],
)
async def test_a_request_that_is_no_proper_one_gets_no_socket(place: Place, proper: str, wrong: str) -> None:
    head = await (await place.call()).upgrade(HEAD.replace(proper, wrong))
    assert head.split()[1] in ("400", "426")


async def test_another_implementation_of_the_protocol_gets_on_with_ours(place: Place) -> None:
    token, _ = await place.house.open("web", "demo", None)
    address = place.house.tokens[token]
    async with connect(f"ws://127.0.0.1:{place.port}/channels/web/demo/socket") as socket:
        hello = json.dumps({"type": "hello", "token": token, "standing": True})
        await socket.send([hello[:9], hello[9:30], hello[30:]])
        assert json.loads(await socket.recv())["type"] == "standing"
        async with asyncio.timeout(SOON):
            await (await socket.ping("there?"))
        for text in ("您好", "长" * 100, "长" * 4_000):
            place.house.add(address, "agent", text)
            assert json.loads(await socket.recv())["message"]["text"] == text
        await socket.send(json.dumps({"type": "receipts", "read": 3}))
        await place.house.happened(lambda: place.house.reached.get(address, Reach()).read == 3)
    assert socket.close_code == 1000
    async with connect(f"ws://127.0.0.1:{place.port}/channels/web/demo/socket") as socket:
        await socket.send(json.dumps({"type": "hello", "token": "nobody"}))
        with pytest.raises(ConnectionClosedError) as caught:
            await socket.recv()
    assert caught.value.rcvd is not None
    assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (4401, "token_unknown")


async def test_a_ping_is_answered_with_its_own_words(place: Place) -> None:
    line, _ = await place.visit()
    line.say(Kind.PING, b"there?")
    assert await line.frame() == (Kind.PONG, b"there?")


async def test_a_goodbye_is_answered_and_the_line_ends(place: Place) -> None:
    line, _ = await place.visit()
    line.say(Kind.CLOSE, (1000).to_bytes(2, "big"))
    assert await line.frame() == (Kind.CLOSE, (1000).to_bytes(2, "big"))
    assert await line.over() == b""


BROKEN = (
    (b"\x81\x02{}", 1002),
    (masked(Kind.TEXT, b"\xff\xfe"), 1007),
    (masked(Kind.TEXT, b"x" * 70_000), 1009),
    (masked(Kind.CLOSE, b"\x03"), 1002),
)
"""What breaks the rules, and the code with which a line ends for it."""


async def test_clients_that_break_the_rules_are_told_and_cut_off(place: Place) -> None:
    async def breaks(data: bytes, code: int) -> None:
        line, _ = await place.visit()
        line.writer.write(data)
        kind, payload = await line.frame()
        assert (kind, int.from_bytes(payload[:2], "big")) == (Kind.CLOSE, code)
        assert await line.over() == b""

    await asyncio.gather(*(breaks(*one) for one in BROKEN))


async def test_a_hello_may_come_byte_by_byte_and_in_parts(place: Place) -> None:
    token, contact = await place.house.open("web", "demo", None)
    text = json.dumps({"type": "hello", "token": token, "standing": True}).encode()
    line = await place.call()
    await line.upgrade()
    for byte in masked(Kind.TEXT, text[:20], final=False) + masked(Kind.PING) + masked(Kind.MORE, text[20:]):
        line.writer.write(bytes([byte]))
        await line.writer.drain()
    assert await line.frame() == (Kind.PONG, b"")
    assert json.loads((await line.frame())[1])["type"] == "standing"
    assert contact


async def test_what_follows_the_hello_at_once_is_taken_after_it(place: Place) -> None:
    token, _ = await place.house.open("web", "demo", None)
    address = place.house.tokens[token]
    line = await place.call()
    await line.upgrade()
    line.hello(token)
    line.say(Kind.TEXT, b'{"type": "typing"}')
    await place.house.happened(lambda: place.house.typed == [address])


async def test_a_client_that_says_too_much_before_it_is_let_in_is_cut_off(place: Place) -> None:
    token, _ = await place.house.open("web", "demo", None)
    hold = asyncio.Event()
    whole = place.house.find

    async def find(shown: str) -> object:
        await hold.wait()
        return await whole(shown)

    place.house.find = find  # type: ignore[method-assign, assignment]
    line = await place.call()
    await line.upgrade()
    line.hello(token)
    for _ in range(MOST_EARLY + 1):
        line.say(Kind.TEXT, b'{"type": "typing"}')
    kind, payload = await line.frame()
    assert (kind, payload) == (Kind.CLOSE, (1008).to_bytes(2, "big") + b"too_many_frames")
    hold.set()


async def test_a_client_that_vanishes_is_forgotten(place: Place) -> None:
    line, token = await place.visit()
    address = place.house.tokens[token]
    await place.house.watchers(address, 1)
    line.writer.transport.abort()
    await place.house.watchers(address, 0)


async def test_a_reader_that_does_not_keep_up_is_cut_off_and_others_hear_all(place: Place) -> None:
    quick, token = await place.visit()
    slow = await place.call()
    await slow.upgrade()
    slow.hello(token, standing=True)
    await slow.frame()
    slow.writer.transport.pause_reading()  # type: ignore[attr-defined]
    for _ in range(1_000):
        place.house.add(place.house.tokens[token], "agent", "长" * 4_000)
        assert (await quick.frame())[0] == Kind.TEXT
    slow.writer.transport.resume_reading()  # type: ignore[attr-defined]
    assert 0 < len(await slow.over()) < 1_000 * 12_000


class Silent:
    """A socket that counts its pings."""

    def __init__(self) -> None:
        self.pings = 0

    def ping(self) -> None:
        self.pings += 1


async def test_one_timer_pings_every_socket_once_in_a_round() -> None:
    heartbeat, ones = Heartbeat(0.2), [Silent() for _ in range(100)]
    for one in ones:
        heartbeat.add(one)
    async with asyncio.timeout(SOON):
        while min(one.pings for one in ones) < 2:  # noqa: ASYNC110 - the timer is what is looked at
            await asyncio.sleep(0.01)
    assert max(one.pings for one in ones) <= 3
    for one in ones:
        heartbeat.remove(one)
    async with asyncio.timeout(SOON):
        while heartbeat._timer is not None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


class Listener(asyncio.Protocol):
    """Takes a connection in as a cable."""

    def __init__(self, heard: list[Frame], cables: "asyncio.Queue[Cable]") -> None:
        self.heard = heard
        self.cables = cables

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        cable = Cable(transport, Heartbeat(), self)
        transport.set_protocol(cable)
        self.cables.put_nowait(cable)

    def hear(self, frame: Frame) -> None:
        self.heard.append(frame)

    def leave(self) -> None:
        self.heard.append(Frame(Kind.CLOSE, b"gone"))


async def test_a_client_that_answers_no_ping_is_cut_off() -> None:
    heard: list[Frame] = []
    cables: asyncio.Queue[Cable] = asyncio.Queue()
    server = await asyncio.get_running_loop().create_server(lambda: Listener(heard, cables), "127.0.0.1", 0)
    async with server:
        line = Line(*await asyncio.open_connection(*server.sockets[0].getsockname()))
        cable = await cables.get()
        cable.ping()
        assert await line.frame() == (Kind.PING, b"")
        line.say(Kind.PONG)
        line.say(Kind.PING, b"in order")
        assert await line.frame() == (Kind.PONG, b"in order")
        cable.ping()
        assert await line.frame() == (Kind.PING, b"")
        cable.ping()
        assert await line.over() == b""
        assert heard == [Frame(Kind.PING, b"in order"), Frame(Kind.CLOSE, b"gone")]
        line.writer.close()
