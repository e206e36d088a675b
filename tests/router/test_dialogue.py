"""What customers say to the bot, and what it answers."""

from datetime import timedelta

import pytest

from router.conversation import Status
from router.effects import QuestionKind, RecordQuestion, WantAnswer
from router.events import Followed, Kind, Said, Stumbled
from tests.dialog import FOUND, Dialog, world

pytestmark = pytest.mark.pure


def test_a_known_question_is_answered_at_once() -> None:
    dialog = Dialog() >> "话费"
    assert dialog.said == ["answer:fee"]
    assert dialog.conversation.status is Status.BOT


def test_a_vague_question_is_met_with_suggestions_and_a_number_picks_one() -> None:
    dialog = Dialog() >> "查询" << "suggest"
    assert dialog.options == ("faq:fee", "faq:data", "none")
    dialog >> "2" << "answer:data"


def test_a_number_without_choices_is_a_question_like_any_other() -> None:
    Dialog() >> "话费" >> "2" << "nothing"


def test_an_unknown_question_is_written_down_and_a_person_is_offered() -> None:
    dialog = Dialog() >> "量子通信" << "nothing" << RecordQuestion
    assert dialog.options == ("human", "leave")


def test_two_misses_in_a_row_call_a_person() -> None:
    dialog = Dialog() >> "量子通信" >> "平行宇宙" << "nothing.again" << "queue.place"
    assert dialog.conversation.status is Status.QUEUED


def test_an_answer_between_two_misses_starts_the_count_again() -> None:
    dialog = Dialog() >> "量子通信" >> "话费" >> "平行宇宙" << "nothing"
    assert dialog.conversation.status is Status.BOT


def test_none_of_the_suggestions_counts_as_a_miss() -> None:
    dialog = (Dialog() >> "量子通信" >> "查询").tap("none") << "queue.place"
    assert dialog.conversation.status is Status.QUEUED


def test_who_leaves_a_missed_question_need_not_write_it_again() -> None:
    dialog = (Dialog() >> "量子通信").tap("leave") << WantAnswer << "question.saved"
    assert dialog.conversation.misses == 0


def test_who_leaves_a_question_first_is_asked_to_write_it() -> None:
    dialog = Dialog().tap("leave") << "leave.ask"
    dialog >> "请帮我查一下国际漫游" << "leave.saved"
    assert RecordQuestion(QuestionKind.FOLLOW_UP, "请帮我查一下国际漫游") in dialog.effects


def test_a_question_left_at_night_is_an_overnight_message() -> None:
    dialog = Dialog(world=world(open_always=False)) >> timedelta(hours=13)
    dialog.tap("leave") >> "宽带断了" << "leave.saved"
    assert RecordQuestion(QuestionKind.OVERNIGHT, "宽带断了") in dialog.effects


def test_an_image_is_met_with_a_friendly_word() -> None:
    Dialog() >> Said("", Kind.IMAGE) << "unsupported"


@pytest.mark.parametrize("kind", [Kind.LOCATION, Kind.LINK])
def test_the_name_of_a_place_or_a_page_is_not_taken_for_a_question(kind: Kind) -> None:
    dialog = Dialog() >> Said("话费", kind) << "unsupported"
    assert dialog.conversation.misses == 0


def test_a_spoken_question_is_answered_like_a_written_one() -> None:
    Dialog() >> Said("话费", Kind.VOICE, found=FOUND["话费"]) << "answer:fee"


def test_a_menu_item_that_stands_for_a_question_or_a_person_is_as_good_as_writing_it() -> None:
    Dialog() >> Said("话费", found=FOUND["话费"], tapped=True) << "answer:fee"
    Dialog() >> Said("转人工", choice="human", tapped=True) << "queue.place"


def test_a_greeting_is_no_miss() -> None:
    dialog = Dialog() >> "你好" << "welcome"
    assert dialog.conversation.misses == 0


def test_a_new_follower_is_welcomed_without_a_conversation() -> None:
    dialog = Dialog() >> Followed("o:12") << "welcome"
    assert dialog.contact.conversation is None


def test_silence_of_thirty_minutes_ends_a_chat_with_the_bot_without_a_word() -> None:
    dialog = Dialog() >> "话费" >> timedelta(minutes=29)
    assert dialog.contact.conversation is not None
    dialog >> timedelta(minutes=6) << None
    assert dialog.contact.conversation is None


def test_thanks_right_after_the_close_open_nothing() -> None:
    dialog = (Dialog() >> "人工").assign().reply().close() >> "谢谢" << "thanks"
    assert dialog.contact.conversation is None


def test_thanks_an_hour_later_are_a_new_conversation() -> None:
    dialog = (Dialog() >> "人工").assign().reply().close() >> timedelta(hours=1) >> "谢谢"
    assert dialog.contact.conversation is not None


def test_a_flood_is_answered_once_and_then_only_kept() -> None:
    dialog = Dialog()
    for _ in range(20):
        dialog >> "话费" << "answer:fee"
    dialog >> "话费" << "flood"
    dialog >> "话费" << None
    dialog >> timedelta(seconds=11) >> "话费" << "answer:fee"


def test_a_flood_that_goes_on_is_told_only_once() -> None:
    dialog = Dialog()
    told = 0
    for _ in range(60):
        dialog >> "话费" >> timedelta(milliseconds=200)
        told += "flood" in dialog.said
    assert told <= 1


def test_when_the_bot_fails_a_person_takes_over() -> None:
    dialog = Dialog() >> Stumbled("话费", Kind.TEXT) << "error" << "queue.place"
    assert dialog.conversation.status is Status.QUEUED
