"""Long polling: nothing is confirmed before it is stored, and nobody is hammered."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from functools import partial

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from pytest_aiohttp import AiohttpServer
from structlog.testing import capture_logs

from channels.door import Busy
from channels.telegram.door import TelegramDoor
from channels.telegram.poller import LONGEST_PAUSE, Poller
from tests.channels.telegram_api import Call, Flood, Outage, TelegramApi
from tests.channels.telegram_house import CHAT, POLLED, House, Unhurried, tapped, wrote


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
    account = replace(POLLED, api_base=str(server.make_url("")).rstrip("/"))
    async with ClientSession() as session:
        opened = TelegramDoor(accounts={"polled": account}, receive=house.receive, session=session, pace=Unhurried())
        yield opened
        await opened.close()


@pytest.fixture
async def poller(door: TelegramDoor) -> Poller:
    return Poller(door.bots["polled"], "polled", partial(door.take, "polled"), held=0)


def ids(house: House) -> list[str]:
    return [inbound.source_id for inbound in house.received]


async def test_what_is_stored_is_confirmed_with_the_next_call(poller: Poller, house: House, api: TelegramApi) -> None:
    for number in (5, 6):
        api.update(wrote("在吗", number=number))
    assert [await poller.round() for _ in range(3)] == [0.0, 0.0, 0.0]
    assert api.offsets == [None, 7, None]
    assert (ids(house), api.waiting) == (["u:5", "u:6"], [])


async def test_what_could_not_be_stored_is_fetched_again_and_what_was_is_not_stored_twice(
    poller: Poller, house: House, api: TelegramApi
) -> None:
    house.failure = Busy()
    api.update(wrote("在吗", number=5))
    assert await poller.round() > 0
    house.failure = None
    await poller.round()
    await poller.round()
    assert api.offsets == [None, None, 6]
    assert ids(house) == ["u:5"]


async def test_messages_of_one_chat_stay_in_order_when_the_first_cannot_be_stored(
    door: TelegramDoor, house: House, api: TelegramApi
) -> None:
    refusals = [Busy()]

    async def take(update: Mapping[str, object]) -> None:
        if refusals and update["update_id"] == 5:
            raise refusals.pop()
        await door.take("polled", update)

    poller = Poller(door.bots["polled"], "polled", take, held=0)
    for number, chat in ((5, 1), (6, 1), (7, 2)):
        api.update(wrote("在吗", number=number, chat=chat))
    await poller.round()
    await poller.round()
    assert ids(house) == ["u:7", "u:5", "u:6"]


async def test_ids_that_begin_anew_after_a_quiet_week_are_fetched(
    poller: Poller, house: House, api: TelegramApi
) -> None:
    for number in (900_000_000, 17):
        api.update(wrote("在吗", number=number))
        await poller.round()
        await poller.round()
    assert ids(house) == ["u:900000000", "u:17"]


async def test_updates_that_nobody_understands_hold_up_no_others(
    poller: Poller, house: House, api: TelegramApi
) -> None:
    api.update({"update_id": 3, "message": {"message_id": "?"}})
    api.update({"update_id": 4, "something_new": {}})
    api.update(wrote("在吗", number=5))
    await poller.round()
    await poller.round()
    assert (ids(house), api.waiting) == (["u:5"], [])


async def test_a_tap_is_answered_when_polling_too(poller: Poller, house: House, api: TelegramApi) -> None:
    api.update(tapped(Call("sendMessage", {"chat_id": str(CHAT)}, number=8), "human"))
    await poller.round()
    assert len(house.received) == 1
    await asyncio.wait_for(api.acknowledged.wait(), 10)


async def test_while_another_polls_or_a_webhook_is_set_we_rest_and_say_so_once(
    poller: Poller, api: TelegramApi
) -> None:
    api.webhook = {"url": "https://example.com"}
    with capture_logs() as lines:
        rests = [await poller.round() for _ in range(3)]
        api.webhook = {}
        rests.append(await poller.round())
    assert rests == [LONGEST_PAUSE] * 3 + [0.0]
    assert [(line["event"], line.get("reason")) for line in lines] == [
        ("telegram.polls_in_vain", "conflict"),
        ("telegram.polls_again", None),
    ]


async def test_an_outage_is_met_with_longer_and_longer_rests(poller: Poller, api: TelegramApi) -> None:
    api.fail("getUpdates", 502, Outage.DROPPED, Outage.GARBAGE, Outage.PROXY, 500, 502, 502)
    rests = [await poller.round() for _ in range(8)]
    assert rests == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 0.0]


async def test_a_refused_token_is_told_and_tried_seldom(poller: Poller, api: TelegramApi) -> None:
    api.always["getUpdates"] = 401
    with capture_logs() as lines:
        assert await poller.round() == LONGEST_PAUSE
    assert [line["reason"] for line in lines] == ["token_refused"]


async def test_a_flood_is_rested_out(poller: Poller, api: TelegramApi) -> None:
    api.fail("getUpdates", Flood(13))
    assert await poller.round() == 13.0
