"""What Telegram sends is understood, or plainly left alone."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.door import Address, Malformed, Unsupported
from channels.telegram.parse import parse
from router.events import Followed, Kind, Media, Said, Unfollowed
from tests.channels.telegram_api import Call
from tests.channels.telegram_house import CHAT, NOW, edited, moved, private, tapped, wrote
from tests.channels.wechat_house import PATIENT

FILE = {"file_id": "F1", "file_unique_id": "u1", "file_size": 99}
PHOTO = [{**FILE, "file_id": name, "width": side, "height": side} for name, side in (("S", 90), ("L", 800), ("M", 320))]


def event(update: dict[str, Any]) -> object:
    return parse(update, account="main").inbound.event


def test_a_text_comes_with_its_sender_its_time_and_the_id_of_its_update() -> None:
    letter = parse(wrote("怎么查话费", number=5), account="main")
    assert letter.inbound.address == Address("telegram", "main", str(CHAT))
    assert (letter.inbound.source_id, letter.inbound.event) == ("u:5", Said("怎么查话费"))
    assert (letter.inbound.sent_at, letter.inbound.name, letter.tap) == (NOW, "小 李", None)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"photo": PHOTO, "caption": "这张"}, Said("这张", Kind.IMAGE, media=Media("L", type="image/jpeg", size=99))),
        (
            {"document": {**FILE, "file_name": "账单.pdf", "mime_type": "application/pdf"}},
            Said("", Kind.FILE, media=Media("F1", "账单.pdf", "application/pdf", 99)),
        ),
        (
            {"voice": {**FILE, "duration": 3, "mime_type": "audio/ogg"}, "caption": ""},
            Said("", Kind.VOICE, media=Media("F1", type="audio/ogg", size=99)),
        ),
        (
            {"video": {**FILE, "duration": 3, "width": 1, "height": 1, "mime_type": "video/mp4"}},
            Said("", Kind.VIDEO, media=Media("F1", type="video/mp4", size=99)),
        ),
        (
            {"animation": {**FILE, "duration": 3, "width": 1, "height": 1}, "document": FILE},
            Said("", Kind.VIDEO, media=Media("F1", type="video/mp4", size=99)),
        ),
        ({"location": {"latitude": 31.2304, "longitude": 121.4737}}, Said("31.230400, 121.473700", Kind.LOCATION)),
        (
            {
                "location": {"latitude": 31.2, "longitude": 121.4},
                "venue": {
                    "location": {"latitude": 31.2, "longitude": 121.4},
                    "title": "人民广场营业厅",
                    "address": "西藏中路",
                },
            },
            Said("人民广场营业厅 西藏中路", Kind.LOCATION),
        ),
        (
            {"contact": {"phone_number": "+8613800000000", "first_name": "李", "user_id": CHAT}},
            Said("李 +8613800000000", Kind.OTHER),
        ),
        (
            {
                "sticker": {
                    **FILE,
                    "emoji": "😡",
                    "width": 5,
                    "height": 5,
                    "is_animated": True,
                    "is_video": False,
                    "type": "regular",
                }
            },
            Said("😡", Kind.OTHER),
        ),
        ({"dice": {"value": 3, "emoji": "🎲"}}, Said("", Kind.OTHER)),
    ],
)
def test_each_kind_of_message_is_understood(content: dict[str, Any], said: Said) -> None:
    assert event(wrote(**content)) == said


def test_an_edited_text_is_a_correction_and_a_live_location_that_moves_is_nothing() -> None:
    assert event(edited("怎么查流量")) == Said("怎么查流量", Kind.CORRECTION)
    moving = wrote(location={"latitude": 1.0, "longitude": 2.0}, edit_date=1)
    with pytest.raises(Unsupported):
        parse({"update_id": 1, "edited_message": moving["message"]}, account="main")


@pytest.mark.parametrize(
    ("text", "scene"),
    [("/start", ""), ("/start@huiying_bot", ""), ("/start ad7", "ad7"), ("/start o_1024", "o:1024")],
)
def test_the_start_button_follows_and_a_deep_link_tells_where_it_stood(text: str, scene: str) -> None:
    assert event(wrote(text)) == Followed(scene)


def test_a_text_that_only_begins_like_a_command_is_a_text() -> None:
    assert event(wrote("/starting over")) == Said("/starting over")


def test_a_tap_says_what_its_button_shows() -> None:
    rows = json.dumps({"inline_keyboard": [[{"text": "转人工", "callback_data": "human"}]]})
    call = Call("sendMessage", {"chat_id": str(CHAT), "text": "您好", "reply_markup": rows}, number=31)
    letter = parse(tapped(call, "human"), account="main")
    assert letter.inbound.event == Said("转人工", choice="human")
    assert letter.tap is not None
    assert (letter.tap.chat_id, letter.tap.message_id, letter.tap.choice) == (CHAT, 31, "human")


def test_a_tap_on_a_message_that_telegram_no_longer_shows_carries_its_choice() -> None:
    update = tapped(Call("sendMessage", {"chat_id": str(CHAT)}, number=31), "faq:fee")
    update["callback_query"]["message"] = {"chat": private(), "message_id": 31, "date": 0}
    assert event(update) == Said("faq:fee", choice="faq:fee")


def test_who_blocks_the_bot_has_left_and_who_comes_back_says_so_with_start() -> None:
    assert event(moved("kicked")) == Unfollowed()
    with pytest.raises(Unsupported):
        parse(moved("member"), account="main")


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_groups_are_left_alone(kind: str) -> None:
    with pytest.raises(Unsupported, match="not_a_private_chat"):
        parse(
            wrote("大家好") | {"message": {**wrote("x")["message"], "chat": {"id": -5, "type": kind}}}, account="main"
        )


def test_what_no_database_stores_is_taken_out_of_texts_and_names() -> None:
    update = wrote("a\0b\ud83d")
    update["message"]["from"]["first_name"] = "x\0"
    letter = parse(update, account="main")
    assert letter.inbound.event == Said("ab?")
    assert letter.inbound.name == "x 李"


@pytest.mark.parametrize("number", [None, "5", True, 1.5])
def test_what_has_no_number_is_no_update(number: object) -> None:
    with pytest.raises(Malformed):
        parse({"update_id": number, "message": {}}, account="main")


def test_an_update_that_the_library_cannot_read_is_left_alone() -> None:
    with pytest.raises(Unsupported, match="update_unreadable"):
        parse({"update_id": 1, "message": {"message_id": []}}, account="main")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
PARTS = ("text", "photo", "document", "voice", "contact", "location", "sticker", "chat", "from", "date", "entities")


@PATIENT
@given(
    st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member", "poll"]),
    st.sampled_from(PARTS),
    JSON,
)
def test_whatever_a_part_of_an_update_holds_it_is_understood_or_refused(kind: str, part: str, value: object) -> None:
    update = {"update_id": 1, kind: {**wrote("x")["message"], part: value}}
    try:
        parse(update, account="main")
    except (Unsupported, Malformed):
        return
