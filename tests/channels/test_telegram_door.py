"""Updates that Telegram posts: only Telegram's are taken, and acknowledged only when they are stored."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from pytest_aiohttp import AiohttpClient, AiohttpServer
from structlog.testing import capture_logs

from channels.telegram.door import MOST_BYTES, TelegramDoor
from router.events import Said
from tests.channels.telegram_api import Call, TelegramApi
from tests.channels.telegram_house import CHAT, MAIN, POLLED, SECRET, House, Unhurried, tapped, wrote

PATH = "/channels/telegram/main"
HEADER = "X-Telegram-Bot-Api-Secret-Token"

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def api() -> TelegramApi:
    return TelegramApi()


@pytest.fixture
async def server(api: TelegramApi, aiohttp_server: AiohttpServer) -> TestServer:
    return await aiohttp_server(api.application())


@pytest.fixture
async def door(house: House, server: TestServer) -> AsyncIterator[TelegramDoor]:
    base = str(server.make_url("")).rstrip("/")
    accounts = {one.name: replace(one, api_base=base) for one in (MAIN, POLLED)}
    async with ClientSession() as session:
        opened = TelegramDoor(
            accounts=accounts, receive=house.receive, session=session, pace=Unhurried(), read_within=0.2
        )
        yield opened
        await opened.close()


@pytest.fixture
async def client(door: TelegramDoor, aiohttp_client: AiohttpClient) -> Client:
    app = web.Application()
    app.router.add_routes(door.routes())
    return await aiohttp_client(app)


async def post(client: Client, update: Any, *, path: str = PATH, secret: str = SECRET) -> aiohttp.ClientResponse:
    body = update if isinstance(update, bytes) else json.dumps(update).encode()
    return await client.post(path, data=body, headers={HEADER: secret, "Content-Type": "application/json"})


async def test_an_update_is_acknowledged_when_it_is_stored(client: Client, house: House) -> None:
    response = await post(client, wrote("怎么查话费"))
    assert (response.status, await response.read()) == (200, b"")
    assert [inbound.event for inbound in house.received] == [Said("怎么查话费")]


@pytest.mark.parametrize("secret", ["", "wrong", SECRET[:-1], "密码"])
async def test_without_the_secret_nothing_is_taken(client: Client, house: House, secret: str) -> None:
    response = await post(client, wrote("x"), secret=secret)
    assert response.status == 403
    assert house.received == []


async def test_a_secret_that_comes_twice_is_refused(client: Client, house: House) -> None:
    headers = [(HEADER, SECRET), (HEADER, SECRET)]
    assert (await client.post(PATH, json=wrote("x"), headers=headers)).status == 403
    assert house.received == []


async def test_an_account_that_polls_takes_no_posts(client: Client, house: House) -> None:
    assert (await post(client, wrote("x"), path="/channels/telegram/polled", secret="")).status == 403
    assert house.received == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[1]", 400),
        (b"{}", 400),
        (b"[" * 100_000, 400),
        (b"\xff\xfe{", 400),
        (b" " * (MOST_BYTES + 1), 413),
    ],
)
async def test_what_is_no_update_is_refused(client: Client, house: House, body: bytes, status: int) -> None:
    assert (await post(client, body)).status == status
    assert house.received == []


async def test_a_body_that_drips_is_refused(client: Client, house: House) -> None:
    async def drip() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(30)

    response = await client.post(PATH, data=drip(), headers={HEADER: SECRET})
    assert response.status == 408
    assert house.received == []


@pytest.mark.parametrize(
    "update", [{"update_id": 5}, {"update_id": 5, "poll": {"id": "1"}}, {"update_id": 5, "new": {}}]
)
async def test_what_we_do_not_know_is_acknowledged(client: Client, house: House, update: dict[str, Any]) -> None:
    assert (await post(client, update)).status == 200
    assert house.received == []


async def test_a_tap_is_answered_even_while_it_waits_to_be_stored(
    client: Client, house: House, api: TelegramApi
) -> None:
    house.stalled = asyncio.Event()
    posting = asyncio.create_task(post(client, tapped(Call("sendMessage", {"chat_id": str(CHAT)}, number=8), "human")))
    await asyncio.wait_for(api.acknowledged.wait(), 10)
    assert house.received == []
    house.stalled.set()
    assert (await posting).status == 200
    assert house.received[0].event == Said("human", choice="human")


async def test_a_tap_that_can_no_longer_be_answered_counts_all_the_same(
    client: Client, house: House, api: TelegramApi
) -> None:
    api.always["answerCallbackQuery"] = 400
    update = tapped(Call("sendMessage", {"chat_id": str(CHAT)}, number=8), "human")
    assert (await post(client, update)).status == 200
    assert len(house.received) == 1


async def test_the_stars_go_once_one_is_tapped_and_other_buttons_stay(
    client: Client, door: TelegramDoor, api: TelegramApi
) -> None:
    for choice in ("faq:fee", "survey:7:5"):
        await post(client, tapped(Call("sendMessage", {"chat_id": str(CHAT)}, number=8), choice))
    await door.close()
    (edit,) = api.of("editMessageReplyMarkup")
    assert (edit.chat, edit.asked["message_id"], "reply_markup" in edit.asked) == (CHAT, "8", False)


async def test_the_log_knows_neither_words_nor_secrets(client: Client) -> None:
    with capture_logs() as lines:
        await post(client, wrote("我的号码是13800000000"), secret="not-the-secret")
        await post(client, b'{"update_id": "13800000000"}')
        await post(client, {"update_id": 5, "message": {"text": "13800000000"}})
    said = str(lines)
    assert len(lines) >= 2
    assert [one for one in ("13800000000", "not-the-secret", SECRET) if one in said] == []
