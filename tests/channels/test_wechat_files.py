"""Files both ways: what customers sent is fetched, what agents send is uploaded first."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from pytest_aiohttp import AiohttpServer

from channels.accounts import WechatAccount
from channels.door import Address, Attachment, Choice, Message, Outbound, TryAgain, Undeliverable
from channels.tokens import LEAST_PAUSE, MemoryTokens
from channels.wechat.calls.media import LARGEST
from channels.wechat.door import WeChatDoor
from router.events import Kind, Media
from tests.channels.wechat_house import NOW, OPENID, PLAIN, House, message
from tests.outages import Outage
from tests.wechat_api import MEDIA, SEND, UPLOAD, WechatApi

PICTURE = Attachment("f-picture", "账单.png", "image/png", 4)
VOICE = Attachment("f-voice", "留言.amr", "audio/amr", 4)
PDF = Attachment("f-pdf", "合同.pdf", "application/pdf", 4)
HUMAN = Choice("human", "转人工")


@dataclass
class Shelf:
    """Our storage."""

    held: dict[str, bytes] = field(default_factory=lambda: {"f-picture": b"\x89PNG", "f-voice": b"#!AM"})

    async def read(self, attachment_id: str) -> bytes:
        return self.held[attachment_id]


def with_file(attachment: Attachment, text: str = "", *choices: Choice) -> Message:
    return Message(1, 3, "agent", text, choices, NOW, Kind.IMAGE, attachment)


def outbound(*messages: Message) -> Outbound:
    return Outbound(Address("wechat", "plain", OPENID), messages)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def api(house: House) -> WechatApi:
    return WechatApi(clock=lambda: house.now)


@pytest.fixture
async def server(api: WechatApi, aiohttp_server: AiohttpServer) -> TestServer:
    return await aiohttp_server(api.application())


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def account(server: TestServer) -> WechatAccount:
    return replace(PLAIN, api_base=str(server.make_url("")).rstrip("/"))


@pytest.fixture
def door(house: House, session: aiohttp.ClientSession, account: WechatAccount) -> WeChatDoor:
    return WeChatDoor(
        accounts={"plain": account},
        receive=house.receive,
        fulfil=house.fulfilled.append,
        miss=house.miss,
        session=session,
        tokens=MemoryTokens(lambda: house.now),
        clock=lambda: house.now,
        files=Shelf(),
    )


async def test_a_picture_is_uploaded_once_and_sent_by_its_id(api: WechatApi, door: WeChatDoor) -> None:
    await door.send(outbound(with_file(PICTURE)))
    await door.send(outbound(with_file(PICTURE)))
    assert api.sent == 2 * [{"touser": OPENID, "msgtype": "image", "image": {"media_id": "media-1"}}]
    (upload,) = api.uploads.values()
    assert (upload.form, upload.type, upload.content) == ("image", "image/png", b"\x89PNG")
    assert upload.name.endswith(".png")


async def test_what_wechat_has_forgotten_is_uploaded_again(api: WechatApi, house: House, door: WeChatDoor) -> None:
    await door.send(outbound(with_file(VOICE)))
    api.uploads.clear()
    await door.send(outbound(with_file(VOICE)))
    house.now += timedelta(days=3)
    await door.send(outbound(with_file(VOICE)))
    assert [body["voice"]["media_id"] for body in api.sent] == ["media-1", "media-2", "media-3"]
    api.always[SEND] = 40007
    with pytest.raises(Undeliverable, match="40007"):
        await door.send(outbound(with_file(VOICE)))
    assert api.calls[UPLOAD] == 4


async def test_a_picture_its_words_and_a_menu_arrive_in_this_order(api: WechatApi, door: WeChatDoor) -> None:
    await door.send(outbound(message("请看："), with_file(PICTURE, "这是您的账单"), message("还需要什么？", HUMAN)))
    assert [body["msgtype"] for body in api.sent] == ["text", "image", "msgmenu"]
    assert api.sent[-1]["msgmenu"]["head_content"] == "这是您的账单\n\n还需要什么？"


async def test_a_title_with_an_address_arrives_as_an_article(api: WechatApi, door: WeChatDoor) -> None:
    await door.send(outbound(Message(1, 3, "agent", "套餐介绍\nhttps://example.com/plan", (), NOW, Kind.LINK)))
    (article,) = api.sent[0]["news"]["articles"]
    assert (article["title"], article["url"]) == ("套餐介绍", "https://example.com/plan")


@pytest.mark.parametrize(
    ("attachment", "reason"),
    [
        (PDF, "file_type"),
        (Attachment("f-voice", "长.amr", "audio/amr", 3 * 1024 * 1024), "file_too_large"),
        (Attachment("f-gone", "无.png", "image/png", 4), "file_gone"),
    ],
    ids=["type", "size", "gone"],
)
async def test_a_file_that_has_no_way_is_given_up_before_anything_is_sent(
    api: WechatApi, door: WeChatDoor, attachment: Attachment, reason: str
) -> None:
    with pytest.raises(Undeliverable, match=reason):
        await door.send(outbound(with_file(attachment, "附件")))
    assert api.sent == []


@pytest.mark.parametrize("failure", [503, 500, -1, 45011, Outage.GARBAGE, Outage.DROPPED])
async def test_an_upload_that_fails_leaves_no_doubt(api: WechatApi, door: WeChatDoor, failure: int | Outage) -> None:
    api.fail(UPLOAD, failure)
    with pytest.raises(TryAgain) as caught:
        await door.send(outbound(with_file(PICTURE)))
    assert not caught.value.unsure
    await door.send(outbound(with_file(PICTURE)))
    assert len(api.sent) == 1


async def test_a_refused_token_is_renewed_for_an_upload_and_the_whole_file_sent_again(
    api: WechatApi, house: House, door: WeChatDoor
) -> None:
    await door.send(outbound(message("您好")))
    house.now += LEAST_PAUSE
    api.revoke()
    api.fail(UPLOAD, 40001)
    await door.send(outbound(with_file(PICTURE)))
    assert [upload.content for upload in api.uploads.values()] == [b"\x89PNG"]


async def test_a_customers_file_is_fetched_with_its_type_and_name(api: WechatApi, door: WeChatDoor) -> None:
    api.files["m1"] = ("image/jpeg", b"\xff\xd8 picture")
    fetched = await door.fetch("plain", Media("m1"))
    assert (fetched.content, fetched.type, fetched.name) == (b"\xff\xd8 picture", "image/jpeg", "m1.jpeg")


async def test_a_customers_video_is_fetched_from_where_wechat_keeps_it(
    api: WechatApi, account: WechatAccount, door: WeChatDoor
) -> None:
    api.videos["v1"] = account.api_base + "/video/1"
    assert (await door.fetch("plain", Media("v1"))).content == b"video"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/secret",
        "http://169.254.169.254/latest/meta-data",
        "https://evil.example/x.qq.com",
        "https://qq.com.evil.example/",
        "https://user:word@mp.weixin.qq.com/",
        "https://mp.weixin.qq.com:22/",
        "file:///etc/passwd",
        "https://[::1",
    ],
)
async def test_no_address_leads_elsewhere(api: WechatApi, door: WeChatDoor, url: str) -> None:
    api.videos["v1"] = url
    with pytest.raises(Undeliverable, match="host_foreign"):
        await door.fetch("plain", Media("v1"))


async def test_what_is_gone_too_large_or_nameless_is_given_up(api: WechatApi, door: WeChatDoor) -> None:
    with pytest.raises(Undeliverable, match="40007"):
        await door.fetch("plain", Media("expired"))
    with pytest.raises(Undeliverable, match="media_id_missing"):
        await door.fetch("plain", Media("", "账单.pdf"))
    api.files["large"] = ("video/mp4", bytes(LARGEST + 1))
    with pytest.raises(Undeliverable, match="answer_too_large"):
        await door.fetch("plain", Media("large"))


@pytest.mark.parametrize("failure", [503, -1, 45011, Outage.DROPPED])
async def test_what_cannot_be_fetched_now_is_asked_for_again(
    api: WechatApi, door: WeChatDoor, failure: int | Outage
) -> None:
    api.files["m1"] = ("image/jpeg", b"picture")
    api.always[MEDIA] = failure
    with pytest.raises(TryAgain) as caught:
        await door.fetch("plain", Media("m1"))
    assert not caught.value.unsure
    api.always.clear()
    assert (await door.fetch("plain", Media("m1"))).content == b"picture"
