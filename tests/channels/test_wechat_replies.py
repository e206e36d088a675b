"""The passive reply, as wechatpy and a customer read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.replies import deserialize_reply

from channels.door import Choice
from channels.wechat.replies import merged, render
from channels.weixin.pieces import LIMIT
from channels.weixin.texts import shortened, size, split
from tests.channels.wechat_house import OPENID, PATIENT, SECONDS, message

CHOICES = tuple(Choice(f"faq:{number}", f"第 {number} 个常见问题") for number in range(1, 4))


def shown(text: str) -> str:
    """A text after its way through a document."""
    reply = deserialize_reply(render(OPENID, "gh_1", SECONDS, text))
    assert (reply.target, reply.source, int(reply.time)) == (OPENID, "gh_1", SECONDS)
    return str(reply.content or "")


@pytest.mark.parametrize("text", ["您好", "a < b & c > d", "<![CDATA[x]]", "一行\n两行\t列", "👩‍👩‍👧 表情", "\"'&amp;"])
def test_a_text_arrives_as_it_was_written(text: str) -> None:
    assert shown(text) == text


def test_nothing_in_a_text_ends_the_section_it_stands_in() -> None:
    assert shown("]]></Content><MsgType>image</MsgType>") == "]]＞</Content><MsgType>image</MsgType>"
    assert shown("]]]>>") == "]]]＞>"


def test_characters_that_xml_forbids_are_left_out() -> None:
    assert shown("a\x00b\x08c\x0bd\x1fe\ufffef\uffffg\udc80h") == "abcdefgh"


def test_answers_of_one_turn_become_one_text_with_a_numbered_list() -> None:
    assert merged((message("抱歉。"), message("您是不是想问：", *CHOICES))) == (
        "抱歉。\n\n您是不是想问：\n1. 第 1 个常见问题\n2. 第 2 个常见问题\n3. 第 3 个常见问题"
    )
    assert merged((message(""), message("只有这句。"))) == "只有这句。"
    assert merged(()) == ""


def test_what_is_more_than_one_body_carries_is_not_cut_but_left_to_be_pushed() -> None:
    assert merged((message("长" * (LIMIT // 3)),))
    assert merged((message("长" * (LIMIT // 3 + 1)),)) == ""
    assert merged((message("长" * (LIMIT // 3 - 10), *CHOICES),)) == ""


@PATIENT
@given(st.text(st.characters(codec="utf-8"), max_size=300), st.integers(8, 400))
def test_cutting_keeps_to_the_limit_and_splitting_loses_no_word(text: str, limit: int) -> None:
    assert size(shortened(text, limit)) <= limit
    parts = split(text, limit)
    assert all(0 < size(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@PATIENT
@given(st.text(max_size=100))
def test_any_text_makes_a_readable_reply(text: str) -> None:
    assert isinstance(shown(text), str)
