"""What in a chat with the bot calls for somebody who looks in."""

from dataclasses import replace

import pytest

from router.effects import MarkSnag
from router.snags import Snag
from tests.dialog import MONDAY_MORNING, Dialog, world
from tests.router.test_forms import office


def snags(dialog: Dialog) -> list[str]:
    return [effect.kind for effect in dialog.effects if isinstance(effect, MarkSnag)]


def angry(**options: bool) -> Dialog:
    small = world(**options)
    return Dialog(replace(small, phrases=replace(small.phrases, angry=frozenset({"投诉"}))))


def test_a_question_that_is_answered_is_no_snag() -> None:
    assert snags(Dialog() >> "话费") == []


def test_once_not_understood_is_no_snag_and_twice_calls_a_person_who_is_there() -> None:
    dialog = Dialog() >> "蓝色的"
    assert snags(dialog) == []
    dialog >> "绿色的" << "queue.place"
    assert snags(dialog) == []


def test_not_understood_twice_out_of_hours_is_a_snag_and_says_both() -> None:
    night = Dialog(world(open_always=False), now=MONDAY_MORNING.replace(hour=18))
    night >> "蓝色的" >> "绿色的" << "queue.closed"
    assert snags(night) == [Snag.CLOSED, Snag.MISSED]


def test_who_asks_for_a_person_in_vain_has_hit_a_snag() -> None:
    night = Dialog(world(open_always=False), now=MONDAY_MORNING.replace(hour=18))
    assert snags(night >> "人工") == [Snag.CLOSED]
    assert snags(Dialog(world(waiting=10)) >> "人工") == [Snag.FULL]


@pytest.mark.parametrize("text", ["我要投诉你们", "话费 投诉"])
def test_angry_words_within_a_message_are_a_snag(text: str) -> None:
    assert snags(angry() >> text) == [Snag.ANGRY]


def test_a_step_that_is_answered_wrongly_twice_in_a_row_is_a_snag() -> None:
    dialog = Dialog(office()) >> "开发票" >> "1" >> "汇通公司" >> "昨天吧"
    assert snags(dialog) == []
    assert snags(dialog >> "2099-01-01") == [Snag.FORM]


def test_what_is_with_people_is_no_snag_of_the_bot() -> None:
    dialog = angry() >> "人工"
    assert snags(dialog >> "我要投诉你们") == []
