"""Payloads that other projects have captured come in through the doors over HTTP: understood, or plainly left alone."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient
from pytest_aiohttp import AiohttpClient

from channels.accounts import WechatAccount
from channels.telegram.door import SECRET as HEADER
from channels.telegram.door import TelegramDoor
from channels.tokens import MemoryTokens
from channels.wechat.door import WeChatDoor
from router.events import Said
from tests.channels.stand import House as Keeper
from tests.channels.telegram_house import MAIN, SECRET, Unhurried, wrote
from tests.channels.wechat_house import PLAIN, SAFE, House, WeChat

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
DOCUMENTS = sorted(SAMPLES.glob("wechat/*.xml"))
UPDATES = sorted(SAMPLES.glob("telegram/*.json"))
VECTORS = SAMPLES / "wechat" / "crypto_vectors.json"

pytestmark = pytest.mark.skipif(not DOCUMENTS, reason="no captured payloads beside this checkout")

MESSAGES = {"text", "voice", "video", "shortvideo", "location", "link", "notsure"}
"""Kinds of messages among the documents, by the second word of their names."""


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as opened:
        yield opened


@pytest.mark.parametrize("account", [PLAIN, SAFE], ids=lambda account: account.name)
async def test_every_captured_document_of_wechat_is_understood_or_left_alone(
    session: ClientSession, aiohttp_client: AiohttpClient, account: WechatAccount
) -> None:
    house = House(answer=lambda said: ())
    wechat = WeChat(await aiohttp_client(house.application(session)), account)
    taken: defaultdict[str, list[object]] = defaultdict(list)
    for path in DOCUMENTS:
        house.received.clear()
        house.receipts.clear()
        response = await wechat.push(path.read_text(encoding="utf-8"))
        assert (path.name, response.status, await response.read()) == (path.name, 200, b"success")
        taken[path.stem.split("-")[1]] += [inbound.event for inbound in house.received] or [None]
    for kind in MESSAGES:
        assert all(isinstance(event, Said) for event in taken[kind]), (kind, taken[kind])
    assert taken["encrypted"] == [None] * len(taken["encrypted"])


@dataclass
class Telegram:
    """Telegram before our bot."""

    house: Keeper
    client: TestClient[web.Request, web.Application]

    async def post(self, update: dict[str, Any]) -> int:
        """Bring an update; returns the status."""
        return (await self.client.post("/channels/telegram/main", json=update, headers={HEADER: SECRET})).status


@pytest.fixture
async def telegram(session: ClientSession, aiohttp_client: AiohttpClient) -> Telegram:
    house, app = Keeper(), web.Application()
    door = TelegramDoor(accounts={"main": MAIN}, receive=house.receive, session=session, pace=Unhurried())
    app.router.add_routes(door.routes())
    return Telegram(house, await aiohttp_client(app))


def captured() -> Iterator[tuple[str, dict[str, Any]]]:
    """Names and contents; each is an update or the message of one."""
    for path in UPDATES:
        yield path.name, json.loads(path.read_text(encoding="utf-8"))


async def test_every_captured_update_of_telegram_is_understood_or_left_alone(telegram: Telegram) -> None:
    for number, (name, found) in enumerate(captured()):
        update = found if "update_id" in found else {"message": found}
        assert (name, await telegram.post({**update, "update_id": number})) == (name, 200)
    assert len(telegram.house.received) >= 5


async def test_the_captured_messages_of_telegram_are_understood_where_a_person_sends_them(telegram: Telegram) -> None:
    said = 0
    for name, found in captured():
        content = found.get("message", found if "message_id" in found else {})
        update = wrote()
        update["message"] = {**content, **update["message"]}
        assert (name, await telegram.post(update)) == (name, 200)
        said += bool({"text", "photo", "video", "sticker", "document"} & content.keys())
    assert len(telegram.house.received) >= said > 5


def vectors() -> list[dict[str, Any]]:
    """Those that carry a signature, and so are whole requests."""
    found: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8")) if VECTORS.is_file() else []
    return [vector for vector in found if "msg_signature" in vector]


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector["name"])
async def test_a_request_that_others_have_encrypted_and_signed_is_opened(
    session: ClientSession, aiohttp_client: AiohttpClient, vector: dict[str, Any]
) -> None:
    house, app = House(answer=lambda said: ()), web.Application()
    keys = {"token": vector["token"], "encoding_aes_key": vector["aes_key"]}
    door = WeChatDoor(
        accounts={"v": WechatAccount("v", vector["appid"], **keys)},
        receive=house.receive,
        fulfil=house.fulfilled.append,
        miss=house.miss,
        session=session,
        tokens=MemoryTokens(lambda: house.now),
        clock=lambda: datetime.fromtimestamp(int(vector["timestamp"]), UTC),
    )
    app.router.add_routes(door.routes())
    client = await aiohttp_client(app)
    signed = {name: vector[name] for name in ("timestamp", "nonce", "msg_signature")}
    path = f"/channels/wechat/v?{urlencode(signed | {'encrypt_type': 'aes'})}"
    body = f"<xml><Encrypt><![CDATA[{vector['encrypt']}]]></Encrypt></xml>"
    assert (await client.post(path, data=body)).status == 200
    assert [inbound.address.contact for inbound in house.received] == [vector["expect"]["FromUserName"]]
    forged = path.replace(vector["msg_signature"], vector["msg_signature"][::-1])
    assert (await client.post(forged, data=body)).status == 403
