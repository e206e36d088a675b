"""What we say reaches a customer of 微信客服 once: parts, menus, files, codes, sessions, and every kind of refusal."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from msgspec.structs import replace as changed
from pytest_aiohttp import AiohttpServer

from channels.door import Attachment, Choice, DoorError, Message, TryAgain, Undeliverable, Voucher
from channels.tokens import LEAST_PAUSE
from channels.wechat_kf.door import WechatKfDoor
from router.events import Kind, Media
from tests.channels.wechat_kf_house import ACCOUNT, NOW, PHOTO, WHO, House, message, outbound
from tests.outages import Failure, Outage
from tests.wechat_kf_api import ANSWER, MEDIA, SEND, TOKEN, TRANSFER, UPLOAD, WechatKfApi, items

STARS = tuple(Choice(f"survey:7:{star}", "★" * star) for star in range(1, 6))
PICTURE = Attachment("f-photo", "现场.jpg", "image/jpeg", 4)
BILL = Attachment("f-bill", "账单.pdf", "application/pdf", 13)
ASSISTANT = 1
ENDED = 4


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def api(house: House) -> WechatKfApi:
    opened = WechatKfApi(clock=lambda: house.now)
    opened.say("你好")
    return opened


@pytest.fixture
async def server(api: WechatKfApi, aiohttp_server: AiohttpServer) -> TestServer:
    return await aiohttp_server(api.application())


@pytest.fixture
async def door(house: House, server: TestServer) -> AsyncIterator[WechatKfDoor]:
    account = replace(ACCOUNT, api_base=str(server.make_url("")).rstrip("/"))
    async with ClientSession() as session:
        yield house.door(session, account)


def with_file(file: Attachment, text: str = "") -> Message:
    return Message(1, 3, "agent", text, (), NOW, Kind.FILE, file)


async def refused(door: WechatKfDoor, *, again: bool = False) -> DoorError:
    with pytest.raises(DoorError) as raised:
        await door.send(outbound(message("您好"), again=again))
    return raised.value


async def test_messages_of_a_turn_arrive_as_one_text_under_our_name(api: WechatKfApi, door: WechatKfDoor) -> None:
    assert await door.send(outbound(message("您好"), message("请讲。"))) == "7-1777856400-1"
    (body,) = api.chat().seen
    assert (body["msgid"], body["text"]) == ("7-1777856400-1", {"content": "您好\n\n请讲。"})


async def test_the_first_answer_gives_the_session_to_the_assistant(api: WechatKfApi, door: WechatKfDoor) -> None:
    for key in ("1-1777856400", "2-1777856400"):
        await door.send(outbound(message("您好"), key=key))
    assert api.chat().state == ASSISTANT
    assert api.outages.calls[TRANSFER] == 1


async def test_choices_arrive_as_a_menu_to_tap(api: WechatKfApi, door: WechatKfDoor) -> None:
    await door.send(outbound(message("满意吗？", *STARS)))
    (body,) = api.chat().seen
    assert body["msgmenu"]["head_content"] == "满意吗？"
    assert items(body) == [choice.id for choice in STARS]


@pytest.mark.parametrize(
    "choices",
    [
        tuple(Choice(str(number), f"第{number}项") for number in range(11)),
        (Choice("x" * 65, "太长的编号"),),
        (Choice("long", "很" * 43),),
    ],
    ids=["too many", "long id", "long label"],
)
async def test_what_no_menu_takes_is_a_numbered_list(
    api: WechatKfApi, door: WechatKfDoor, choices: tuple[Choice, ...]
) -> None:
    await door.send(outbound(message("请选：", *choices)))
    assert api.texts() == ["\n".join(["请选：", *(f"{n}. {one.label}" for n, one in enumerate(choices, start=1))])]


async def test_a_long_text_is_split_at_sentences_and_a_long_head_goes_ahead_of_its_menu(
    api: WechatKfApi, door: WechatKfDoor
) -> None:
    await door.send(outbound(message("这是一句话。" * 150)))
    assert [body["msgtype"] for body in api.chat().seen] == ["text", "text"]
    assert "".join(api.texts()) == "这是一句话。" * 150
    api.say("再来")
    await door.send(outbound(message("这是一句话。" * 100, *STARS), key="8-1777856400"))
    assert [body["msgtype"] for body in api.chat().seen[2:]] == ["text", "msgmenu"]
    assert [body["msgid"] for body in api.chat().seen[2:]] == ["8-1777856400-1", "8-1777856400-2"]


async def test_a_link_is_an_item_to_tap(api: WechatKfApi, door: WechatKfDoor) -> None:
    link = Message(1, 3, "agent", "办理入口\nhttps://e.cn/1", (), NOW, Kind.LINK)
    await door.send(outbound(link))
    (body,) = api.chat().seen
    assert body["msgmenu"]["list"] == [{"type": "view", "view": {"url": "https://e.cn/1", "content": "办理入口"}}]


async def test_files_are_uploaded_once_and_any_type_has_a_way(api: WechatKfApi, door: WechatKfDoor) -> None:
    await door.send(outbound(with_file(PICTURE, "请看"), with_file(BILL)))
    await door.send(outbound(with_file(PICTURE), key="8-1777856400"))
    assert [body["msgtype"] for body in api.chat().seen] == ["image", "text", "file", "image"]
    assert list(api.uploads.values()) == [
        ("image", "f-photo.jpg", PHOTO),
        ("file", "账单.pdf", b"%PDF-1.4 bill"),
    ]


async def test_a_file_that_wecom_forgot_is_uploaded_anew(api: WechatKfApi, door: WechatKfDoor) -> None:
    await door.send(outbound(with_file(PICTURE)))
    api.uploads.clear()
    await door.send(outbound(with_file(PICTURE), key="8-1777856400"))
    assert api.outages.calls[UPLOAD] == 2
    assert len(api.chat().seen) == 2


async def test_a_customers_file_is_fetched(api: WechatKfApi, door: WechatKfDoor) -> None:
    api.files["m1"] = ("image/jpeg", PHOTO)
    fetched = await door.fetch("main", Media("m1"))
    assert (fetched.content, fetched.type) == (PHOTO, "image/jpeg")


@pytest.mark.parametrize(("failure", "kind"), [(40007, Undeliverable), (-1, TryAgain), (503, TryAgain)])
async def test_a_file_that_is_not_handed_out(
    api: WechatKfApi, door: WechatKfDoor, failure: Failure, kind: type[DoorError]
) -> None:
    api.fail(MEDIA, failure)
    with pytest.raises(kind):
        await door.fetch("main", Media("m1"))


# Once only ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("failure", [Outage.SWALLOWED, Outage.DROPPED, 500])
async def test_what_nobody_knows_is_sent_again_and_arrives_once(
    api: WechatKfApi, door: WechatKfDoor, failure: Failure
) -> None:
    api.fail(SEND, failure)
    error = await refused(door)
    assert isinstance(error, TryAgain)
    assert error.unsure
    assert await door.send(outbound(message("您好"), again=True)) == "7-1777856400-1"
    assert api.texts() == ["您好"]


@pytest.mark.parametrize("failure", [Outage.SWALLOWED, -1, 503])
async def test_parts_that_have_arrived_are_passed_over(api: WechatKfApi, door: WechatKfDoor, failure: Failure) -> None:
    long = message("这是一句话。" * 250)
    api.fail(SEND, None, failure)
    with pytest.raises(TryAgain) as raised:
        await door.send(outbound(long))
    assert raised.value.unsure
    await door.send(outbound(long, again=True))
    assert "".join(api.texts()) == "这是一句话。" * 250
    assert api.chat().left == 2


async def test_a_name_that_is_taken_at_the_first_try_was_taken_by_somebody_else(
    api: WechatKfApi, door: WechatKfDoor
) -> None:
    await door.send(outbound(message("您好")))
    error = await refused(door)
    assert (type(error), str(error)) == (Undeliverable, "40058")


async def test_a_refusal_after_a_try_of_unknown_outcome_leaves_a_doubt(api: WechatKfApi, door: WechatKfDoor) -> None:
    api.chat().left = 0
    error = await refused(door, again=True)
    assert isinstance(error, Undeliverable)
    assert (error.reason, error.unsure) == ("95001", True)


# Refusals ----------------------------------------------------------------------------------------------------------


async def test_the_sixth_message_is_refused_and_the_window_closes_after_two_days(
    house: House, api: WechatKfApi, door: WechatKfDoor
) -> None:
    for number in range(5):
        await door.send(outbound(message("您好"), key=f"{number}-1777856400"))
    assert str(await refused(door)) == "95001"
    api.say("还在吗")
    house.now += timedelta(hours=49)
    assert str(await refused(door)) == "95002"


async def test_a_notice_has_no_way(api: WechatKfApi, door: WechatKfDoor) -> None:
    with pytest.raises(Undeliverable, match="budget"):
        await door.send(changed(outbound(message("您好")), notice=True))
    assert api.chat().seen == []


@pytest.mark.parametrize(
    ("failure", "kind", "after", "trouble", "all_wait"),
    [
        (-1, TryAgain, None, "", False),
        (45009, TryAgain, timedelta(seconds=60), "", True),
        (45033, TryAgain, timedelta(seconds=2), "", True),
        (60020, Undeliverable, None, "address_unlisted", False),
        (48002, Undeliverable, None, "not_permitted", False),
        (95017, Undeliverable, None, "kf_not_by_api", False),
        (95000, Undeliverable, None, "kf_unknown", False),
        (95003, Undeliverable, None, "kf_limited", False),
        (95007, Undeliverable, None, "", False),
        (95013, Undeliverable, None, "", False),
        (40096, Undeliverable, None, "", False),
        (429, TryAgain, timedelta(seconds=60), "", True),
        (503, TryAgain, None, "", False),
    ],
)
async def test_every_refusal_has_its_consequence(
    api: WechatKfApi,
    door: WechatKfDoor,
    failure: int,
    kind: type[DoorError],
    after: timedelta | None,
    trouble: str,
    all_wait: bool,
) -> None:
    api.fail(SEND, failure)
    error = await refused(door)
    assert type(error) is kind
    assert isinstance(error, TryAgain | Undeliverable)
    assert (error.trouble, error.unsure) == (trouble, False)
    if isinstance(error, TryAgain):
        assert (error.after, error.all_wait) == (after, all_wait)


async def test_a_lasting_40014_is_no_loop(api: WechatKfApi, door: WechatKfDoor) -> None:
    api.outages.always |= {SEND: 40014, TRANSFER: 40014}
    error = await refused(door)
    assert isinstance(error, TryAgain)
    assert error.after == LEAST_PAUSE
    assert api.outages.calls[TOKEN] <= 2


async def test_a_refused_secret_tells_people(api: WechatKfApi, door: WechatKfDoor) -> None:
    api.secret = "another"
    error = await refused(door)
    assert isinstance(error, Undeliverable)
    assert (error.reason, error.trouble) == ("40001", "secret_refused")


async def test_an_account_without_a_secret_sends_nothing(house: House) -> None:
    async with ClientSession() as session:
        with pytest.raises(Undeliverable, match="secret_missing"):
            await house.door(session, replace(ACCOUNT, secret="")).send(outbound(message("您好")))
        with pytest.raises(Undeliverable, match="account_unknown"):
            await house.door(session).send(changed(outbound(message("您好")), address=WHO._replace(account="else")))
        with pytest.raises(Undeliverable, match="contact_unreadable"):
            await house.door(session).send(changed(outbound(message("您好")), address=WHO._replace(contact="x")))


# Sessions ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [2, 3])
async def test_a_session_with_a_colleague_in_the_wecom_client_is_left_to_them(
    api: WechatKfApi, door: WechatKfDoor, state: int
) -> None:
    api.chat().state = state
    error = await refused(door)
    assert (type(error), str(error)) == (Undeliverable, "session_taken_elsewhere")
    assert api.chat().state == state


async def test_nothing_goes_into_a_session_that_has_ended(api: WechatKfApi, door: WechatKfDoor) -> None:
    api.chat().state = ENDED
    assert str(await refused(door)) == "session_ended"


async def test_a_state_that_has_just_changed_is_looked_at_and_the_message_goes(
    api: WechatKfApi, door: WechatKfDoor
) -> None:
    api.fail(SEND, 95018)
    await door.send(outbound(message("您好")))
    assert api.texts() == ["您好"]


async def test_the_last_words_end_the_session_and_cost_nothing(api: WechatKfApi, door: WechatKfDoor) -> None:
    api.chat().left = 0
    await door.send(changed(outbound(message("再见。"), message("满意吗？", *STARS)), ends=True))
    (body,) = api.chat().seen
    assert body["msgmenu"]["head_content"] == "再见。\n\n满意吗？"
    assert items(body) == [choice.id for choice in STARS]
    assert (api.chat().state, api.chat().left) == (ENDED, 0)


async def test_after_the_end_the_next_word_opens_a_session_of_ours_again(api: WechatKfApi, door: WechatKfDoor) -> None:
    await door.send(outbound(message("您好"), key="1-1777856400"))
    await door.send(changed(outbound(message("再见。"), key="2-1777856400"), ends=True))
    api.say("又来了")
    await door.send(outbound(message("您好"), key="3-1777856400"))
    assert api.chat().state == ASSISTANT
    assert api.texts() == ["您好", "再见。", "您好"]


@pytest.mark.parametrize("failure", [Outage.SWALLOWED, Outage.DROPPED, 500])
async def test_last_words_of_unknown_outcome_go_again_at_once_while_their_code_lives(
    api: WechatKfApi, door: WechatKfDoor, failure: Failure
) -> None:
    api.fail(ANSWER, failure)
    await door.send(changed(outbound(message("再见。")), ends=True))
    assert api.texts() == ["再见。"]


async def test_a_session_that_an_earlier_try_may_have_ended_leaves_a_doubt(
    api: WechatKfApi, door: WechatKfDoor
) -> None:
    api.fail(TRANSFER, Outage.SWALLOWED)
    last = changed(outbound(message("再见。")), ends=True)
    with pytest.raises(TryAgain):
        await door.send(last)
    with pytest.raises(Undeliverable) as raised:
        await door.send(changed(last, again=True))
    assert (raised.value.reason, raised.value.unsure) == ("session_ended", True)


async def test_a_session_that_somebody_else_ended_takes_no_last_words(api: WechatKfApi, door: WechatKfDoor) -> None:
    api.chat().state = ENDED
    with pytest.raises(Undeliverable) as raised:
        await door.send(changed(outbound(message("再见。")), ends=True))
    assert (raised.value.reason, raised.value.unsure) == ("session_ended", False)


async def test_last_words_that_are_too_long_keep_every_choice(api: WechatKfApi, door: WechatKfDoor) -> None:
    await door.send(changed(outbound(message("这是一句话。" * 300, *STARS)), ends=True))
    (body,) = api.chat().seen
    assert items(body) == [choice.id for choice in STARS]
    api.say("又来了")
    many = tuple(Choice(str(number), f"第{number}项") for number in range(12))
    await door.send(changed(outbound(message("这是一句话。" * 300, *many), key="8-1777856400"), ends=True))
    assert all(f"{number + 1}. 第{number}项" in api.texts()[-1] for number in range(12))


async def test_a_welcome_goes_with_its_code(house: House, api: WechatKfApi, door: WechatKfDoor) -> None:
    code = api.enter(customer="wm2")["event"]["welcome_code"]
    to_new = WHO._replace(contact=WHO.contact.split(":")[0] + ":wm2")
    welcome = changed(
        outbound(message("欢迎", *STARS)), address=to_new, voucher=Voucher(code, NOW + timedelta(seconds=20))
    )
    await door.send(welcome)
    assert api.texts("wm2") == ["欢迎"]
    house.now += timedelta(seconds=20)
    with pytest.raises(Undeliverable, match="voucher_expired"):
        await door.send(welcome)
