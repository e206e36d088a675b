"""What in a chat with the bot calls for somebody who looks in."""

from dataclasses import replace

import pytest

from router.effects import MarkTrouble
from router.trouble import Trouble
from tests.dialog import MONDAY_MORNING, Dialog, world


def troubles(dialog: Dialog) -> list[str]:
    return [effect.kind for effect in dialog.effects if isinstance(effect, MarkTrouble)]


def angry(**options: bool) -> Dialog:
    small = world(**options)
    return Dialog(replace(small, phrases=replace(small.phrases, angry=frozenset({"投诉"}))))


def test_a_question_that_is_answered_is_no_trouble() -> None:
    assert troubles(Dialog() >> "话费") == []


def test_once_not_understood_is_no_trouble_and_twice_calls_a_person_who_is_there() -> None:
    dialog = Dialog() >> "蓝色的"
    assert troubles(dialog) == []
    dialog >> "绿色的" << "queue.place"
    assert troubles(dialog) == []


def test_not_understood_twice_out_of_hours_is_trouble_and_says_both() -> None:
    night = Dialog(world(open_always=False), now=MONDAY_MORNING.replace(hour=18))
    night >> "蓝色的" >> "绿色的" << "queue.closed"
    assert troubles(night) == [Trouble.CLOSED, Trouble.MISSED]


def test_who_asks_for_a_person_in_vain_is_in_trouble() -> None:
    night = Dialog(world(open_always=False), now=MONDAY_MORNING.replace(hour=18))
    assert troubles(night >> "人工") == [Trouble.CLOSED]
    assert troubles(Dialog(world(waiting=10)) >> "人工") == [Trouble.FULL]


@pytest.mark.parametrize("text", ["我要投诉你们", "话费 投诉"])
def test_angry_words_within_a_message_are_trouble(text: str) -> None:
    assert troubles(angry() >> text) == [Trouble.ANGRY]


def test_what_is_with_people_is_nobody_s_trouble() -> None:
    dialog = angry() >> "人工"
    assert troubles(dialog >> "我要投诉你们") == []
