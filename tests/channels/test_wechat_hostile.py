"""Hostile requests at the WeChat door: always a plain refusal, and nothing of them in the log."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_aiohttp import AiohttpClient
from structlog.testing import capture_logs

from channels.accounts import WechatAccount
from channels.body import MOST_BYTES
from channels.wechat.peer import Peer, Request
from channels.weixin.signature import sign
from tests.channels.wechat_house import ACCOUNTS, OPENID, PATIENT, PLAIN, SAFE, SECONDS, House, WeChat

BOMB = '<!DOCTYPE xml [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><xml>&c;</xml>'


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def wechat(house: House, aiohttp_client: AiohttpClient) -> AsyncIterator[WeChat]:
    async with ClientSession() as session:
        yield WeChat(await aiohttp_client(house.application(session)))


def signed(account: WechatAccount, body: bytes, nonce: str) -> Request:
    """A genuine signature over whatever body."""
    request = Peer(account).post("<xml/>", now=SECONDS, nonce=nonce)
    if account is PLAIN:
        return request._replace(body=body)
    query = {"timestamp": str(SECONDS), "nonce": nonce, "encrypt_type": "aes"}
    inner = body.decode("latin-1")
    query["msg_signature"] = sign(account.token, str(SECONDS), nonce, inner)
    return Request(
        f"/channels/wechat/{account.name}?{urlencode(query)}", f"<xml><Encrypt>{inner}</Encrypt></xml>".encode()
    )


@asynccontextmanager
async def served(application: web.Application) -> AsyncIterator[tuple[web.AppRunner, int]]:
    """A server as in production, which lets handlers finish when their connection is lost; and its port."""
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner, runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def opened(wechat: WeChat) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A bare connection to the door."""
    server = wechat.client.server
    assert isinstance(server, TestServer)
    return await asyncio.open_connection(server.host, server.port)


@pytest.mark.parametrize("account", [PLAIN, SAFE], ids=lambda account: account.name)
@pytest.mark.parametrize(
    "document",
    [
        BOMB,
        "<xml>" + "<a>" * 9_000,
        "<xml><MsgType>text</MsgType><FromUserName><a/></FromUserName></xml>",
        "<xml><MsgType>text</MsgType></xml>",
        "<xml><MsgType>text</MsgType><MsgType>text</MsgType></xml>",
        "<xml><MsgType>text</MsgType><Content>\0</Content></xml>",
        "no xml",
        "",
    ],
    ids=range(8),
)
async def test_a_hostile_document_in_a_genuine_request_is_refused(
    house: House, wechat: WeChat, account: WechatAccount, document: str
) -> None:
    assert (await wechat.at(account).push(document)).status == 400
    assert house.received == []


@pytest.mark.parametrize("body", [BOMB.encode(), b"<xml>\xff</xml>", b"<xml><Encrypt><a/></Encrypt></xml>", b"<xml/>"])
async def test_a_hostile_wrapping_of_an_encrypted_body_is_refused(house: House, wechat: WeChat, body: bytes) -> None:
    request = wechat.peer.text(OPENID, "你好", msg_id="1", now=SECONDS, nonce="1")
    assert (await wechat.post(request._replace(body=body))).status in (400, 403)
    assert house.received == []


async def test_a_large_body_is_refused_by_its_announced_length_and_by_its_bytes(house: House, wechat: WeChat) -> None:
    request = signed(PLAIN, b"<xml>" + b"x" * MOST_BYTES + b"</xml>", "1")
    assert (await wechat.post(request)).status == 413

    async def in_parts() -> AsyncIterator[bytes]:
        for at in range(0, len(request.body), 8_192):
            yield request.body[at : at + 8_192]

    assert (await wechat.client.post(request.path, data=in_parts())).status == 413
    assert house.received == []


async def test_a_body_in_parts_is_read_whole(house: House, wechat: WeChat) -> None:
    request = wechat.peer.text(OPENID, "你好", msg_id="1", now=SECONDS, nonce="1")

    async def in_parts() -> AsyncIterator[bytes]:
        for at in range(0, len(request.body), 50):
            yield request.body[at : at + 50]
            await asyncio.sleep(0)

    assert (await wechat.client.post(request.path, data=in_parts())).status == 200
    assert len(house.received) == 1


