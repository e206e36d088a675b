"""Notices stand for messages that WeChat takes no more, and lead to a page."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from pytest_aiohttp import AiohttpServer

from channels.accounts import Notice, NoticeKind, WechatAccount
from channels.door import Address, Choice, Message, Outbound, TryAgain, Undeliverable
from channels.tokens import MemoryTokens
from channels.wechat.calls.notices import filled
from channels.wechat.calls.post import Post
from tests.channels.wechat_house import OPENID, PLAIN, House, message
from tests.outages import Outage
from tests.wechat_api import SEND, SUBSCRIPTION, TEMPLATE, WechatApi

REPLY = Notice("t-reply", {"thing1": "您有新的客服回复", "thing2": "{text}", "time3": "{time}"})
SURVEY = Notice("t-survey", {"thing1": "邀请您评价服务"}, NoticeKind.SUBSCRIPTION)
PAGE = "https://kf.example.cn/answer/x"


def outbound(*messages: Message, survey: bool = False, notice: bool = True, page: str = PAGE) -> Outbound:
    return Outbound(Address("wechat", "plain", OPENID), messages, survey=survey, page=page, notice=notice)


ANSWER = message("宽带已经修好，请重启光猫试试看，还有问题请回复我们。")


@pytest.fixture
def api() -> WechatApi:
    return WechatApi(clock=lambda: House().now)


@pytest.fixture
async def server(api: WechatApi, aiohttp_server: AiohttpServer) -> TestServer:
    return await aiohttp_server(api.application())


@pytest.fixture
def account(server: TestServer) -> WechatAccount:
    base = str(server.make_url("")).rstrip("/")
    return replace(PLAIN, api_base=base, reply_notice=REPLY, survey_notice=SURVEY)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def post(session: aiohttp.ClientSession, account: WechatAccount) -> Post:
    accounts = {"plain": account, "bare": replace(account, reply_notice=None)}
    now = House().now
    return Post(accounts, session, MemoryTokens(lambda: now), lambda: now)


async def test_a_template_message_tells_of_an_answer_and_leads_to_it(api: WechatApi, post: Post) -> None:
    assert await post.send(outbound(ANSWER)) == "200163841"
    assert api.notices == [
        {
            "path": TEMPLATE,
            "touser": OPENID,
            "template_id": "t-reply",
            "url": PAGE,
            "data": {
                "thing1": {"value": "您有新的客服回复"},
                "thing2": {"value": "宽带已经修好，请重启光猫试试看，还有问…"},
                "time3": {"value": "2026-05-04 09:00"},
            },
        }
    ]
    assert api.sent == []


async def test_a_subscription_message_asks_for_a_score(api: WechatApi, post: Post) -> None:
    await post.send(outbound(message("您满意吗？", Choice("survey:1:5", "★")), survey=True))
    (notice,) = api.notices
    assert (notice["path"], notice["template_id"], notice["page"]) == (SUBSCRIPTION, "t-survey", PAGE)


@pytest.mark.parametrize("code", [45015, 45047])
async def test_a_window_that_turns_out_closed_is_passed_by_a_notice(api: WechatApi, post: Post, code: int) -> None:
    api.fail(SEND, code)
    await post.send(outbound(ANSWER, notice=False))
    assert len(api.notices) == 1


async def test_while_the_window_is_open_no_notice_goes(api: WechatApi, post: Post) -> None:
    await post.send(outbound(ANSWER, notice=False))
    assert (len(api.sent), len(api.notices)) == (1, 0)


async def test_without_a_notice_the_message_is_given_up_as_it_was_refused(api: WechatApi, post: Post) -> None:
    bare = replace_account(outbound(ANSWER))
    with pytest.raises(Undeliverable, match="budget"):
        await post.send(bare)
    with pytest.raises(Undeliverable, match="budget"):
        await post.send(outbound(ANSWER, page=""))
    api.fail(SEND, 45015)
    with pytest.raises(Undeliverable, match="45015"):
        await post.send(replace_account(outbound(ANSWER, notice=False)))


def replace_account(one: Outbound) -> Outbound:
    return Outbound(Address("wechat", "bare", OPENID), one.messages, page=one.page, notice=one.notice)


async def test_who_does_not_follow_or_subscribe_gets_no_notice(api: WechatApi, post: Post) -> None:
    api.unsubscribed.add(OPENID)
    with pytest.raises(Undeliverable, match="43101"):
        await post.send(outbound(ANSWER, survey=True))
    api.strangers.add(OPENID)
    with pytest.raises(Undeliverable, match="43004"):
        await post.send(outbound(ANSWER))


async def test_a_template_that_is_unknown_is_a_trouble_of_the_account(api: WechatApi, post: Post) -> None:
    api.templates.clear()
    with pytest.raises(Undeliverable, match="40037") as caught:
        await post.send(outbound(ANSWER))
    assert caught.value.trouble == "template_unknown"


async def test_a_notice_that_may_have_arrived_is_not_sent_again(api: WechatApi, post: Post) -> None:
    api.fail(TEMPLATE, Outage.SWALLOWED)
    with pytest.raises(TryAgain) as caught:
        await post.send(outbound(ANSWER))
    assert caught.value.unsure
    assert len(api.notices) == 1


def test_fields_hold_no_more_than_the_platform_takes() -> None:
    long = Notice("t", {"thing1": "{text}", "phrase2": "{text}", "first": "{text}", "character_string3": "{text}"})
    fields = filled(long, outbound(message("话" * 300)))
    assert {name: len(text) for name, text in fields.items()} == {
        "thing1": 20,
        "phrase2": 5,
        "first": 200,
        "character_string3": 32,
    }
