"""Pushing to customers through a Telegram that can fail in every way."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer, unused_port
from hypothesis import given
from hypothesis import strategies as st
from pytest_aiohttp import AiohttpServer

from channels.accounts import TelegramAccount
from channels.door import Attachment, Choice, TryAgain, Undeliverable
from channels.telegram import door as doors
from channels.telegram.door import TelegramDoor
from channels.telegram.pace import Limit, MemoryPace, limits
from channels.telegram.push import NOTICED
from channels.telegram.texts import split, units
from router.events import Media, Unfollowed
from tests.channels.stand import Shelf
from tests.channels.telegram_api import Flood, Outage, Refusal, TelegramApi
from tests.channels.telegram_house import CHAT, MAIN, House, Unhurried, message, outbound

STARS = tuple(Choice(f"survey:7:{star}", "★" * star) for star in (5, 4, 3, 2, 1))
HELLO = outbound(message("您好"))
PICTURE = Attachment("p1", "截图.png", "image/png", 4)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def api() -> TelegramApi:
    return TelegramApi()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf({"p1": b"\x89PNG", "v1": b"OggS", "d1": b"%PDF"})


@pytest.fixture
async def server(api: TelegramApi, aiohttp_server: AiohttpServer) -> TestServer:
    return await aiohttp_server(api.application())


@pytest.fixture
def account(server: TestServer) -> TelegramAccount:
    return replace(MAIN, api_base=str(server.make_url("")).rstrip("/"))


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as opened:
        yield opened


@pytest.fixture
def door(house: House, session: ClientSession, account: TelegramAccount, shelf: Shelf) -> TelegramDoor:
    away = replace(account, name="away", api_base=f"http://127.0.0.1:{unused_port()}")
    return TelegramDoor(
        accounts={"main": account, "away": away},
        receive=house.receive,
        session=session,
        pace=Unhurried(),
        files=shelf,
    )


async def test_messages_of_a_turn_arrive_as_one_text_that_is_never_markup(api: TelegramApi, door: TelegramDoor) -> None:
    number = await door.send(outbound(message("您好"), message("<b>*小李*</b> 为您服务。")))
    (call,) = api.sent()
    assert (call.method, call.chat, call.asked["text"]) == ("sendMessage", CHAT, "您好\n\n<b>*小李*</b> 为您服务。")
    assert "parse_mode" not in call.asked
    assert number == str(call.number)


async def test_choices_arrive_as_buttons_short_ones_side_by_side(api: TelegramApi, door: TelegramDoor) -> None:
    short = (Choice("human", "转人工"), Choice("leave", "留言"))
    long = (Choice("faq:a", "怎样办理家庭宽带的移机手续"), Choice("faq:b", "宽带提速要不要换光猫"))
    await door.send(outbound(message("请选择", *short)))
    await door.send(outbound(message("您是不是想问：", *long)))
    assert [[len(row) for row in call.buttons] for call in api.sent()] == [[2], [1, 1]]
    assert api.sent()[0].buttons[0][0] == {"text": "转人工", "callback_data": "human"}


async def test_a_choice_that_fits_into_no_button_becomes_a_line_of_a_numbered_list(
    api: TelegramApi, door: TelegramDoor
) -> None:
    await door.send(outbound(message("请选择", Choice("faq:" + "长" * 21, "怎么查话费"), Choice("none", "都不是"))))
    (call,) = api.sent()
    assert call.asked["text"] == "请选择\n1. 怎么查话费\n2. 都不是"
    assert call.buttons == []


async def test_a_long_text_arrives_in_parts_that_end_with_sentences_and_the_buttons_with_the_last(
    api: TelegramApi, door: TelegramDoor
) -> None:
    text = "每个月一号出账单，您可以在应用里查看。" * 500
    await door.send(outbound(message(text, *STARS)))
    parts = api.texts()
    assert len(parts) == 3
    assert all(units(part) <= 4096 and part.endswith("。") for part in parts)
    assert "".join(parts) == text
    assert [bool(call.buttons) for call in api.sent()] == [False, False, True]


@given(st.text(alphabet="字a😀。 \n.", min_size=1, max_size=300), st.integers(2, 40))
def test_parts_fit_and_lose_nothing_but_white_space_at_the_joints(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(len(part.encode("utf-16-le")) // 2 == units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("file", "method"),
    [
        (PICTURE, "sendPhoto"),
        (Attachment("v1", "", "audio/ogg", 4), "sendVoice"),
        (Attachment("d1", "账单.pdf", "application/pdf", 4), "sendDocument"),
    ],
    ids=["picture", "voice", "file"],
)
async def test_a_file_arrives_in_telegrams_way_with_its_text_as_caption(
    api: TelegramApi, door: TelegramDoor, shelf: Shelf, file: Attachment, method: str
) -> None:
    await door.send(outbound(message("请看", *STARS, attachment=file)))
    (call,) = api.sent()
    assert (call.method, call.asked["caption"], bool(call.buttons)) == (method, "请看", True)
    assert list(call.files.values()) == [shelf.kept[file.id]]
    assert api.of("sendChatAction")[0].asked["action"].startswith("upload_")


async def test_a_text_too_long_for_a_caption_goes_ahead_of_its_file(api: TelegramApi, door: TelegramDoor) -> None:
    await door.send(outbound(message("好" * 1100, attachment=PICTURE)))
    assert [(call.method, "caption" in call.asked) for call in api.sent()] == [
        ("sendMessage", False),
        ("sendPhoto", False),
    ]


async def test_a_picture_that_telegram_does_not_want_as_one_goes_as_a_file(
    api: TelegramApi, door: TelegramDoor
) -> None:
    api.fail("sendPhoto", Refusal("Bad Request: PHOTO_INVALID_DIMENSIONS"))
    await door.send(outbound(message("", attachment=PICTURE)))
    assert [call.method for call in api.sent()] == ["sendDocument"]


async def test_a_file_that_is_not_here_yet_waits_and_one_that_is_gone_fails(door: TelegramDoor) -> None:
    with pytest.raises(TryAgain, match="file_not_ready"):
        await door.send(outbound(message("", attachment=Attachment("p1", "", "image/png", 4, ready=False))))
    with pytest.raises(Undeliverable, match="file_missing"):
        await door.send(outbound(message("", attachment=Attachment("p9", "", "image/png", 4))))


@pytest.mark.parametrize("seconds", [1, 60])
async def test_a_flood_is_tried_again_when_telegram_says(api: TelegramApi, door: TelegramDoor, seconds: int) -> None:
    api.fail("sendMessage", Flood(seconds))
    with pytest.raises(TryAgain) as caught:
        await door.send(HELLO)
    assert (caught.value.after, caught.value.unsure) == (timedelta(seconds=seconds), False)


async def test_a_short_pause_in_the_middle_of_a_turn_is_waited_for(api: TelegramApi, door: TelegramDoor) -> None:
    api.failures["sendPhoto"].append(Flood(1))
    await door.send(outbound(message("请看"), message("", attachment=PICTURE)))
    assert [call.method for call in api.sent()] == ["sendMessage", "sendPhoto"]


async def test_a_long_pause_in_the_middle_of_a_turn_leaves_a_doubt(api: TelegramApi, door: TelegramDoor) -> None:
    api.fail("sendPhoto", Flood(60))
    with pytest.raises(TryAgain, match="429") as caught:
        await door.send(outbound(message("请看"), message("", attachment=PICTURE)))
    assert caught.value.unsure


async def test_who_has_blocked_the_bot_has_left(api: TelegramApi, house: House, door: TelegramDoor) -> None:
    api.blocked.add(CHAT)
    for _ in range(2):
        with pytest.raises(Undeliverable, match="blocked"):
            await door.send(HELLO)
    assert [inbound.event for inbound in house.received] == [Unfollowed()]


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (401, "token_refused"),
        (404, "token_refused"),
        (Refusal("Bad Request: chat not found"), "chat_not_found"),
        (Refusal("Bad Request: message is too long"), "text_too_long"),
        (Refusal("Bad Request: 13800000000 is odd"), "bad_request"),
    ],
)
async def test_what_telegram_will_never_take_fails_with_a_constant_word(
    api: TelegramApi, door: TelegramDoor, failure: int | Refusal, reason: str
) -> None:
    api.fail("sendMessage", failure)
    with pytest.raises(Undeliverable) as caught:
        await door.send(HELLO)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("failure", "unsure"),
    [
        (502, False),
        (503, False),
        (500, True),
        (Outage.PROXY, False),
        (Outage.DROPPED, True),
        (Outage.GARBAGE, True),
    ],
)
async def test_an_outage_is_tried_again_and_a_doubt_is_told(
    api: TelegramApi, door: TelegramDoor, failure: int | Outage, unsure: bool
) -> None:
    api.fail("sendMessage", failure)
    with pytest.raises(TryAgain) as caught:
        await door.send(HELLO)
    assert caught.value.unsure is unsure
    assert await door.send(HELLO)


async def test_a_telegram_that_hangs_leaves_a_doubt(
    api: TelegramApi, door: TelegramDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "SEND_WITHIN", 0.1)
    api.fail("sendMessage", Outage.HANG)
    with pytest.raises(TryAgain, match="timeout") as caught:
        await door.send(HELLO)
    api.released.set()
    assert caught.value.unsure


async def test_a_telegram_that_is_not_there_has_taken_nothing(door: TelegramDoor) -> None:
    with pytest.raises(TryAgain, match="unreachable") as caught:
        await door.send(outbound(message("您好"), account="away"))
    assert not caught.value.unsure


async def test_an_account_that_is_gone_and_a_turn_without_words_are_never_sent(door: TelegramDoor) -> None:
    for turn, reason in ((outbound(message("您好"), account="closed"), "account_unknown"), (outbound(), "empty")):
        with pytest.raises(Undeliverable, match=reason):
            await door.send(turn)


async def test_a_customers_file_is_fetched(api: TelegramApi, door: TelegramDoor) -> None:
    api.kept["F1"] = b"\xff\xd8" + bytes(100_000)
    fetched = await door.fetch("main", Media("F1", type="image/jpeg", size=100_002))
    assert (fetched.content, fetched.name, fetched.type) == (api.kept["F1"], "F1.jpg", "image/jpeg")


async def test_a_file_beyond_telegrams_limit_is_not_asked_for(api: TelegramApi, door: TelegramDoor) -> None:
    with pytest.raises(Undeliverable, match="file_too_big"):
        await door.fetch("main", Media("F1", size=20 * 1024 * 1024 + 1))
    assert api.calls == []


async def test_a_file_that_telegram_does_not_know_is_gone(door: TelegramDoor) -> None:
    with pytest.raises(Undeliverable, match="file_gone"):
        await door.fetch("main", Media("F9"))


async def test_a_file_that_is_not_handed_out_now_is_fetched_later(api: TelegramApi, door: TelegramDoor) -> None:
    api.kept["F1"] = b"x"
    api.fail("file", 502)
    api.fail("getFile", 502)
    for _ in range(2):
        with pytest.raises(TryAgain, match="http_502"):
            await door.fetch("main", Media("F1"))
    assert (await door.fetch("main", Media("F1"))).content == b"x"


async def test_the_pace_keeps_a_chat_to_one_message_a_second_and_all_to_thirty() -> None:
    now = 1000.0
    pace = MemoryPace(lambda: now)
    assert [round(await pace.reserve(limits("main", "1")), 2) for _ in range(3)] == [0.0, 1.0, 2.0]
    waits = [await pace.reserve(limits("main", str(chat))) for chat in range(2, 100)]
    places = sorted([0.0, 1.0, 2.0, *waits])
    assert max(sum(start <= place < start + 1 for place in places) for start in places) <= 30
    assert await pace.reserve((Limit("other", 1.0, 1),)) == 0.0


async def test_who_waits_for_a_place_is_shown_that_we_are_writing(
    api: TelegramApi, house: House, session: ClientSession, account: TelegramAccount
) -> None:
    door = TelegramDoor(
        accounts={"main": account}, receive=house.receive, session=session, pace=Unhurried(always=NOTICED)
    )
    await door.send(HELLO)
    assert [(call.method, call.asked.get("action")) for call in api.calls] == [
        ("sendChatAction", "typing"),
        ("sendMessage", None),
    ]
