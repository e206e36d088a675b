"""Sessions and messages at the web door."""

import asyncio
import json

import pytest
from pytest_aiohttp import AiohttpClient

from channels.door import Address, Busy, Choice, Outbound, Undeliverable
from channels.web.house import Standing
from router.events import Said
from tests.channels.web_house import Customer, House, application, doors


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def customer(house: House, aiohttp_client: AiohttpClient) -> Customer:
    return await Customer(await aiohttp_client(application(*doors(house)))).arrive()


async def test_opening_a_session_stores_no_message(house: House, customer: Customer) -> None:
    assert customer.contact.startswith("v:")
    assert house.received == []
    assert await customer.read(after_seq=0) == []


async def test_a_message_is_answered_with_its_number_and_the_replies(customer: Customer) -> None:
    response = await customer.say("怎么查话费")
    assert response.status == 201
    assert response.headers["Cache-Control"] == "no-store"
    assert await response.json() == {
        "seq": 1,
        "id": "1-1",
        "replies": [
            {
                "seq": 2,
                "id": "1-2",
                "sender": "bot",
                "text": "您说：怎么查话费",
                "choices": [],
                "sent_at": "2026-05-04T01:01:00.000Z",
            }
        ],
    }


async def test_a_resend_gets_the_same_answer_and_is_taken_once(house: House, customer: Customer) -> None:
    first, again = await customer.say("你好", "same"), await customer.say("你好", "same")
    assert (first.status, again.status) == (201, 200)
    assert await first.json() == await again.json()
    assert len(house.received) == 1


async def test_the_source_of_a_message_is_the_clients_own_id(house: House, customer: Customer) -> None:
    await customer.say("你好", "7f9c")
    assert house.received[0].source_id == "c:7f9c"
    assert house.received[0].address == customer.address()


async def test_a_tapped_choice_comes_with_its_id(house: House, customer: Customer) -> None:
    house.answer = lambda _said: (("bot", "请选择", (Choice("faq:1", "查话费"),)),)
    response = await customer.say("你好")
    assert (await response.json())["replies"][0]["choices"] == [{"id": "faq:1", "label": "查话费"}]
    await customer.say("查话费", "m2", choice="faq:1")
    assert house.received[1].event == Said("查话费", choice="faq:1")


async def test_a_flooding_contact_is_still_answered(house: House, customer: Customer) -> None:
    house.slowed = True
    assert (await customer.say("快")).status == 201


async def test_a_busy_house_says_when_to_come_back(house: House, customer: Customer) -> None:
    house.failure = Busy(after=3)
    response = await customer.say("你好")
    assert (response.status, response.headers["Retry-After"]) == (503, "3")
    assert (await response.json())["code"] == "busy"


@pytest.mark.parametrize(
    ("text", "client_msg_id", "code"),
    [
        ("字" * 4_001, "m", "text_too_long"),
        ("", "m", "text_missing"),
        (" \n", "m", "text_missing"),
        (7, "m", "text_missing"),
        (["你好"], "m", "text_missing"),
        ("a\0b", "m", "text_unreadable"),
        ("\ud83d", "m", "text_unreadable"),
        ("你好", "x" * 65, "client_msg_id_invalid"),
        ("你好", "a\nb", "client_msg_id_invalid"),
        ("你好", "编号", "client_msg_id_invalid"),
        ("你好", "", "client_msg_id_missing"),
        ("你好", 5, "client_msg_id_missing"),
    ],
)
async def test_a_message_out_of_bounds_is_refused(
    house: House, customer: Customer, text: object, client_msg_id: object, code: str
) -> None:
    response = await customer.say(text, client_msg_id)
    assert (response.status, response.content_type) == (422, "application/problem+json")
    problem = await response.json()
    assert (problem["status"], problem["code"]) == (422, code)
    assert house.received == []


async def test_the_longest_text_is_taken(customer: Customer) -> None:
    assert (await customer.say("😀" * 4_000)).status == 201


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 422),
        (b"null", 422),
        (b"\xff\xfe{}", 400),
        (b"[" * 60_000, 400),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400),
        (b'{"text": "' + b"x" * 65_536 + b'"}', 413),
        (b'{"n": ' + b"9" * 5_000 + b"}", 400),
    ],
)
async def test_a_body_that_is_no_message_is_refused(customer: Customer, body: bytes, status: int) -> None:
    response = await customer.client.post(f"{customer.base}/messages", data=body, headers=customer.headers)
    assert response.status == status


async def test_a_body_that_hides_its_length_is_cut_at_the_limit(customer: Customer) -> None:
    async def endless() -> object:
        for _ in range(10):
            yield b"x" * 8_192

    response = await customer.client.post(f"{customer.base}/messages", data=endless(), headers=customer.headers)
    assert response.status == 413


