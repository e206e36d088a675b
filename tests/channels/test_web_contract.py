"""The web page and the app keep the contract of doors: their platform is our own protocol, its client the reader."""

import time

import jwt
import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient
from pytest_aiohttp import AiohttpClient

from channels.door import Address, Attachment, Message
from channels.web.bodies import BODY_LIMIT
from channels.web.door import CAPABILITIES, WebDoor
from router.events import Media
from tests.channels.contract import Contract
from tests.channels.stand import OURS, PICTURE, Answer, Arrival, Flaw, Letter, Stand
from tests.channels.web_house import SECRET, Customer, House, application, doors

SUBJECT = "8613800000000"
AUDIENCES = {"web": "huiying", "app": "huiying-app"}


class WebStand(Stand):
    """A client of the protocol, whose customer the operator has signed for."""

    def __init__(
        self, door: WebDoor, house: House, client: TestClient[web.Request, web.Application], channel: str
    ) -> None:
        super().__init__(door, house, Address(channel, "demo", f"u:{SUBJECT}"))
        self.web_house = house
        self.base = f"/channels/{channel}/demo"
        self.customer = Customer(client, self.base)

    async def post(self, letter: Letter) -> Answer:
        if not self.customer.token:
            await self.customer.arrive({"jwt": self._identity()})
        attachment = await self._uploaded() if letter.picture else None
        more = {"choice": letter.choice} if letter.choice else {}
        return await self._said(letter, attachment=attachment, **more)

    async def forge(self, letter: Letter, flaw: Flaw) -> Answer:
        match flaw:
            case Flaw.FOREIGN:
                return await self._presented(self._identity(secret="another secret, which is just as long as ours"))
            case Flaw.ABSENT:
                return await self._said(letter)
            case Flaw.ALTERED:
                head, _, signature = self._identity().split(".")
                _, other, _ = self._identity(subject="8613900000000").split(".")
                return await self._presented(f"{head}.{other}.{signature}")
            case Flaw.STALE:
                return await self._presented(self._identity(ends=-600))
            case Flaw.ELSEWHERE:
                return await self._presented(self._identity(), base=self.base.replace("demo", "elsewhere"))
        await self.customer.arrive({"jwt": self._identity()})
        match flaw:
            case Flaw.STRANGE:
                return await self._said(letter, of_tomorrow={"id": 1})
            case Flaw.BROKEN:
                return await self._posted(f'{{"client_msg_id": "m1", "text": "{letter.text}'.encode())
            case Flaw.LARGE:
                return await self._posted(b" " * (BODY_LIMIT + 1))
        return await super().forge(letter, flaw)

    def _identity(self, *, secret: str = SECRET, subject: str = SUBJECT, ends: int = 600) -> str:
        claims = {"sub": subject, "aud": AUDIENCES[self.address.channel], "exp": int(time.time()) + ends}
        return jwt.encode(claims, secret, algorithm="HS256")

    async def _presented(self, identity: str, *, base: str = "") -> Answer:
        return await _answer(await self.customer.client.post(f"{base or self.base}/sessions", json={"jwt": identity}))

    async def _said(self, letter: Letter, **more: object) -> Answer:
        return await _answer(await self.customer.say(letter.text, f"m{letter.number}", **more))

    async def _posted(self, body: bytes) -> Answer:
        path, headers = f"{self.base}/messages", self.customer.headers
        return await _answer(await self.customer.client.post(path, data=body, headers=headers))

    async def _uploaded(self) -> str:
        path, headers = f"{self.base}/files?name=their.png", self.customer.headers
        response = await self.customer.client.post(path, data=PICTURE, headers=headers)
        return str((await response.json())["id"])

    async def fetch(self, media: Media) -> bytes:
        return await self._file(media.ref)

    async def _file(self, file_id: str) -> bytes:
        response = await self.customer.client.get(f"{self.base}/files/{file_id}", headers=self.customer.headers)
        return await response.read()

    async def deliver(self, *messages: Message, page: str = "", again: bool = False) -> list[Arrival]:
        """Messages are delivered by being stored: the client reads them."""
        if not self.customer.token:
            await self.customer.arrive({"jwt": self._identity()})
        for message in messages:
            kept = await self._kept(message.attachment)
            self.web_house.add(self.address, message.sender, message.text, message.choices, kept)
        return [
            Arrival(
                told["text"],
                tuple(choice["id"] for choice in told["choices"]),
                await self._file(told["attachment"]["id"]) if "attachment" in told else b"",
            )
            for told in await self.customer.read(after_seq=0)
        ]

    async def _kept(self, attachment: Attachment | None) -> Attachment | None:
        return None if attachment is None else await self.web_house.drawer.add(self.address, PICTURE, OURS.name)

    async def read(self, after: int) -> list[int]:
        socket = await self.customer.client.ws_connect(f"{self.base}/socket")
        await socket.send_json({"type": "hello", "token": self.customer.token, "after_seq": after})
        last = len(self.web_house.threads[self.address])
        seen = [(await socket.receive_json(timeout=10))["message"]["seq"] for _ in range(after, last)]
        await socket.close()
        assert [told["seq"] for told in await self.customer.read(after_seq=after)] == seen
        return seen


async def _answer(response: ClientResponse) -> Answer:
    told = await response.json(content_type=None)
    reply = str(told["replies"]) if "replies" in told else ""
    return Answer(response.status, response.headers.get("Retry-After", ""), reply)


@pytest.fixture
async def stand(request: pytest.FixtureRequest, aiohttp_client: AiohttpClient) -> WebStand:
    house, channel = House(), request.cls.channel
    web_door, app_door = doors(house)
    client = await aiohttp_client(application(web_door, app_door))
    return WebStand(web_door if channel == "web" else app_door, house, client, channel)


READ = "nothing is pushed: the stored message is the delivery, and the client reads it when it can"
OWN_TOKEN = "a token names its customer, whose own words are behind it; a repeated id is a repeat"
ABSENT = {
    "a_captured_signature_carries_no_second_event": OWN_TOKEN,
    "a_long_text_arrives_in_parts_that_end_with_sentences": "a message of any length is shown whole",
    "the_choices_of_a_long_text_stand_with_its_last_part": "a message of any length is shown whole",
    "window": "a page and an app may be written to at any time",
    "errors": READ,
}


class TestWeb(Contract, channel="web", capabilities=CAPABILITIES["web"], absent=ABSENT):
    """The suite at this stand."""


class TestApp(Contract, channel="app", capabilities=CAPABILITIES["app"], absent=ABSENT):
    """The suite at this stand."""
