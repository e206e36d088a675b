"""Pushing to customers through a WeChat API that can fail in every way."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest
from aiohttp.test_utils import TestServer, unused_port
from pytest_aiohttp import AiohttpServer

from channels.accounts import WechatAccount
from channels.door import Address, Choice, Message, Outbound, TryAgain, Undeliverable
from channels.tokens import LEAST_PAUSE, MemoryTokens
from channels.wechat.calls.api import Api
from channels.wechat.calls.media import FORMS
from channels.wechat.calls.post import Post
from channels.wechat.calls.push import push
from channels.wechat.door import WeChatDoor
from channels.weixin.files import Uploads
from channels.weixin.pieces import LIMIT
from tests.channels.wechat_house import OPENID, PLAIN, House, message
from tests.outages import Outage
from tests.wechat_api import SEND, TOKEN, TYPING, WechatApi

STARS = tuple(Choice(f"survey:7:{star}", "★" * star) for star in (5, 4, 3))


def outbound(*messages: Message, survey: bool = False, account: str = "plain") -> Outbound:
    return Outbound(Address("wechat", account, OPENID), messages, survey)


HELLO = outbound(message("您好"))


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
        accounts={"plain": account, "silent": replace(account, name="silent", app_secret="")},
        receive=house.receive,
        fulfil=house.fulfilled.append,
        miss=house.miss,
        session=session,
        tokens=MemoryTokens(lambda: house.now),
        clock=lambda: house.now,
    )


async def test_messages_of_a_turn_arrive_as_one_text(api: WechatApi, door: WeChatDoor) -> None:
    await door.send(outbound(message("您好"), message("客服 <小李> 为您服务。")))
    assert api.sent == [
        {"touser": OPENID, "msgtype": "text", "text": {"content": "您好\n\n客服 <小李> 为您服务。"}},
    ]


async def test_a_survey_arrives_as_a_menu_to_tap(api: WechatApi, door: WeChatDoor) -> None:
    await door.send(outbound(message("您对这次服务满意吗？", *STARS), survey=True))
    menu = {
        "head_content": "您对这次服务满意吗？",
        "list": [{"id": choice.id, "content": choice.label} for choice in STARS],
        "tail_content": "",
    }
    assert api.sent == [{"touser": OPENID, "msgtype": "msgmenu", "msgmenu": menu}]


async def test_one_token_serves_all_messages_until_shortly_before_its_end(
    api: WechatApi, house: House, door: WeChatDoor
) -> None:
    for minutes in (0, 60, 114):
        house.now += timedelta(minutes=minutes) - (house.now - House().now)
        await door.send(HELLO)
    assert api.token_calls == 1
    house.now += timedelta(minutes=2)
    await door.send(HELLO)
    assert api.token_calls == 2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_refused_token_is_renewed_once_and_the_message_sent_again(
    api: WechatApi, house: House, door: WeChatDoor, code: int
) -> None:
    await door.send(HELLO)
    house.now += LEAST_PAUSE
    api.revoke()
    api.fail(SEND, code)
    await door.send(HELLO)
    assert len(api.sent) == 2
    assert (api.token_calls, api.send_calls) == (2, 3)


async def test_a_token_that_stays_refused_is_fetched_twice_a_minute_at_most(
    api: WechatApi, house: House, door: WeChatDoor
) -> None:
    api.always[SEND] = 40001
    for _ in range(60):
        with pytest.raises(TryAgain, match="40001") as caught:
            await door.send(HELLO)
        assert not caught.value.unsure
        house.now += timedelta(seconds=5)
    assert api.token_calls <= 10
    api.always.clear()
    house.now += LEAST_PAUSE
    await door.send(HELLO)
    assert len(api.sent) == 1


@pytest.mark.parametrize("failure", [500, 503, -1, 45011, Outage.GARBAGE, Outage.LIST, Outage.DROPPED])
async def test_without_a_token_nothing_was_sent_and_all_may_come_back(
    api: WechatApi, house: House, door: WeChatDoor, failure: int | Outage
) -> None:
    api.always[TOKEN] = failure
    for _ in range(5):
        with pytest.raises(TryAgain) as caught:
            await door.send(HELLO)
        assert not caught.value.unsure
    assert api.token_calls == 1
    api.always.clear()
    house.now += LEAST_PAUSE
    await door.send(HELLO)
    assert len(api.sent) == 1


@pytest.mark.parametrize("lifetime", [0, 1, 60])
async def test_tokens_that_hardly_live_are_not_fetched_for_every_message(
    api: WechatApi, door: WeChatDoor, lifetime: int
) -> None:
    api.lifetime = lifetime
    for _ in range(4):
        await door.send(HELLO)
    assert api.token_calls == 1


@pytest.mark.parametrize("code", [45015, 45047, 40003, 43004, 48001, 40164, 45008])
async def test_what_a_repeat_cannot_change_is_undeliverable(api: WechatApi, door: WeChatDoor, code: int) -> None:
    api.fail(SEND, code)
    with pytest.raises(Undeliverable, match=str(code)):
        await door.send(HELLO)
    assert api.send_calls == 1


async def test_a_secret_that_is_wrong_is_undeliverable(api: WechatApi, door: WeChatDoor) -> None:
    api.secret = "another"
    with pytest.raises(Undeliverable, match="40125"):
        await door.send(HELLO)


async def test_the_window_and_the_quota_of_a_contact_end_its_messages(api: WechatApi, door: WeChatDoor) -> None:
    for _ in range(5):
        await door.send(HELLO)
    with pytest.raises(Undeliverable, match="45047"):
        await door.send(HELLO)
    api.closed.add(OPENID)
    with pytest.raises(Undeliverable, match="45015"):
        await door.send(HELLO)


async def test_a_used_up_day_ends_at_midnight_in_beijing(api: WechatApi, door: WeChatDoor) -> None:
    api.fail(SEND, 45009)
    with pytest.raises(TryAgain, match="45009") as caught:
        await door.send(HELLO)
    assert caught.value.after == timedelta(hours=15)


@pytest.mark.parametrize(
    ("failure", "after", "unsure"),
    [
        (-1, None, False),
        (45011, timedelta(seconds=60), False),
        (429, timedelta(seconds=60), False),
        (404, None, False),
        (502, None, False),
        (503, None, False),
        (500, None, True),
        (504, None, True),
        (Outage.GARBAGE, None, True),
        (Outage.LIST, None, True),
        (Outage.DROPPED, None, True),
    ],
)
async def test_what_may_pass_is_tried_again_and_doubt_is_told(
    api: WechatApi, door: WeChatDoor, failure: int | Outage, after: timedelta | None, unsure: bool
) -> None:
    api.fail(SEND, failure)
    with pytest.raises(TryAgain) as caught:
        await door.send(HELLO)
    assert (caught.value.after, caught.value.unsure) == (after, unsure)


@pytest.mark.parametrize("outage", [Outage.HANG, Outage.DRIP])
async def test_an_answer_that_never_comes_or_never_ends_leaves_a_doubt(
    api: WechatApi, house: House, session: aiohttp.ClientSession, account: WechatAccount, outage: Outage
) -> None:
    api.fail(SEND, outage)
    hasty = Api(
        session,
        MemoryTokens(lambda: house.now),
        lambda: house.now,
        timeout=aiohttp.ClientTimeout(total=0.2),
    )
    with pytest.raises(TryAgain) as caught:
        await push(hasty, Uploads(FORMS, None, lambda: house.now), account, HELLO)
    assert caught.value.unsure
    api.outages.released.set()


async def test_an_address_where_nobody_listens_leaves_no_doubt(
    house: House, session: aiohttp.ClientSession, account: WechatAccount
) -> None:
    api = Api(session, MemoryTokens(lambda: house.now), lambda: house.now)
    uploads = Uploads(FORMS, None, lambda: house.now)
    with pytest.raises(TryAgain) as caught:
        await push(api, uploads, replace(account, api_base=f"http://127.0.0.1:{unused_port()}"), HELLO)
    assert not caught.value.unsure
    with pytest.raises(Undeliverable):
        await push(api, uploads, replace(account, app_id="wx1", api_base="no address"), HELLO)


async def test_a_long_text_arrives_in_parts_and_its_menu_last(api: WechatApi, door: WeChatDoor) -> None:
    text = "这是一句说明，讲的是套餐。" * 100
    await door.send(outbound(message(text, *STARS)))
    assert [body["msgtype"] for body in api.sent] == ["text", "msgmenu"]
    parts = [*api.texts(), api.sent[-1]["msgmenu"]["head_content"]]
    assert "".join(parts) == text
    assert all(len(part.encode()) <= LIMIT for part in parts)


async def test_what_wechat_finds_too_long_is_split_further(api: WechatApi, door: WeChatDoor) -> None:
    api.fail(SEND, 45002)
    text = "这是一句说明，讲的是套餐。" * 20
    await door.send(outbound(message(text)))
    assert len(api.sent) == 2
    assert "".join(api.texts()) == text


async def test_what_stays_too_long_is_given_up(api: WechatApi, door: WeChatDoor) -> None:
    api.always[SEND] = 45002
    with pytest.raises(Undeliverable, match="45002"):
        await door.send(outbound(message("这是一句说明。" * 90)))
    assert api.send_calls < 10


async def test_after_a_first_part_has_arrived_a_failure_leaves_a_doubt(api: WechatApi, door: WeChatDoor) -> None:
    api.fail(SEND, None, 503)
    with pytest.raises(TryAgain) as caught:
        await door.send(outbound(message("这是一句说明，讲的是套餐。" * 100)))
    assert caught.value.unsure
    assert len(api.sent) == 1


async def test_a_message_that_was_taken_without_an_answer_is_never_sent_twice(api: WechatApi, door: WeChatDoor) -> None:
    api.fail(SEND, Outage.SWALLOWED)
    with pytest.raises(TryAgain) as caught:
        await door.send(HELLO)
    assert caught.value.unsure
    assert len(api.sent) == 1


@pytest.mark.parametrize("outage", [Outage.HANG, Outage.DRIP])
async def test_a_token_that_never_comes_leaves_no_doubt(
    api: WechatApi, house: House, session: aiohttp.ClientSession, account: WechatAccount, outage: Outage
) -> None:
    api.fail(TOKEN, outage)
    hasty = Api(session, MemoryTokens(lambda: house.now), lambda: house.now, timeout=aiohttp.ClientTimeout(total=0.2))
    with pytest.raises(TryAgain, match="token_broken_off") as caught:
        await push(hasty, Uploads(FORMS, None, lambda: house.now), account, HELLO)
    assert not caught.value.unsure
    api.outages.released.set()


async def test_windows_and_quotas_are_those_of_the_platform(api: WechatApi, house: House, door: WeChatDoor) -> None:
    api.tapped(OPENID)
    for _ in range(3):
        await door.send(HELLO)
    with pytest.raises(Undeliverable, match="45047"):
        await door.send(HELLO)
    house.now += timedelta(minutes=1)
    with pytest.raises(Undeliverable, match="45015"):
        await door.send(HELLO)
    api.spoke(OPENID)
    house.now += timedelta(hours=47)
    for _ in range(5):
        await door.send(HELLO)
    house.now += timedelta(hours=1)
    with pytest.raises(Undeliverable, match="45015"):
        await door.send(HELLO)


@pytest.mark.parametrize(
    ("code", "trouble"),
    [(40164, "address_unlisted"), (48001, "not_permitted"), (45009, "day_quota"), (45047, ""), (43004, "")],
)
async def test_what_is_wrong_with_the_whole_account_is_told_apart(
    api: WechatApi, door: WeChatDoor, code: int, trouble: str
) -> None:
    api.fail(SEND, code)
    with pytest.raises((TryAgain, Undeliverable)) as caught:
        await door.send(HELLO)
    assert caught.value.trouble == trouble  # type: ignore[attr-defined]


async def test_each_account_has_a_token_and_failures_of_its_own(
    aiohttp_server: AiohttpServer, api: WechatApi, house: House, session: aiohttp.ClientSession, account: WechatAccount
) -> None:
    other = WechatApi(app_id="wx2", secret="s2", clock=lambda: house.now)
    served = await aiohttp_server(other.application())
    second = replace(
        account, name="second", app_id="wx2", app_secret="s2", api_base=str(served.make_url("")).rstrip("/")
    )
    post = Post({"plain": account, "second": second}, session, MemoryTokens(lambda: house.now), lambda: house.now)
    api.always[TOKEN] = 503
    with pytest.raises(TryAgain):
        await post.send(HELLO)
    await post.send(outbound(message("您好"), account="second"))
    assert (len(api.sent), len(other.sent)) == (0, 1)


async def test_somebody_typing_is_shown_and_never_fails(api: WechatApi, door: WeChatDoor) -> None:
    where = Address("wechat", "plain", OPENID)
    await door.typing(where)
    await door.typing(where)
    assert api.typed == [OPENID]
    api.always[TYPING] = 500
    await door.typing(where)
    await door.typing(Address("wechat", "silent", OPENID))


async def test_an_account_that_cannot_push_says_so(door: WeChatDoor) -> None:
    for name in ("silent", "unknown"):
        with pytest.raises(Undeliverable):
            await door.send(outbound(message("您好"), account=name))
    with pytest.raises(Undeliverable, match="empty"):
        await door.send(outbound(message("")))


async def test_failures_never_carry_the_token_or_the_secret(api: WechatApi, door: WeChatDoor) -> None:
    api.fail(SEND, Outage.DROPPED)
    with pytest.raises(TryAgain) as caught:
        await door.send(HELLO)
    error: BaseException | None = caught.value
    while error is not None and not error.__suppress_context__:
        error = error.__context__
        assert error is None or "token-1" not in repr(error)
    assert "app-secret" not in repr(PLAIN)
