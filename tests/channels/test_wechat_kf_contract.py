"""Customer-service accounts of companies (微信客服) keep the contract of doors."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, web
from pytest_aiohttp import AiohttpClient, AiohttpServer

from channels.body import MOST_BYTES
from channels.tokens import MemoryTokens
from channels.wechat_kf.door import WechatKfDoor
from tests.channels.contract import Contract
from tests.channels.stand import PICTURE, Answer, Arrival, Flaw, Letter, Refusal, Shelf, Stand
from tests.channels.wechat_kf_house import ACCOUNT, NOW, WHO, House, WeCom
from tests.outages import Outage
from tests.wechat_kf_api import KF, SEND, WechatKfApi, items, shown

NONCE = "1600000999"


class WechatKfStand(Stand):
    """WeCom before an account: it calls, and what it calls about is fetched from its list."""

    def __init__(self, door: WechatKfDoor, house: House, wecom: WeCom, api: WechatKfApi) -> None:
        super().__init__(door, house, WHO)
        self.puller = door.puller("main")
        self.lists = house.lists
        self.wecom = wecom
        self.api = api

    async def post(self, letter: Letter) -> Answer:
        return await self._call(self._letter(letter))

    async def forge(self, letter: Letter, flaw: Flaw) -> Answer:
        document, wecom = self._letter(letter), self.wecom
        match flaw:
            case Flaw.FOREIGN:
                wecom.account = replace(ACCOUNT, token="another")
                return await self._call(document)
            case Flaw.ABSENT:
                path = wecom.path("x").partition("?")[0] + "?timestamp=1777856400&nonce=1"
                response = await wecom.client.post(path, data=self._sealed(document))
                return await self._told(response)
            case Flaw.ALTERED:
                return await self._told(await wecom.post(document, signed=wecom.encrypted(document)))
            case Flaw.REPLAYED:
                await self._call(document, nonce=NONCE)
                return await self._call(self._letter(letter._replace(number=letter.number + 1)), nonce=NONCE)
            case Flaw.STALE:
                wecom.now -= timedelta(minutes=10)
                return await self._call(document)
            case Flaw.ELSEWHERE:
                wecom.account = replace(ACCOUNT, name="elsewhere")
                return await self._call(document)
            case Flaw.STRANGE:
                self.api.send("hologram", {"of": "tomorrow"})
                return await self._call(document)
            case Flaw.BROKEN:
                return await self._call(f"<xml><MsgType>event</MsgType><Token>{letter.text}</Tok")
            case Flaw.LARGE:
                return await self._told(await wecom.client.post(wecom.path("x"), data=b" " * (MOST_BYTES + 1)))

    def _letter(self, letter: Letter) -> str:
        """Put a letter into the list, unless it stands there; then the list is read from its beginning."""
        if str(letter.number) in [entry["msgid"] for entry in self.api.lists[KF]]:
            self.lists.rewind()
        elif letter.picture:
            self.api.send("image", {"media_id": "their-1"})["msgid"] = str(letter.number)
        else:
            self.api.say(letter.text, menu_id=letter.choice)["msgid"] = str(letter.number)
        return self.wecom.document(self.api.pull_token())

    def _sealed(self, document: str) -> str:
        return f"<xml><Encrypt><![CDATA[{self.wecom.encrypted(document)}]]></Encrypt></xml>"

    async def _call(self, document: str, *, nonce: str = "") -> Answer:
        self.lists.now += timedelta(seconds=1)
        return await self._told(await self.wecom.post(document, nonce=nonce))

    async def _told(self, response: Any) -> Answer:
        if response.status == 200:
            await self.puller.round()
        return Answer(response.status, response.headers.get("Retry-After", ""))

    def arrived(self) -> list[Arrival]:
        return [self._arrival(body) for body in self.api.chat().seen]

    def _arrival(self, body: dict[str, Any]) -> Arrival:
        match body["msgtype"]:
            case "msgmenu":
                return Arrival(shown(body), tuple(items(body)))
            case "image":
                return Arrival(file=self.api.uploads[body["image"]["media_id"]][2])
        return Arrival(shown(body))

    def refuse(self, refusal: Refusal) -> None:
        match refusal:
            case Refusal.LATER:
                self.api.fail(SEND, -1)
            case Refusal.PAUSED:
                self.api.fail(SEND, 45009)
            case Refusal.HALFWAY:
                self.api.fail(SEND, None, -1)
            case Refusal.NEVER:
                self.api.fail(SEND, 40096)
            case Refusal.UNSURE:
                self.api.fail(SEND, Outage.SWALLOWED)
            case Refusal.HALFWAY:
                self.api.fail(SEND, None, -1)
            case Refusal.WINDOW:
                self.api.chat().until = NOW
            case Refusal.QUOTA:
                self.api.chat().left = 0


@pytest.fixture
async def stand(aiohttp_client: AiohttpClient, aiohttp_server: AiohttpServer) -> AsyncIterator[WechatKfStand]:
    house, app = House(), web.Application()
    api = WechatKfApi(clock=lambda: house.now)
    api.files["their-1"] = ("image/png", PICTURE)
    chat = api.chat()
    chat.state, chat.left, chat.until = 0, 5, NOW + timedelta(hours=48)
    base = str((await aiohttp_server(api.application())).make_url("")).rstrip("/")
    async with ClientSession() as session:
        door = WechatKfDoor(
            accounts={"main": replace(ACCOUNT, api_base=base)},
            receive=house.receive,
            pulls=house.lists,
            session=session,
            tokens=MemoryTokens(lambda: house.now),
            clock=lambda: house.now,
            files=Shelf(),
        )
        app.router.add_routes(door.routes())
        yield WechatKfStand(door, house, WeCom(await aiohttp_client(app)), api)


ABSENT = {
    "where_no_message_may_be_sent_a_notice_leads_to_the_page": (
        "WeCom has no notices for customers; their next word opens the way again"
    ),
    "reconnect": "WeChat keeps the thread and shows it by itself",
}


class TestWechatKf(Contract, channel="wechat_kf", capabilities=WechatKfDoor.capabilities, absent=ABSENT):
    """The suite at this stand."""
