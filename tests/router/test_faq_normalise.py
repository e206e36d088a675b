"""One question, however it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.faq.normalise import LONGEST, normalise

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("查話費", "查话费"),
        ("怎麼辦理攜號轉網？", "怎么办理携号转网"),
        ("ＡＢＣ１２３", "abc123"),
        ("  5G　套餐！！ ", "5g 套餐"),
        ("WiFi,连不上😀😀", "wifi 连不上"),
        ("你好，请问怎么充值", "怎么充值"),
        ("你好", "你好"),
        ("充值ing啊啊啊啊", "充值 ing 啊"),
        ("I can't pay", "i cant pay"),
        ("13800138000停机", "00000 停机"),
        ("？！。…", ""),
        ("\x00\ud800\u200b", ""),
        ("", ""),
    ],
)
def test_one_question_reads_the_same_however_it_is_typed(typed: str, read: str) -> None:
    assert normalise(typed) == read


@given(st.text())
def test_reading_again_changes_nothing(typed: str) -> None:
    once = normalise(typed)
    assert normalise(once) == once


@given(st.text(max_size=20), st.integers(1, 2_000))
def test_a_text_is_read_up_to_a_length(typed: str, times: int) -> None:
    assert len(normalise(typed * times)) <= 2 * LONGEST
