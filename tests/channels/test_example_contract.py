"""The smallest door of the documents keeps the contract of doors."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient
from pytest_aiohttp import AiohttpClient, AiohttpServer

from channels.body import MOST_BYTES
from channels.door import Address
from channels.webhooks import key_of, require, sign
from docs.example_door import GatewayAccount, GatewayDoor
from tests.channels.contract import Contract
from tests.channels.stand import SENT_AT, Answer, Arrival, Flaw, House, Letter, Refusal, Stand
from tests.outages import cut

ACCOUNT = GatewayAccount("main", url="", secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
PERSON = "+8613800000001"
NOW = int(SENT_AT.timestamp())
STATUSES = {Refusal.LATER: 503, Refusal.HALFWAY: 503, Refusal.PAUSED: 429, Refusal.NEVER: 410}


@dataclass
class Gateway:
    """Takes messages."""

    texts: list[str] = field(default_factory=list)
    refusals: list[Refusal | None] = field(default_factory=list)
    """What becomes of the next messages; None stands for one that is taken."""

    async def take(self, request: web.Request) -> web.Response:
        refusal = self.refusals.pop(0) if self.refusals else None
        if refusal is Refusal.UNSURE:
            return cut(request)
        if refusal is not None:
            return web.Response(status=STATUSES[refusal], headers={"Retry-After": "30"})
        body, given = await request.read(), [request.headers["webhook-signature"]]
        require(given, key_of(ACCOUNT.secret), message_id=request.headers["webhook-id"], timestamp=NOW, body=body)
        self.texts.append(json.loads(body)["text"])
        return web.Response()


class GatewayStand(Stand):
    """A gateway before our number."""

    def __init__(
        self,
        door: GatewayDoor,
        house: House,
        client: TestClient[web.Request, web.Application],
        gateway: Gateway,
    ) -> None:
        super().__init__(door, house, Address("gateway", "main", PERSON))
        self.client = client
        self.gateway = gateway

    async def post(self, letter: Letter) -> Answer:
        return await self._post(letter, event(letter))

    async def forge(self, letter: Letter, flaw: Flaw) -> Answer:
        match flaw:
            case Flaw.FOREIGN:
                return await self._post(letter, event(letter), account=replace(ACCOUNT, secret="whsec_b3RoZXI="))
            case Flaw.ABSENT:
                return await self._sent(event(letter), {})
            case Flaw.ALTERED:
                return await self._sent(event(letter._replace(text="转账")), signed(letter, event(letter)))
            case Flaw.REPLAYED:
                await self.post(letter)
                return await self._sent(event(letter), signed(letter, event(letter)) | {"webhook-id": "m2"})
            case Flaw.STALE:
                return await self._post(letter, event(letter), sent=NOW - 600)
            case Flaw.ELSEWHERE:
                return await self._post(letter, event(letter), account=replace(ACCOUNT, name="elsewhere"))
            case Flaw.STRANGE:
                return await self._post(letter, b'{"type": "receipt"}')
            case Flaw.BROKEN:
                return await self._post(letter, f'{{"type": "message", "text": "{letter.text}'.encode())
            case Flaw.LARGE:
                return await self._post(letter, b" " * (MOST_BYTES + 1))

    async def _post(self, letter: Letter, body: bytes, *, account: GatewayAccount = ACCOUNT, sent: int = NOW) -> Answer:
        return await self._sent(body, signed(letter, body, account=account, sent=sent), account.name)

    async def _sent(self, body: bytes, headers: dict[str, str], account: str = "main") -> Answer:
        response = await self.client.post(f"/channels/gateway/{account}", data=body, headers=headers)
        return Answer(response.status, response.headers.get("Retry-After", ""))

    def arrived(self) -> list[Arrival]:
        return [Arrival(text) for text in self.gateway.texts]

    def refuse(self, refusal: Refusal) -> None:
        self.gateway.refusals += [None, refusal] if refusal is Refusal.HALFWAY else [refusal]


def event(letter: Letter) -> bytes:
    """A letter as the gateway posts it."""
    return json.dumps({"type": "message", "sender": PERSON, "text": letter.text}).encode()


def signed(letter: Letter, body: bytes, *, account: GatewayAccount = ACCOUNT, sent: int = NOW) -> dict[str, str]:
    """The headers of a body."""
    message_id = f"m{letter.number}"
    signature = sign(key_of(account.secret), message_id, sent, body)
    return {"webhook-id": message_id, "webhook-timestamp": str(sent), "webhook-signature": signature}


@pytest.fixture
async def stand(aiohttp_client: AiohttpClient, aiohttp_server: AiohttpServer) -> AsyncIterator[GatewayStand]:
    house, gateway, app, theirs = House(), Gateway(), web.Application(), web.Application()
    theirs.router.add_post("/messages", gateway.take)
    account = replace(ACCOUNT, url=str((await aiohttp_server(theirs)).make_url("/messages")))
    async with ClientSession() as session:
        door = GatewayDoor(accounts={"main": account}, receive=house.receive, session=session, clock=lambda: SENT_AT)
        app.router.add_routes(door.routes())
        yield GatewayStand(door, house, await aiohttp_client(app), gateway)


ABSENT = {
    "media": "a short message carries no files",
    "a_tapped_choice_comes_with_its_id": "a short message has no buttons: choices are a numbered list",
    "window": "a number may be written to at any time",
    "reconnect": "the telephone keeps the thread",
}


class TestGateway(Contract, channel="gateway", capabilities=GatewayDoor.capabilities, absent=ABSENT):
    """The suite at this stand."""
