"""The WeChat door over HTTP: what it lets in, what it answers, and what it sends away."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import ClientSession
from pytest_aiohttp import AiohttpClient

from channels.accounts import WechatAccount
from channels.door import Choice
from channels.tokens import MemoryTokens
from channels.wechat.door import WeChatDoor
from channels.wechat.peer import Peer
from router.events import Followed, Kind, Said
from tests.channels.wechat_house import (
    COMPATIBLE,
    FOREIGN,
    NOW,
    OPENID,
    PLAIN,
    SAFE,
    SECONDS,
    House,
    WeChat,
    message,
)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as opened:
        yield opened


@pytest.fixture
async def wechat(house: House, session: ClientSession, aiohttp_client: AiohttpClient) -> WeChat:
    return WeChat(await aiohttp_client(house.application(session)))


def altered(path: str) -> Iterator[str]:
    """The path with each of its signed parameters missing, empty, changed and doubled."""
    base, _, query = path.partition("?")
    parts = query.split("&")
    for at, part in enumerate(parts):
        name, _, value = part.partition("=")
        if name == "echostr":
            continue
        changed = value[:-1] + ("1" if value[-1] != "1" else "2")
        for other in ([], [f"{name}="], [f"{name}={changed}"], [part, f"{name}={changed}"], [part, part]):
            if name == "signature" and "msg_signature" in query and not other:
                continue
            yield f"{base}?" + "&".join([*parts[:at], *other, *parts[at + 1 :]])


@pytest.mark.parametrize("account", [PLAIN, SAFE, COMPATIBLE], ids=lambda account: account.name)
async def test_a_text_is_answered_in_the_body_of_its_own_request(
    house: House, wechat: WeChat, account: WechatAccount
) -> None:
    assert await wechat.at(account).hear("怎么查话费 <b>&") == "您说：怎么查话费 <b>&"
    assert house.received[0].event == Said("怎么查话费 <b>&")
    assert house.received[0].address.account == account.name
    assert house.fulfilled == [1]


@pytest.mark.parametrize("account", [PLAIN, SAFE], ids=lambda account: account.name)
async def test_a_retry_gets_the_very_same_body(house: House, wechat: WeChat, account: WechatAccount) -> None:
    there = wechat.at(account)
    request = there.peer.text(OPENID, "你好", msg_id="77", now=SECONDS, nonce="1")
    first = await (await there.post(request)).read()
    retried = await (await there.post(request)).read()
    house.now += timedelta(seconds=5)
    signed_anew = there.peer.text(OPENID, "你好", msg_id="77", now=SECONDS + 5, nonce="2")
    later = await (await there.post(signed_anew)).read()
    assert first == retried == later
    assert len(house.received) == 1


async def test_choices_come_as_a_numbered_list(house: House, wechat: WeChat) -> None:
    house.answer = lambda said: (message("您是不是想问：", Choice("a", "查话费"), Choice("b", "查流量")),)
    assert await wechat.hear("查") == "您是不是想问：\n1. 查话费\n2. 查流量"


async def test_without_an_answer_wechat_hears_success(house: House, wechat: WeChat) -> None:
    house.answer = lambda said: ()
    assert await (await wechat.say("在吗")).read() == b"success"
    assert house.fulfilled == house.missed == []


@pytest.mark.parametrize("answer", ["", "套餐说明很长。" * 100])
async def test_an_answer_that_no_body_can_carry_is_left_to_be_pushed(house: House, wechat: WeChat, answer: str) -> None:
    house.answer = lambda said: (message(answer),)
    assert await (await wechat.say("在吗")).read() == b"success"
    assert (house.fulfilled, house.missed) == ([], [1])


async def test_a_follower_is_received(house: House, wechat: WeChat) -> None:
    request = wechat.peer.event(OPENID, "subscribe", key="qrscene_o:3", now=SECONDS, nonce="1")
    assert await (await wechat.post(request)).read() == b"success"
    assert house.received[0].event == Followed("o:3")


async def test_unknown_kinds_are_harmless_and_lose_nothing(house: House, wechat: WeChat) -> None:
    frame = f"<ToUserName>gh_1</ToUserName><FromUserName>{OPENID}</FromUserName><CreateTime>{SECONDS}</CreateTime>"
    event = await wechat.push(f"<xml>{frame}<MsgType>event</MsgType><Event>of_tomorrow</Event></xml>")
    assert (event.status, await event.read()) == (200, b"success")
    assert house.received == []
    assert (await wechat.push(f"<xml>{frame}<MsgType>hologram</MsgType><MsgId>9</MsgId></xml>")).status == 200
    assert house.received[0].event == Said("", Kind.OTHER)


async def test_ten_thousand_characters_are_taken_in_every_mode(house: House, wechat: WeChat) -> None:
    for account in (PLAIN, SAFE):
        assert (await wechat.at(account).say("话" * 10_000)).status == 200
    assert [inbound.event for inbound in house.received] == [Said("话" * 10_000)] * 2


@pytest.mark.parametrize("account", [PLAIN, SAFE, COMPATIBLE], ids=lambda account: account.name)
async def test_the_url_check_is_echoed_to_the_holder_of_the_token_only(wechat: WeChat, account: WechatAccount) -> None:
    check = Peer(account).url_check("5847<060>", now=SECONDS, nonce="1")
    response = await wechat.client.get(check.path)
    assert (response.status, await response.text()) == (200, "5847<060>")
    assert response.content_type == "text/plain"
    for path in altered(check.path):
        assert (await wechat.client.get(path)).status == 403, path
    stale = Peer(account).url_check("5847", now=SECONDS - 301, nonce="1")
    assert (await wechat.client.get(stale.path)).status == 403


@pytest.mark.parametrize("account", [PLAIN, SAFE, COMPATIBLE], ids=lambda account: account.name)
async def test_no_signed_parameter_can_be_altered(house: House, wechat: WeChat, account: WechatAccount) -> None:
    there = wechat.at(account)
    request = there.peer.text(OPENID, "你好", msg_id="1", now=SECONDS, nonce=there.nonce())
    for path in altered(request.path):
        assert (await there.post(request._replace(path=path))).status == 403, path
    assert house.received == []


async def test_no_byte_of_what_was_encrypted_can_be_altered(house: House, wechat: WeChat) -> None:
    request = wechat.peer.text(OPENID, "你好", msg_id="1", now=SECONDS, nonce="1")
    start = request.body.index(b"<Encrypt>") + len(b"<Encrypt><![CDATA[")
    end = request.body.index(b"]]></Encrypt>")
    for at in range(start, end):
        body = bytearray(request.body)
        body[at] = ord("A") if body[at] != ord("A") else ord("B")
        assert (await wechat.post(request._replace(body=bytes(body)))).status == 403
    assert house.received == []


async def test_what_is_not_encrypted_is_never_looked_at_where_there_is_a_key(house: House, wechat: WeChat) -> None:
    forged = Peer(PLAIN).text("oForged", "转账", msg_id="1", now=SECONDS, nonce="1")
    for account in (SAFE, COMPATIBLE):
        path = forged.path.replace("/plain?", f"/{account.name}?")
        for sent in (path, path + "&encrypt_type=raw", path + "&encrypt_type=aes", path + "&encrypt_type=AES"):
            assert (await wechat.post(forged._replace(path=sent))).status == 403
    there = wechat.at(COMPATIBLE)
    request = there.peer.text(OPENID, "你好", msg_id="2", now=SECONDS, nonce="2")
    swapped = request.body.replace(OPENID.encode(), b"oForged").replace("你好".encode(), "转账".encode())
    assert (await there.post(request._replace(body=swapped))).status == 200
    assert [(inbound.address.contact, inbound.event) for inbound in house.received] == [(OPENID, Said("你好"))]


async def test_the_body_of_another_app_is_refused(house: House, wechat: WeChat) -> None:
    assert (await wechat.at(FOREIGN).say("你好")).status == 403
    assert (await wechat.at(replace(SAFE, encoding_aes_key="Z" * 43)).say("你好")).status == 400
    assert (await wechat.at(replace(SAFE, token="another")).say("你好")).status == 403
    assert house.received == []


async def test_an_old_request_is_refused(house: House, wechat: WeChat) -> None:
    document = (
        "<xml><ToUserName>g</ToUserName><FromUserName>o</FromUserName><MsgType>text</MsgType><MsgId>{}</MsgId></xml>"
    )
    for number, seconds in enumerate((-301, 301)):
        assert (await wechat.push(document.format(number), late=timedelta(seconds=seconds))).status == 403
    assert house.received == []
    for number, seconds in enumerate((-300, 300)):
        assert (await wechat.push(document.format(number), late=timedelta(seconds=seconds))).status == 200


@pytest.mark.parametrize("account", [PLAIN, SAFE], ids=lambda account: account.name)
async def test_a_captured_signature_carries_no_second_message(
    house: House, wechat: WeChat, account: WechatAccount
) -> None:
    there = wechat.at(account)
    first = there.peer.text(OPENID, "你好", msg_id="1", now=SECONDS, nonce="1")
    second = there.peer.text(OPENID, "转账", msg_id="2", now=SECONDS, nonce="1")
    assert (await there.post(first)).status == 200
    assert (await there.post(second)).status == 403
    assert (await there.post(first)).status == 200
    assert len(house.received) == 1


async def test_in_plain_mode_a_captured_signature_carries_no_message_of_somebody_else(
    house: House, wechat: WeChat
) -> None:
    there = wechat.at(PLAIN)
    first = there.peer.text(OPENID, "你好", msg_id="1", now=SECONDS, nonce="1")
    assert (await there.post(first)).status == 200
    forged = there.peer.text("oSomebodyElse", "转账", msg_id="1", now=SECONDS, nonce="1")
    assert (await there.post(forged)).status == 403
    assert len(house.received) == 1


async def test_a_nonce_that_comes_again_by_chance_later_is_another_one(house: House, wechat: WeChat) -> None:
    for late in (0, 60):
        request = wechat.peer.text(OPENID, "你好", msg_id=f"{late}", now=SECONDS + late, nonce="1")
        assert (await wechat.post(request)).status == 200
    assert len(house.received) == 2


async def test_a_tapped_menu_item_that_stands_for_a_question_is_answered_at_once(house: House, wechat: WeChat) -> None:
    request = wechat.peer.event(OPENID, "CLICK", key="say:怎么查话费", now=SECONDS, nonce=wechat.nonce())
    reply = wechat.peer.read(await (await wechat.post(request)).read())
    assert reply is not None
    assert reply.text == "您说：怎么查话费"


async def test_nobody_else_is_served(wechat: WeChat) -> None:
    assert (await wechat.at(replace(SAFE, name="unknown")).say("你好")).status == 404
    assert (await wechat.client.get("/channels/wechat/unknown")).status == 404
    assert (await wechat.client.get("/channels/wechat/safe")).status == 403
    assert (await wechat.client.post("/channels/wechat/safe")).status == 403
    assert (await wechat.client.put("/channels/wechat/safe")).status == 405


async def test_an_answer_that_comes_too_late_is_left_to_the_retry(
    house: House, session: ClientSession, aiohttp_client: AiohttpClient
) -> None:
    wechat = WeChat(await aiohttp_client(house.application(session, answer_within=0.05)))
    house.stalled = asyncio.Event()
    late = await wechat.say("你好", msg_id="1")
    assert (late.status, late.headers["Retry-After"]) == (503, "1")
    assert house.fulfilled == []
    house.stalled.set()
    assert (await wechat.say("你好", msg_id="1")).status == 200
    assert house.fulfilled == [1]


async def test_an_account_that_needs_a_key_does_not_start_without_one(house: House, session: ClientSession) -> None:
    with pytest.raises(ValueError, match=r"wechat\.safe"):
        WeChatDoor(
            accounts={"safe": replace(SAFE, encoding_aes_key="")},
            receive=house.receive,
            fulfil=house.fulfilled.append,
            miss=house.miss,
            session=session,
            tokens=MemoryTokens(lambda: NOW),
        )
