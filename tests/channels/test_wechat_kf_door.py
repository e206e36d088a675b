"""Calls of WeCom over HTTP: what is written down, what is sent away, and what the URL check proves."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from pytest_aiohttp import AiohttpClient

from channels.accounts import WechatKfAccount
from channels.door import Busy
from tests.channels.wechat_kf_house import ACCOUNT, House, WeCom
from tests.wechat_kf_api import KF

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "wechat"


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def wecom(house: House, aiohttp_client: AiohttpClient) -> AsyncIterator[WeCom]:
    async with ClientSession() as session:
        app = web.Application()
        app.router.add_routes(house.door(session).routes())
        yield WeCom(await aiohttp_client(app))


async def test_a_call_is_written_down_before_it_is_answered(house: House, wecom: WeCom) -> None:
    response = await wecom.call("ENC1")
    assert (response.status, await response.text()) == (200, "success")
    (pending,) = await house.lists.pending("main", timedelta())
    assert (pending.source, pending.token, pending.cursor) == (KF, "ENC1", "")


async def test_a_call_that_comes_twice_is_one_look(house: House, wecom: WeCom) -> None:
    document = wecom.document("ENC1")
    for _ in range(2):
        assert (await wecom.post(document, nonce="12345")).status == 200
    assert len(await house.lists.pending("main", timedelta())) == 1


async def test_a_call_that_could_not_be_written_down_is_not_acknowledged(house: House, wecom: WeCom) -> None:
    house.lists.failure = Busy(3)
    response = await wecom.call("ENC1")
    assert (response.status, response.headers["Retry-After"]) == (503, "3")


async def test_the_url_check_answers_what_only_the_key_can_read(wecom: WeCom) -> None:
    response = await wecom.check("1616140317555161061")
    assert (response.status, await response.text()) == (200, "1616140317555161061")


async def test_the_url_check_of_another_company_is_refused(wecom: WeCom) -> None:
    assert (await wecom.check("1", receiver="wwforeign")).status == 403


@pytest.mark.parametrize("event", ["kf_account_auth_change", "change_contact", ""])
async def test_other_events_are_taken_and_mean_nothing(house: House, wecom: WeCom, event: str) -> None:
    assert (await wecom.call("ENC1", event=event)).status == 200
    assert house.lists.held == {}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no captured payloads here")
async def test_all_captured_documents_are_taken_or_plainly_refused(house: House, wecom: WeCom) -> None:
    statuses = {
        path.stem: (await wecom.post(path.read_text("utf-8"))).status for path in sorted(SAMPLES.glob("in-*.xml"))
    }
    assert set(statuses.values()) <= {200, 400}
    assert list(house.lists.held) == ["wkxxxxxxx"]


# What is sent away ---------------------------------------------------------------------------------------------------


async def test_a_replayed_nonce_carries_no_second_call(house: House, wecom: WeCom) -> None:
    assert (await wecom.post(wecom.document("ENC1"), nonce="12345")).status == 200
    assert (await wecom.post(wecom.document("ENC2"), nonce="12345")).status == 403
    assert house.lists.held[KF].token == "ENC1"


@pytest.mark.parametrize("late", [timedelta(minutes=-6), timedelta(minutes=6)])
async def test_a_stale_call_is_refused(house: House, wecom: WeCom, late: timedelta) -> None:
    wecom.now += late
    assert (await wecom.call("ENC1")).status == 403
    assert house.lists.held == {}


async def test_a_foreign_company_and_a_foreign_token_are_refused(house: House, wecom: WeCom) -> None:
    assert (await wecom.post(wecom.document("ENC1"), receiver="wwforeign")).status == 403
    wecom.account = WechatKfAccount("main", ACCOUNT.corp_id, token="guessed", encoding_aes_key=ACCOUNT.encoding_aes_key)
    assert (await wecom.call("ENC1")).status == 403
    assert house.lists.held == {}


async def test_what_was_signed_is_what_is_read(house: House, wecom: WeCom) -> None:
    other = wecom.encrypted(wecom.document("ENC2"))
    assert (await wecom.post(wecom.document("ENC1"), signed=other)).status == 403
    assert house.lists.held == {}


async def test_an_unknown_account_is_not_there(wecom: WeCom) -> None:
    wecom.account = WechatKfAccount(
        "else", ACCOUNT.corp_id, token="the-token", encoding_aes_key=ACCOUNT.encoding_aes_key
    )
    assert (await wecom.call("ENC1")).status == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xml>",
        b"<xml><Encrypt>AAAA</Encrypt></xml>",
        b"<!DOCTYPE x><xml/>",
        b"\0",
        b"<xml>" + b"<a>" * 20 + b"</a>" * 20 + b"</xml>",
    ],
)
async def test_broken_bodies_are_refused(house: House, wecom: WeCom, body: bytes) -> None:
    response = await wecom.client.post(wecom.path("AAAA"), data=body)
    assert response.status in (400, 403)
    assert house.lists.held == {}


async def test_a_body_that_is_too_large_is_refused_unread(wecom: WeCom) -> None:
    response = await wecom.client.post(wecom.path("AAAA"), data=b"x" * 70_000)
    assert response.status == 413


@pytest.mark.parametrize("kf", ["", "wk 1", "wk:1", "x" * 65])
async def test_a_list_without_a_name_is_refused(house: House, wecom: WeCom, kf: str) -> None:
    assert (await wecom.call("ENC1", kf=kf)).status == 400
    assert house.lists.held == {}
