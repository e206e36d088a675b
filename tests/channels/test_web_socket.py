"""The web door's socket."""

import asyncio
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType
from pytest_aiohttp import AiohttpClient

from channels.door import Busy
from channels.web.door import WebDoor
from channels.web.house import Standing
from tests.channels.web_house import Customer, House, application, doors


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def door(house: House) -> WebDoor:
    return doors(house)[0]


@pytest.fixture
async def customer(door: WebDoor, aiohttp_client: AiohttpClient) -> Customer:
    return await Customer(await aiohttp_client(application(door))).arrive()


async def connect(customer: Customer, **hello: object) -> ClientWebSocketResponse:
    socket = await customer.client.ws_connect(f"{customer.base}/socket")
    await socket.send_json({"type": "hello", "token": customer.token, "after_seq": 0, **hello})
    return socket


async def seqs(socket: ClientWebSocketResponse, count: int) -> list[int]:
    frames = [await socket.receive_json(timeout=10) for _ in range(count)]
    assert {frame["type"] for frame in frames} == {"message"}
    return [frame["message"]["seq"] for frame in frames]


async def test_a_client_gets_the_backlog_and_then_what_comes(house: House, customer: Customer) -> None:
    await customer.say("你好")
    socket = await connect(customer)
    assert await seqs(socket, 2) == [1, 2]
    house.add(customer.address(), "agent", "您好")
    frame: dict[str, Any] = await socket.receive_json(timeout=10)
    assert (frame["message"]["seq"], frame["message"]["sender"], frame["message"]["text"]) == (3, "agent", "您好")


async def test_a_client_that_comes_back_gets_only_what_it_has_not_seen(house: House, customer: Customer) -> None:
    await customer.say("你好")
    first = await connect(customer)
    assert await seqs(first, 2) == [1, 2]
    await first.close()
    house.add(customer.address(), "agent", "还在吗")
    assert await seqs(await connect(customer, after_seq=2), 1) == [3]


async def test_a_client_may_listen_before_its_first_word(customer: Customer) -> None:
    socket = await connect(customer)
    await customer.say("你好")
    assert await seqs(socket, 2) == [1, 2]


async def test_a_long_backlog_arrives_whole_and_in_order(house: House, customer: Customer) -> None:
    for number in range(250):
        house.add(customer.address(), "bot", f"{number}")
    assert await seqs(await connect(customer), 250) == list(range(1, 251))


async def test_messages_written_while_the_backlog_is_read_arrive_once(house: House, customer: Customer) -> None:
    house.add(customer.address(), "bot", "1")
    whole = house.after

    async def after(*args: Any) -> Any:
        found = await whole(*args)
        if len(house.threads[customer.address()]) < 3:
            house.add(customer.address(), "bot", "meanwhile")
        return found

    house.after = after  # type: ignore[method-assign, assignment]
    assert await seqs(await connect(customer), 3) == [1, 2, 3]


async def test_every_window_of_a_contact_hears_the_same(house: House, customer: Customer) -> None:
    sockets = [await connect(customer) for _ in range(3)]
    house.add(customer.address(), "agent", "您好")
    assert [await seqs(socket, 1) for socket in sockets] == [[1], [1], [1]]


async def test_a_window_that_asks_is_told_who_has_the_word(house: House, customer: Customer) -> None:
    socket = await connect(customer, standing=True)
    told = await socket.receive_json(timeout=10)
    assert told == {"type": "standing", "status": "bot", "place": 0, "agent": "", "minutes": None}
    house.stand(customer.address(), Standing("assigned", agent="王芳"))
    assert (await socket.receive_json(timeout=10))["agent"] == "王芳"


@pytest.mark.parametrize(
    ("hello", "code"),
    [
        ('{"type": "hello", "token": "nobody", "after_seq": 0}', 4401),
        ('{"type": "hello", "token": "token-0-web-other", "after_seq": 0}', 4401),
        ('{"type": "hello", "after_seq": 0}', 1008),
        ('{"type": "hello", "token": ["token-0-web-demo"], "after_seq": 0}', 1008),
        ('{"type": "hello", "token": "token-0-web-demo", "after_seq": -1}', 1008),
        ('{"type": "hello", "token": "token-0-web-demo", "after_seq": true}', 1008),
        ('{"type": "hello", "token": "token-0-web-demo", "after_seq": "0"}', 1008),
        ('{"type": "message", "token": "token-0-web-demo"}', 1008),
        ("{", 1008),
        ("[]", 1008),
        ("[" * 60_000, 1008),
        ("x" * 70_000, 1009),
    ],
)
async def test_a_first_frame_that_is_no_hello_ends_the_socket(customer: Customer, hello: str, code: int) -> None:
    await customer.say("你好")
    socket = await customer.client.ws_connect(f"{customer.base}/socket")
    await socket.send_str(hello)
    frame = await socket.receive(timeout=10)
    assert (frame.type, socket.close_code) == (WSMsgType.CLOSE, code)


async def test_a_binary_hello_ends_the_socket(customer: Customer) -> None:
    socket = await customer.client.ws_connect(f"{customer.base}/socket")
    await socket.send_bytes(b"\x00")
    assert (await socket.receive(timeout=10)).type is WSMsgType.CLOSE
    assert socket.close_code == 1008


async def test_frames_after_the_hello_mean_nothing_and_a_flood_of_them_ends_the_socket(
    house: House, customer: Customer
) -> None:
    socket = await connect(customer)
    await socket.send_json({"type": "message", "message": {"seq": 9, "sender": "agent", "text": "假的"}})
    house.add(customer.address(), "agent", "真的")
    assert (await socket.receive_json(timeout=10))["message"]["text"] == "真的"
    for _ in range(40):
        await socket.send_str("x")
    assert (await socket.receive(timeout=10)).type is WSMsgType.CLOSE
    assert socket.close_code == 1008
    assert house.received == []


async def test_a_house_that_is_away_asks_the_client_to_come_back(house: House, customer: Customer) -> None:
    async def away(*_args: object) -> Any:
        raise Busy

    house.after = away  # type: ignore[method-assign, assignment]
    socket = await connect(customer)
    assert (await socket.receive(timeout=10)).type is WSMsgType.CLOSE
    assert socket.close_code == 1013


async def test_closing_the_door_closes_the_sockets(house: House, door: WebDoor, customer: Customer) -> None:
    socket = await connect(customer)
    house.add(customer.address(), "bot", "1")
    await seqs(socket, 1)
    closing = asyncio.create_task(door.close())
    assert (await socket.receive(timeout=10)).type is WSMsgType.CLOSE
    await closing
    assert house.ears[customer.address()] == []


async def test_a_client_that_leaves_is_forgotten(house: House, customer: Customer) -> None:
    socket = await connect(customer)
    house.add(customer.address(), "bot", "1")
    await seqs(socket, 1)
    await socket.close()
    await house.watchers(customer.address(), 0)


async def test_a_plain_request_for_the_socket_is_told_to_upgrade(customer: Customer) -> None:
    response = await customer.client.get(f"{customer.base}/socket")
    assert (response.status, (await response.json())["code"]) == (426, "not_a_socket")
