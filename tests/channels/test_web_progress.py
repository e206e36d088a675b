"""Receipts, unread messages and typing at the web and app doors."""

from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType
from pytest_aiohttp import AiohttpClient

from channels.web.house import News, Reach
from tests.channels.web_house import Customer, House, application, doors


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture(params=["web", "app"])
async def customer(request: pytest.FixtureRequest, house: House, aiohttp_client: AiohttpClient) -> Customer:
    client = await aiohttp_client(application(*doors(house)))
    return await Customer(client, base=f"/channels/{request.param}/demo").arrive()


async def connect(customer: Customer, **hello: object) -> ClientWebSocketResponse:
    socket = await customer.client.ws_connect(f"{customer.base}/socket")
    await socket.send_json({"type": "hello", "token": customer.token, "after_seq": 0, **hello})
    return socket


async def post(customer: Customer, path: str, body: object) -> tuple[int, Any]:
    response = await customer.client.post(f"{customer.base}/{path}", json=body, headers=customer.headers)
    return response.status, await response.json() if response.status != 204 else None


async def unread(customer: Customer) -> int:
    response = await customer.client.get(f"{customer.base}/unread", headers=customer.headers)
    found: int = (await response.json())["unread"]
    return found


async def test_a_device_tells_what_has_arrived_and_what_was_read(customer: Customer) -> None:
    await customer.say("你好")
    assert await post(customer, "receipts", {"delivered": 2}) == (200, {"delivered": 2, "read": 0})
    assert await post(customer, "receipts", {"read": 1}) == (200, {"delivered": 2, "read": 1})


async def test_what_was_read_has_arrived(customer: Customer) -> None:
    await customer.say("你好")
    assert await post(customer, "receipts", {"read": 2}) == (200, {"delivered": 2, "read": 2})


async def test_receipts_never_go_back_nor_beyond_the_end(customer: Customer) -> None:
    await customer.say("你好")
    await post(customer, "receipts", {"read": 2})
    assert await post(customer, "receipts", {"delivered": 1, "read": 0}) == (200, {"delivered": 2, "read": 2})
    assert await post(customer, "receipts", {"delivered": 99}) == (200, {"delivered": 2, "read": 2})


@pytest.mark.parametrize(
    "body", [{}, {"read": -1}, {"read": True}, {"read": "2"}, {"delivered": 1.5}, {"delivered": 2**63}, {"read": []}]
)
async def test_receipts_that_make_no_sense_are_refused(customer: Customer, body: object) -> None:
    status, problem = await post(customer, "receipts", body)
    assert (status, problem["status"]) == (422, 422)


async def test_receipts_come_over_the_socket_too(house: House, customer: Customer) -> None:
    await customer.say("你好")
    socket = await connect(customer)
    await socket.send_json({"type": "receipts", "delivered": 2, "read": 1})
    await house.happened(lambda: house.reached.get(customer.address()) == Reach(2, 1))


async def test_unread_messages_are_those_to_the_customer_behind_the_last_one_read(
    house: House, customer: Customer
) -> None:
    assert await unread(customer) == 0
    await customer.say("你好")
    house.add(customer.address(), "agent", "您好")
    assert await unread(customer) == 2
    await post(customer, "receipts", {"read": 2})
    assert await unread(customer) == 1


async def test_a_device_that_asks_hears_what_the_desk_has_read(house: House, customer: Customer) -> None:
    await customer.say("你好")
    house.reached[customer.address()] = Reach(heard=1)
    asking, silent = await connect(customer, after_seq=2, receipts=True), await connect(customer, after_seq=2)
    assert await asking.receive_json(timeout=10) == {"type": "read", "seq": 1}
    house.reached[customer.address()] = Reach(heard=2)
    house.tell(customer.address(), News.REACH)
    assert await asking.receive_json(timeout=10) == {"type": "read", "seq": 2}
    house.add(customer.address(), "agent", "您好")
    assert (await silent.receive_json(timeout=10))["type"] == "message"


async def test_typing_goes_both_ways_and_only_once_a_second(house: House, customer: Customer) -> None:
    await customer.say("你好")
    socket = await connect(customer, after_seq=2, typing=True)
    await house.watchers(customer.address(), 1)
    for _ in range(5):
        await socket.send_json({"type": "typing"})
    await socket.send_json({"type": "receipts", "read": 1})
    await house.happened(lambda: house.reached.get(customer.address(), Reach()).read == 1)
    assert house.typed == [customer.address()]
    house.tell(customer.address(), News.TYPING)
    assert await socket.receive_json(timeout=10) == {"type": "typing", "sender": "agent"}


async def test_a_customer_without_a_socket_types_too(house: House, customer: Customer) -> None:
    assert await post(customer, "typing", {}) == (204, None)
    assert house.typed == [customer.address()]


@pytest.mark.parametrize("path", ["receipts", "typing", "unread"])
async def test_a_stranger_learns_and_tells_nothing(customer: Customer, path: str) -> None:
    ask = customer.client.get if path == "unread" else customer.client.post
    response = await ask(f"{customer.base}/{path}", headers={"Authorization": "Bearer nobody"})
    assert response.status == 401


async def test_an_ended_session_speaks_for_nobody_and_its_socket_closes(house: House, customer: Customer) -> None:
    await customer.say("你好")
    socket = await connect(customer, after_seq=2)
    await house.watchers(customer.address(), 1)
    response = await customer.client.delete(f"{customer.base}/sessions", headers=customer.headers)
    assert response.status == 204
    assert (await socket.receive(timeout=10)).type is WSMsgType.CLOSE
    assert socket.close_code == 4401
    assert (await customer.say("还在吗", "m2")).status == 401


async def test_a_customer_may_end_the_sessions_of_all_devices(house: House, customer: Customer) -> None:
    other = Customer(customer.client, base=customer.base, contact=customer.contact, token="another")
    house.tokens["another"] = customer.address()
    await customer.say("你好")
    socket = await connect(other, after_seq=2)
    await house.watchers(customer.address(), 1)
    await customer.client.delete(f"{customer.base}/sessions?all=1", headers=customer.headers)
    assert (await socket.receive(timeout=10)).type is WSMsgType.CLOSE


async def test_a_flood_of_frames_that_mean_something_ends_the_socket_too(customer: Customer) -> None:
    socket = await connect(customer)
    for _ in range(130):
        await socket.send_json({"type": "receipts", "read": 1})
    assert (await socket.receive(timeout=10)).type is WSMsgType.CLOSE
    assert socket.close_code == 1008


async def test_an_app_that_asks_for_what_comes_after_a_message_has_got_it(house: House, customer: Customer) -> None:
    await customer.say("你好")
    await customer.read(after_seq=2)
    arrived = house.reached.get(customer.address(), Reach())
    assert arrived == (Reach(delivered=2) if customer.base.startswith("/channels/app") else Reach())