async def test_an_encoded_body_is_refused(customer: Customer) -> None:
    headers = {**customer.headers, "Content-Encoding": "gzip"}
    response = await customer.client.post(
        f"{customer.base}/messages", data=b"\x1f\x8b", headers=headers, skip_auto_headers=["Content-Type"]
    )
    assert response.status in (400, 415)


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer nobody", "Basic dG9rZW4=", "Bearer token-0-web-demox"])
async def test_nobody_speaks_without_a_token(house: House, customer: Customer, authorization: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    for path in ("messages", "standing"):
        response = await customer.client.get(f"{customer.base}/{path}", headers=headers)
        assert (response.status, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    response = await customer.client.post(f"{customer.base}/messages", json={}, headers=headers)
    assert response.status == 401
    assert house.received == []


async def test_one_session_never_reads_anothers_messages(customer: Customer) -> None:
    await customer.say("我的号码是多少")
    stranger = await Customer(customer.client).arrive()
    assert await stranger.read(after_seq=0) == []
    assert len(await customer.read(after_seq=0)) == 2


@pytest.mark.parametrize("base", ["/channels/web/other", "/channels/app/demo"])
async def test_a_token_is_worth_nothing_at_another_account_or_channel(customer: Customer, base: str) -> None:
    response = await customer.client.get(f"{base}/messages", headers=customer.headers)
    assert response.status == 401


async def test_an_unknown_account_is_not_found(customer: Customer) -> None:
    response = await customer.client.post("/channels/web/nobody/sessions", json={})
    assert (response.status, (await response.json())["code"]) == (404, "account_unknown")


async def test_the_backlog_starts_behind_the_number_given(customer: Customer) -> None:
    for number in range(3):
        await customer.say(f"第{number}句", f"m{number}")
    assert [message["seq"] for message in await customer.read(after_seq=4)] == [5, 6]
    assert [message["seq"] for message in await customer.read(before_seq=5, limit=2)] == [3, 4]
    assert [message["seq"] for message in await customer.read(after_seq=0, limit=3)] == [1, 2, 3]


@pytest.mark.parametrize(
    "query", ["after_seq=-1", "after_seq=x", "after_seq=1.5", "after_seq=%E2%91%A0", "wait=-1", "wait=nan", "wait=x"]
)
async def test_a_question_for_messages_that_makes_no_sense_is_refused(customer: Customer, query: str) -> None:
    response = await customer.client.get(f"{customer.base}/messages?{query}", headers=customer.headers)
    assert response.status == 422


async def test_a_long_poll_returns_with_the_next_message(house: House, customer: Customer) -> None:
    await customer.say("人工")
    polling = asyncio.create_task(customer.read(after_seq=2, wait=20))
    await house.watchers(customer.address(), 1)
    house.add(customer.address(), "agent", "您好，我是王芳")
    assert [(message["seq"], message["sender"]) for message in await polling] == [(3, "agent")]


async def test_a_long_poll_returns_empty_when_its_time_is_over(customer: Customer) -> None:
    assert await customer.read(after_seq=0, wait=0.05) == []


async def test_closing_the_door_ends_long_polls(house: House, aiohttp_client: AiohttpClient) -> None:
    web_door, _ = doors(house)
    customer = await Customer(await aiohttp_client(application(web_door))).arrive()
    polling = asyncio.create_task(customer.read(after_seq=0, wait=25))
    await house.watchers(customer.address(), 1)
    await web_door.close()
    assert await polling == []


async def test_the_standing_tells_who_has_the_word(house: House, customer: Customer) -> None:
    house.stand(customer.address(), Standing("queued", place=3, minutes=12))
    response = await customer.client.get(f"{customer.base}/standing", headers=customer.headers)
    assert await response.json() == {"status": "queued", "place": 3, "agent": "", "minutes": 12}


async def test_nothing_is_pushed_through_this_door(house: House) -> None:
    web_door, _ = doors(house)
    with pytest.raises(Undeliverable):
        await web_door.send(Outbound(Address("web", "demo", "v:1"), ()))


async def test_problems_never_repeat_what_was_sent(customer: Customer) -> None:
    response = await customer.say("13800138000" * 400)
    assert "13800138000" not in json.dumps(await response.json())


@pytest.mark.parametrize(("tag", "language"), [("en-GB", "en"), ("zh-Hant-HK", "zh-TW"), ("fr", ""), (7, "")])
async def test_a_message_may_name_the_language_of_the_page(
    house: House, customer: Customer, tag: object, language: str
) -> None:
    assert (await customer.say("hello", language=tag)).status == 201
    assert house.received[0].language == language
