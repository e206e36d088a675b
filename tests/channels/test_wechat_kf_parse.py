"""Entries of WeCom's lists become events: every kind of message, every event, and whatever comes in future."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.door import Address, DoorError, Inbound, Malformed, Unsupported, Voucher
from channels.wechat_kf.parse import parse
from channels.wechat_kf.payloads import Page, item_of, read
from router.events import Bounced, CustomerEvent, Followed, Kind, Media, Observed, Said, Tapped
from tests.channels.wechat_house import PATIENT
from tests.wechat_kf_api import CUSTOMER, KF

SENT = 1_615_478_585


def parsed(entry: object) -> Inbound:
    page = read(json.dumps({"msg_list": [entry]}).encode(), Page)
    assert page is not None
    return parse(item_of(page.msg_list[0]), account="main", source=KF)


def entry(kind: str, content: object, *, origin: int = 3) -> dict[str, Any]:
    return {
        "msgid": "from_msgid_4622416642169452483",
        "open_kfid": KF,
        "external_userid": CUSTOMER,
        "send_time": SENT,
        "origin": origin,
        "servicer_userid": "Zhangsan",
        "msgtype": kind,
        kind: content,
    }


def event(kind: str, **told: object) -> dict[str, Any]:
    happened = {"event_type": kind, "open_kfid": KF, "external_userid": CUSTOMER, **told}
    return {"msgid": "e1", "send_time": SENT, "origin": 4, "msgtype": "event", "event": happened}


FORWARDED = {
    "title": "客户与同事的聊天记录",
    "item": [
        {
            "send_time": SENT,
            "msgtype": "text",
            "sender_name": "小李",
            "msg_content": json.dumps({"msgtype": "text", "text": {"content": "宽带又断了"}}),
        },
        {"send_time": SENT, "msgtype": "image", "sender_name": "小王", "msg_content": "{"},
    ],
}


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        ("text", {"content": "怎么查话费"}, Said("怎么查话费")),
        ("text", {"content": "满意", "menu_id": "survey:7:5"}, Said("满意", choice="survey:7:5")),
        ("image", {"media_id": "m1"}, Said("", Kind.IMAGE, media=Media("m1"))),
        ("voice", {"media_id": "m2"}, Said("", Kind.VOICE, media=Media("m2"))),
        ("video", {"media_id": "m3"}, Said("", Kind.VIDEO, media=Media("m3"))),
        ("file", {"media_id": "m4"}, Said("", Kind.FILE, media=Media("m4"))),
        ("image", {}, Said("", Kind.IMAGE)),
        (
            "location",
            {"latitude": 26.647, "longitude": 106.63, "name": "喷水池", "address": "贵阳市云岩区"},
            Said("喷水池\n贵阳市云岩区\n26.647, 106.63", Kind.LOCATION),
        ),
        (
            "link",
            {"title": "套餐", "desc": "", "url": "https://e.cn/1", "pic_url": ""},
            Said("套餐\nhttps://e.cn/1", Kind.LINK),
        ),
        ("business_card", {"userid": "Zhangsan"}, Said("Zhangsan", Kind.OTHER)),
        ("miniprogram", {"title": "营业厅", "appid": "wx1", "pagepath": "p"}, Said("营业厅", Kind.LINK)),
        ("msgmenu", {"head_content": "您想办什么？", "list": []}, Said("您想办什么？", Kind.OTHER)),
        (
            "channels_shop_product",
            {"product_id": "1", "title": "手机", "sales_price": "199900", "shop_nickname": "旗舰店"},
            Said("手机\n199900\n旗舰店", Kind.LINK),
        ),
        (
            "channels_shop_order",
            {"order_id": "37", "product_titles": "手机等2件", "price_wording": "¥1,999", "shop_nickname": "旗舰店"},
            Said("手机等2件\n¥1,999\n37\n旗舰店", Kind.OTHER),
        ),
        ("channels", {"sub_type": 1, "nickname": "汇通", "title": "新套餐"}, Said("新套餐\n汇通", Kind.LINK)),
        ("merged_msg", FORWARDED, Said("客户与同事的聊天记录\n小李: 宽带又断了\n小王: [image]", Kind.OTHER)),
        ("note", {}, Said("", Kind.OTHER)),
        ("sticker_of_tomorrow", {"anything": [1, {}]}, Said("", Kind.OTHER)),
    ],
)
def test_every_kind_of_message_is_understood(kind: str, content: object, said: Said) -> None:
    inbound = parsed(entry(kind, content))
    assert inbound.event == said
    assert inbound.address == Address("wechat_kf", "main", f"{KF}:{CUSTOMER}")
    assert inbound.source_id == "from_msgid_4622416642169452483"
    assert inbound.sent_at == datetime.fromtimestamp(SENT, UTC)


@pytest.mark.parametrize(
    ("happened", "means"),
    [
        (event("enter_session", scene="s1", welcome_code="w1"), Followed("s1")),
        (event("enter_session", scene="s1", scene_param="o_1024", welcome_code="w1"), Followed("o:1024")),
        (event("enter_session", scene="o_1024"), Tapped("o:1024")),
        (
            event("msg_send_fail", fail_msgid="7-1777856400-2", fail_type=10),
            Bounced("7-1777856400", "customer_refuses"),
        ),
        (event("msg_send_fail", fail_msgid="7-1777856400-1", fail_type=99), Bounced("7-1777856400", "fail_99")),
        (event("session_status_change", change_type=1, new_servicer_userid="z"), Observed("taken_elsewhere")),
        (event("session_status_change", change_type=2, new_servicer_userid="z"), Observed("taken_elsewhere")),
        (event("session_status_change", change_type=3, old_servicer_userid="z"), Observed("session_ended")),
        (event("user_recall_msg", recall_msgid="m1"), Observed("recalled")),
        (event("reject_customer_msg_switch_change", servicer_userid="z", reject_switch=1), Observed("rejected")),
        (event("reject_customer_msg_switch_change", servicer_userid="z", reject_switch=0), Observed("accepted")),
    ],
)
def test_every_event_is_understood(happened: dict[str, Any], means: CustomerEvent) -> None:
    assert parsed(happened).event == means


@pytest.mark.parametrize(
    "nothing",
    [
        event("servicer_status_change", servicer_userid="z", status=1),
        event("servicer_recall_msg", recall_msgid="m"),
        event("session_status_change", change_type=3, msg_code="c"),
        event("event_of_tomorrow"),
        event(""),
        entry("text", {"content": "x"}, origin=4),
        {},
    ],
)
def test_what_is_nothing_for_us_is_plainly_unsupported(nothing: dict[str, Any]) -> None:
    with pytest.raises(Unsupported):
        parsed(nothing)


def test_a_colleagues_answer_in_the_wecom_client_is_a_note() -> None:
    assert parsed(entry("text", {"content": "已处理"}, origin=5)).event == Observed("answered_elsewhere", "已处理")
    assert parsed(entry("image", {"media_id": "m"}, origin=5)).event == Observed("answered_elsewhere", "[image]")


def test_a_welcome_brings_its_code_for_twenty_seconds() -> None:
    inbound = parsed(event("enter_session", welcome_code="w1"))
    assert inbound.voucher == Voucher("w1", datetime.fromtimestamp(SENT, UTC) + timedelta(seconds=20))
    assert parsed(entry("text", {"content": "你好"})).voucher is None


def test_an_entry_without_an_id_is_named_by_what_it_says() -> None:
    one, other = entry("text", {"content": "一"}), entry("text", {"content": "二"})
    one["msgid"] = other["msgid"] = ""
    assert parsed(one).source_id == parsed(one).source_id != parsed(other).source_id
    assert len(parsed({**one, "msgid": "x" * 200}).source_id) == 32


@pytest.mark.parametrize(
    "broken",
    [
        entry("text", "no object"),
        {**entry("text", {"content": "x"}), "external_userid": ""},
        {**entry("text", {"content": "x"}), "external_userid": "a:b"},
        {**entry("text", {"content": "x"}), "send_time": 10**15},
        {**entry("text", {"content": "x"}), "send_time": -1},
        [],
        "text",
        None,
    ],
)
def test_what_nobody_can_read_is_plainly_malformed(broken: object) -> None:
    with pytest.raises(Malformed):
        parsed(broken)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KINDS = st.sampled_from(["text", "image", "location", "link", "merged_msg", "msgmenu", "channels", "event", "new"])


@PATIENT
@given(kind=KINDS, content=JSON, origin=st.integers(0, 9), more=st.dictionaries(st.text(), JSON, max_size=2))
def test_any_entry_is_understood_or_plainly_refused(kind: str, content: object, origin: int, more: Any) -> None:
    try:
        inbound = parsed({**entry(kind, content, origin=origin), **more})
    except DoorError:
        return
    assert inbound.source_id


@PATIENT
@given(raw=st.binary(max_size=200))
def test_any_answer_is_read_or_plainly_none(raw: bytes) -> None:
    page = read(raw, Page)
    assert page is None or page.msg_list == ()


def test_halves_of_characters_and_nul_take_nothing_else_with_them() -> None:
    inbound = parsed(entry("text", {"content": "话\0费\ud83d"}))
    assert inbound.event == Said("话费?")
