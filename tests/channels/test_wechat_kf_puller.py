"""Lists are read page by page from their cursors: nothing is lost, whatever WeCom and the house are up to meanwhile."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from pytest_aiohttp import AiohttpServer

from channels.wechat_kf.puller import Puller
from router.events import Followed, Said, Tapped
from tests.channels.wechat_kf_house import ACCOUNT, House
from tests.outages import Outage
from tests.wechat_kf_api import CUSTOMER, KF, LISTS, NAMES, SYNC, TOKEN, WechatKfApi

OTHER = "wkOther"


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def api(house: House) -> WechatKfApi:
    return WechatKfApi(clock=lambda: house.now)


@pytest.fixture
async def server(api: WechatKfApi, aiohttp_server: AiohttpServer) -> TestServer:
    return await aiohttp_server(api.application())


@pytest.fixture
async def puller(house: House, server: TestServer) -> AsyncIterator[Puller]:
    account = replace(ACCOUNT, api_base=str(server.make_url("")).rstrip("/"))
    async with ClientSession() as session:
        yield house.door(session, account).puller("main")


async def called(house: House, api: WechatKfApi, kf: str = KF) -> None:
    await house.lists.note("main", kf, api.pull_token())


def texts(house: House) -> list[str]:
    return [one.event.text for one in house.received if isinstance(one.event, Said)]


async def test_what_a_call_was_about_is_fetched_with_its_token(house: House, api: WechatKfApi, puller: Puller) -> None:
    api.say("你好")
    await called(house, api)
    assert await puller.round() == 0
    assert texts(house) == ["你好"]
    assert house.lists.held[KF].cursor == "c1"
    (asked,) = api.asked
    assert (asked["open_kfid"], asked["token"], "cursor" in asked) == (KF, house.lists.held[KF].token, False)


async def test_reading_goes_on_where_it_ended(house: House, api: WechatKfApi, puller: Puller) -> None:
    for text in ("一", "二"):
        api.say(text)
        house.lists.now += timedelta(seconds=1)
        await called(house, api)
        await puller.round()
    assert texts(house) == ["一", "二"]
    assert [asked.get("cursor") for asked in api.asked] == [None, "c1"]


async def test_a_long_list_comes_in_pages_in_order(house: House, api: WechatKfApi, puller: Puller) -> None:
    api.page = 3
    for number in range(8):
        api.say(f"第{number}句")
    await called(house, api)
    assert await puller.round() == 0
    assert texts(house) == [f"第{number}句" for number in range(8)]
    assert [asked.get("cursor") for asked in api.asked] == [None, "c3", "c6"]
    assert house.lists.held[KF].cursor == "c8"


async def test_the_cursor_goes_with_the_last_event_that_it_covers(
    house: House, api: WechatKfApi, puller: Puller
) -> None:
    api.page = 2
    for number in range(3):
        api.say(str(number), customer=f"wm{number}")
    await called(house, api)
    await puller.round()
    cursors = [None if one.cursor is None else one.cursor.after for one in house.received]
    assert cursors == [None, "c2", "c3"]


async def test_a_page_without_anything_for_us_moves_the_cursor_too(
    house: House, api: WechatKfApi, puller: Puller
) -> None:
    api.happen("servicer_status_change", {"status": 1})
    await called(house, api)
    assert await puller.round() == 0
    assert house.received == []
    assert house.lists.held[KF].cursor == "c1"


async def test_an_entry_that_nobody_can_read_takes_no_other_with_it(
    house: House, api: WechatKfApi, puller: Puller
) -> None:
    api.say("前")
    api.put(KF, {"msgtype": "text", "text": [1, 2], "origin": 3})
    api.say("后")
    await called(house, api)
    assert await puller.round() == 0
    assert texts(house) == ["前", "后"]
    assert house.lists.held[KF].cursor == "c3"


async def test_a_house_that_is_full_reads_the_page_again(house: House, api: WechatKfApi, puller: Puller) -> None:
    for number in range(4):
        api.say(f"第{number}句")
    house.busy = 1
    await called(house, api)
    assert await puller.round() > 0
    assert house.lists.held[KF].cursor == ""
    assert await puller.round() == 0
    assert texts(house) == [f"第{number}句" for number in range(4)]


async def test_nothing_overtakes_what_could_not_be_stored(house: House, api: WechatKfApi, puller: Puller) -> None:
    for customer in ("wm1", "wm2"):
        for number in range(3):
            api.say(f"{customer}-{number}", customer=customer)
    house.busy = 1
    await called(house, api)
    await puller.round()
    await puller.round()
    for customer in ("wm1", "wm2"):
        said = [text for text in texts(house) if text.startswith(customer)]
        assert said == [f"{customer}-{number}" for number in range(3)]


@pytest.mark.parametrize("failure", [503, -1, 45009, 45033, Outage.DROPPED, Outage.SWALLOWED, Outage.GARBAGE])
async def test_an_outage_costs_time_and_nothing_else(
    house: House, api: WechatKfApi, puller: Puller, failure: int | Outage
) -> None:
    api.say("你好")
    await called(house, api)
    api.fail(SYNC, failure)
    await puller.round()
    assert house.lists.held[KF].cursor == ""
    house.now += timedelta(minutes=1)
    assert await puller.round() == 0
    assert texts(house) == ["你好"]


@pytest.mark.parametrize(("failure", "pause"), [(45009, 60.0), (45033, 2.0), (429, 60.0), (-1, 0.0)])
async def test_whoever_calls_too_often_leaves_wecom_alone_altogether(
    house: House, api: WechatKfApi, puller: Puller, failure: int, pause: float
) -> None:
    await called(house, api)
    api.fail(SYNC, failure)
    assert await puller.round() == pause


async def test_pauses_grow_while_wecom_is_away(house: House, api: WechatKfApi, puller: Puller) -> None:
    await called(house, api)
    api.outages.always[SYNC] = 503
    tried: list[int] = []
    for second in range(100):
        before = api.outages.calls[SYNC]
        await puller.round()
        tried += [second] * (api.outages.calls[SYNC] - before)
        house.now += timedelta(seconds=1)
    assert tried == [0, 1, 3, 7, 15, 31, 61, 91]


async def test_a_token_that_was_revoked_is_renewed_once(house: House, api: WechatKfApi, puller: Puller) -> None:
    await puller.learn()
    house.now += timedelta(minutes=1)
    api.revoke()
    api.say("你好")
    await called(house, api)
    assert await puller.round() == 0
    assert texts(house) == ["你好"]
    assert api.outages.calls[TOKEN] == 2


async def test_a_secret_that_is_refused_is_not_asked_for_over_and_over(
    house: House, api: WechatKfApi, puller: Puller
) -> None:
    api.secret = "another"
    await called(house, api)
    for _ in range(29):
        await puller.round()
        house.now += timedelta(seconds=1)
    assert api.outages.calls[TOKEN] == 1


async def test_the_token_of_an_old_call_is_left_out(house: House, api: WechatKfApi, puller: Puller) -> None:
    api.say("你好")
    await called(house, api)
    house.now += timedelta(minutes=11)
    assert await puller.round() == 0
    assert "token" not in api.asked[0]


async def test_a_token_that_wecom_does_not_know_is_left_out_at_once(
    house: House, api: WechatKfApi, puller: Puller
) -> None:
    api.say("你好")
    await house.lists.note("main", KF, "unknown")
    assert await puller.round() == 0
    assert texts(house) == ["你好"]
    assert ["token" in asked for asked in api.asked] == [True, False]


async def test_a_list_whose_every_call_was_lost_is_known_all_the_same(
    house: House, api: WechatKfApi, puller: Puller
) -> None:
    api.known = [KF, OTHER, "no name"]
    api.say("你好", kf=OTHER)
    await puller.learn()
    assert sorted(house.lists.held) == sorted([KF, OTHER])
    await puller.round()
    assert texts(house) == ["你好"]


async def test_lists_that_cannot_be_asked_for_wait_for_their_calls(
    house: House, api: WechatKfApi, puller: Puller
) -> None:
    api.fail(LISTS, 301002)
    await puller.learn()
    assert house.lists.held == {}


async def test_a_list_that_fails_holds_up_no_other(house: House, api: WechatKfApi, puller: Puller) -> None:
    await called(house, api, OTHER)
    await called(house, api)
    api.say("你好")
    api.fail(SYNC, 95000)
    assert await puller.round() == 0
    assert texts(house) == ["你好"]


async def test_what_was_said_before_we_were_there_was_said_to_somebody_else(
    house: House, api: WechatKfApi, puller: Puller
) -> None:
    house.lists.since = house.now
    for ago in (timedelta(days=2), timedelta(minutes=11), timedelta(minutes=1)):
        entry = api.say(f"{ago}")
        entry["send_time"] -= int(ago.total_seconds())
    await called(house, api)
    await puller.round()
    assert texts(house) == [f"{timedelta(minutes=1)}"]
    assert house.lists.held[KF].cursor == "c3"


async def test_a_welcome_in_time_has_its_voucher_and_a_late_one_is_none(
    house: House, api: WechatKfApi, puller: Puller
) -> None:
    api.enter(scene="o_1024")
    await called(house, api)
    await puller.round()
    api.enter(scene="o_1024", customer="wm2")
    house.lists.now += timedelta(seconds=1)
    await called(house, api)
    house.now += timedelta(seconds=21)
    await puller.round()
    in_time, late = house.received
    assert (in_time.event, in_time.voucher is not None) == (Followed("o:1024"), True)
    assert (late.event, late.voucher) == (Tapped("o:1024"), None)


async def test_a_call_in_the_middle_of_reading_is_not_forgotten(house: House, api: WechatKfApi, puller: Puller) -> None:
    api.say("一")
    await called(house, api)
    (before,) = await house.lists.pending("main", timedelta())
    house.lists.now += timedelta(seconds=1)
    await called(house, api)
    await house.lists.finished("main", before)
    assert len(await house.lists.pending("main", timedelta())) == 1


async def test_customers_come_with_their_nicknames_and_each_is_asked_for_once(
    house: House, api: WechatKfApi, puller: Puller
) -> None:
    for customer in (CUSTOMER, "wmUnknown", CUSTOMER):
        api.say("你好", customer=customer)
    await called(house, api)
    await puller.round()
    assert sorted(one.name for one in house.received) == ["", "小李", "小李"]
    house.lists.now += timedelta(seconds=1)
    api.say("在吗")
    await called(house, api)
    await puller.round()
    assert (house.received[-1].name, api.outages.calls[NAMES]) == ("小李", 1)


@pytest.mark.parametrize("failure", [48002, 503, Outage.GARBAGE, Outage.DROPPED])
async def test_a_name_that_is_not_told_holds_nothing_up(
    house: House, api: WechatKfApi, puller: Puller, failure: int | Outage
) -> None:
    api.say("你好")
    api.fail(NAMES, failure)
    await called(house, api)
    assert await puller.round() == 0
    assert [one.name for one in house.received] == [""]
