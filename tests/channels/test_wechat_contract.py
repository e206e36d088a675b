"""WeChat's official accounts keep the contract of doors."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import ClientSession, web
from pytest_aiohttp import AiohttpClient, AiohttpServer

from channels.accounts import Notice, WechatAccount
from channels.body import MOST_BYTES
from channels.door import Address
from channels.tokens import MemoryTokens
from channels.wechat.door import WeChatDoor
from channels.wechat.peer import Peer, Request
from tests.channels.contract import Contract
from tests.channels.stand import PICTURE, Answer, Arrival, Flaw, Letter, Refusal, Shelf, Stand
from tests.channels.wechat_house import OPENID, SAFE, SECONDS, House, WeChat
from tests.outages import Outage
from tests.wechat_api import SEND, WechatApi

PICTURE_SENT = (
    "<xml><ToUserName>gh_1</ToUserName><FromUserName>{openid}</FromUserName><CreateTime>{seconds}</CreateTime>"
    "<MsgType>{kind}</MsgType><MediaId>their-1</MediaId><MsgId>{number}</MsgId></xml>"
)


class WechatStand(Stand):
    """WeChat before an account in safe mode."""

    def __init__(self, door: WeChatDoor, house: House, wechat: WeChat, api: WechatApi) -> None:
        super().__init__(door, house, Address("wechat", "safe", OPENID))
        self.wechat = wechat
        self.api = api

    async def post(self, letter: Letter) -> Answer:
        return await self._post(self._signed(letter, self.wechat.nonce()))

    async def forge(self, letter: Letter, flaw: Flaw) -> Answer:
        nonce = self.wechat.nonce()
        request = self._signed(letter, nonce)
        match flaw:
            case Flaw.FOREIGN:
                return await self._post(self._signed(letter, nonce, account=replace(SAFE, token="another")))
            case Flaw.ABSENT:
                return await self._post(request._replace(path=request.path.partition("?")[0] + "?encrypt_type=aes"))
            case Flaw.ALTERED:
                at = request.body.index(b"<Encrypt>") + 40
                other = b"A" if request.body[at : at + 1] != b"A" else b"B"
                return await self._post(request._replace(body=request.body[:at] + other + request.body[at + 1 :]))
            case Flaw.REPLAYED:
                await self._post(request)
                return await self._post(self._signed(letter._replace(number=letter.number + 1), nonce))
            case Flaw.STALE:
                return await self._post(self._signed(letter, nonce, now=SECONDS - 600))
            case Flaw.ELSEWHERE:
                return await self._post(self._signed(letter, nonce, account=replace(SAFE, name="elsewhere")))
            case Flaw.STRANGE:
                return await self._post(self._pushed(document("hologram", letter.number), nonce))
            case Flaw.BROKEN:
                return await self._post(self._pushed(f"<xml><MsgType>text</MsgType><Content>{letter.text}</Con", nonce))
            case Flaw.LARGE:
                return await self._post(request._replace(body=request.body + b" " * MOST_BYTES))

    def _signed(self, letter: Letter, nonce: str, *, account: WechatAccount = SAFE, now: int = SECONDS) -> Request:
        if letter.picture:
            return self._pushed(document("image", letter.number), nonce)
        msg_id, choice = str(letter.number), letter.choice
        return Peer(account).text(OPENID, letter.text, msg_id=msg_id, now=now, nonce=nonce, choice=choice)

    def _pushed(self, text: str, nonce: str) -> Request:
        return Peer(SAFE).post(text, now=SECONDS, nonce=nonce)

    async def _post(self, request: Request) -> Answer:
        response = await self.wechat.post(request)
        reply = Peer(SAFE).read(await response.read()) if response.status == 200 else None
        return Answer(response.status, response.headers.get("Retry-After", ""), reply.text if reply else "")

    def arrived(self) -> list[Arrival]:
        return [*map(self._arrival, self.api.sent), *(Arrival(notice["url"]) for notice in self.api.notices)]

    def _arrival(self, body: dict[str, dict[str, str]]) -> Arrival:
        match body:
            case {"text": content}:
                return Arrival(content["content"])
            case {"msgmenu": menu}:
                items: list[dict[str, str]] = menu["list"]  # type: ignore[assignment]
                return Arrival(menu["head_content"], tuple(item["id"] for item in items))
            case {"image": picture}:
                return Arrival(file=self.api.uploads[picture["media_id"]].content)
        raise AssertionError(body)

    def refuse(self, refusal: Refusal) -> None:
        match refusal:
            case Refusal.LATER:
                self.api.fail(SEND, -1)
            case Refusal.PAUSED:
                self.api.fail(SEND, 45011)
            case Refusal.HALFWAY:
                self.api.fail(SEND, None, -1)
            case Refusal.NEVER:
                self.api.strangers.add(OPENID)
            case Refusal.UNSURE:
                self.api.fail(SEND, Outage.SWALLOWED)
            case Refusal.WINDOW:
                self.api.closed.add(OPENID)
            case Refusal.QUOTA:
                self.api.quotas[OPENID] = 0


def document(kind: str, number: int) -> str:
    """A message of any kind with a file."""
    return PICTURE_SENT.format(openid=OPENID, seconds=SECONDS, kind=kind, number=number)


@pytest.fixture
async def stand(aiohttp_client: AiohttpClient, aiohttp_server: AiohttpServer) -> AsyncIterator[WechatStand]:
    house, app = House(), web.Application()
    api = WechatApi(clock=lambda: house.now)
    api.files["their-1"] = ("image/png", PICTURE)
    base = str((await aiohttp_server(api.application())).make_url("")).rstrip("/")
    account = replace(
        SAFE, app_secret="app-secret", api_base=base, reply_notice=Notice("t-reply", {"thing1": "{text}"})
    )
    async with ClientSession() as session:
        door = WeChatDoor(
            accounts={"safe": account},
            receive=house.receive,
            fulfil=house.fulfilled.append,
            miss=house.miss,
            session=session,
            tokens=MemoryTokens(lambda: house.now),
            clock=lambda: house.now,
            files=Shelf(),
        )
        app.router.add_routes(door.routes())
        yield WechatStand(door, house, WeChat(await aiohttp_client(app)), api)


ABSENT = {"reconnect": "WeChat keeps the thread and shows it by itself"}


class TestWechat(Contract, channel="wechat", capabilities=WeChatDoor.capabilities, absent=ABSENT):
    """The suite at this stand."""
