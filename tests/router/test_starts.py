"""What somebody types goes on as those texts of which a sentence begins so."""

import pytest

from router.wording.starts import Starts

pytestmark = pytest.mark.pure

TEXTS = (
    "您好，很高兴为您服务。请问有什么可以帮您？",
    "请稍等，我查一下。",
    "发送 CXYE 查询。请问您的号码是多少？",
    "Hello, how can I help? Please hold the line.",
)
STARTS = Starts(TEXTS)


@pytest.mark.parametrize(
    ("typed", "rests"),
    [
        ("您好", ["，很高兴为您服务。请问有什么可以帮您？"]),
        ("好的。请问", ["有什么可以帮您？", "您的号码是多少？"]),
        ("好的，请稍", ["等，我查一下。"]),
        ("第一行\n请稍", ["等，我查一下。"]),
        ("发送 cxye", [" 查询。请问您的号码是多少？"]),
        ("Thank you. please h", ["old the line."]),
        ("HELLO", [", how can I help? Please hold the line."]),
        ("hel", []),
        ("请", []),
        ("请稍等，我查一下。", []),
        ("不客气", []),
        ("", []),
        ("，，。。", []),
    ],
)
def test_a_sentence_that_begins_as_it_was_typed_goes_on(typed: str, rests: list[str]) -> None:
    assert [one.rest for one in STARTS.continued(typed, 3)] == rests


def test_each_text_is_offered_once_in_the_order_that_was_given_and_no_more_than_asked_for() -> None:
    many = Starts(["请问要办吗？请问几位？", *(f"请问{n}" for n in range(9))])
    assert [one.place for one in many.continued("请问", 4)] == [0, 1, 2, 3]


@pytest.mark.parametrize("text", ["ẞẞẞ。请问几位", "İ。请问几位", "\ud800。请问几位", "．．。请问几位"])
def test_signs_that_change_their_length_do_not_shift_what_goes_on(text: str) -> None:
    for one in Starts([text]).continued("请问", 1):
        assert one.rest == "几位"