async def test_a_body_that_trickles_is_given_up(house: House, aiohttp_client: AiohttpClient) -> None:
    async with ClientSession() as session:
        wechat = WeChat(await aiohttp_client(house.application(session, answer_within=0.05)))
        reader, writer = await opened(wechat)
        request = wechat.peer.text(OPENID, "你好", msg_id="1", now=SECONDS, nonce="1")
        writer.write(f"POST {request.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n<xml>".encode())
        async with asyncio.timeout(10):
            assert b" 408 " in await reader.readline()
        writer.close()
    assert house.received == []


async def test_a_reply_that_nobody_waits_for_does_not_count_as_sent(house: House) -> None:
    house.stalled = asyncio.Event()
    request = Peer(SAFE).text(OPENID, "你好", msg_id="1", now=SECONDS, nonce="1")
    head = f"POST {request.path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(request.body)}\r\n\r\n"
    async with ClientSession() as session, served(house.application(session)) as (runner, port), asyncio.timeout(20):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head.encode() + request.body)
        await house.reached.wait()
        writer.transport.abort()
        assert runner.server is not None
        while any(each.transport for each in runner.server.connections):  # noqa: ASYNC110 (no event tells of a loss)
            await asyncio.sleep(0.01)
        house.stalled.set()
        retry = await session.post(f"http://127.0.0.1:{port}{request.path}", data=request.body)
        assert retry.status == 200
    assert house.fulfilled == [1]
    assert house.missed == [1]


async def test_a_compressed_body_is_refused(house: House, wechat: WeChat) -> None:
    request = signed(PLAIN, zlib.compress(b"<xml>" + b"x" * 50_000_000), "1")
    headers = {"Content-Encoding": "deflate"}
    refused = await wechat.client.post(request.path, data=request.body, headers=headers)
    assert refused.status == 400
    assert house.received == []


@pytest.mark.parametrize(
    "frame",
    [
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n<xml>\r\n0\r\n\r\n",
        b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: 99999999999999999999\r\n\r\n<xml/>",
    ],
)
async def test_broken_framing_never_reaches_the_house(house: House, wechat: WeChat, frame: bytes) -> None:
    path = signed(PLAIN, b"", "1").path
    reader, writer = await opened(wechat)
    writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".encode() + frame)
    writer.write_eof()
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    assert answer == b"" or answer.split()[1] in (b"400", b"413"), answer
    assert house.received == []


async def test_a_refusal_is_logged_without_anything_the_sender_wrote(wechat: WeChat) -> None:
    with capture_logs() as lines:
        await wechat.push(f"<xml><FromUserName>{OPENID}</FromUserName><MsgType>text</MsgType><Content>13800000000")
        await wechat.client.get("/channels/wechat/13800000000?echostr=13800000000")
    assert lines == [
        {
            "event": "wechat.refused",
            "account": "safe",
            "reason": "xml_broken",
            "status": 400,
            "log_level": "info",
        },
        {"event": "wechat.refused", "account": "", "reason": "account_unknown", "status": 404, "log_level": "info"},
    ]


PARTS = st.text(st.characters(codec="ascii"), max_size=30) | st.sampled_from(
    ["aes", "raw", str(SECONDS), "话", "\udcff"]
)
QUERY = st.dictionaries(
    st.sampled_from(["signature", "timestamp", "nonce", "encrypt_type", "msg_signature", "echostr", "openid", "", "x"]),
    PARTS,
)


@settings(PATIENT, max_examples=150)
@given(
    method=st.sampled_from(["GET", "POST"]),
    account=st.sampled_from([*ACCOUNTS, "unknown"]),
    query=QUERY,
    body=st.binary(max_size=200),
    genuine=st.booleans(),
)
def test_no_request_makes_the_door_stumble(
    method: str, account: str, query: dict[str, str], body: bytes, genuine: bool
) -> None:
    """Each example has a door and a loop of its own."""

    async def ask() -> int:
        house = House()
        async with ClientSession() as session, TestServer(house.application(session)) as server:
            path = f"/channels/wechat/{account}?{urlencode(query, errors='surrogateescape')}"
            if genuine and account in ACCOUNTS:
                path, sent = signed(ACCOUNTS[account], body, "1")
            else:
                sent = body
            response = await session.request(method, server.make_url(path), data=sent)
            assert house.received == []
            return response.status

    assert asyncio.run(ask()) < 500
