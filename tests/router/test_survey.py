"""The survey as a dialogue: the question, the score, the comment, and what is not meant for it."""

from datetime import timedelta

import pytest

from router.conversation import Status
from router.effects import (
    DeferSurvey,
    MarkSurveyAsked,
    RecordComment,
    RecordScore,
    ReleaseSurvey,
    RequestSurvey,
    ScheduleSurvey,
)
from router.events import Filled, Fired, Said, SurveyDue
from router.survey import normalised
from tests.dialog import Dialog

pytestmark = pytest.mark.pure

MINUTE = timedelta(minutes=1)
DAY = timedelta(hours=24)


def served() -> Dialog:
    return (Dialog() >> "人工").assign().reply().close()


def asked(survey: int = 1) -> Dialog:
    return served() >> DAY >> SurveyDue(survey, "王芳")


def comments(dialog: Dialog) -> list[str]:
    return [effect.text for effect in dialog.effects if isinstance(effect, RecordComment)]


def test_a_day_after_the_service_its_customer_is_asked_about_it() -> None:
    dialog = served() << ScheduleSurvey
    dialog >> DAY >> Fired("survey.online", "survey", 1, 1, 1) << RequestSurvey
    dialog >> SurveyDue(1, "王芳") << "survey.ask" << MarkSurveyAsked
    assert dialog.options == tuple(f"survey:1:{star}" for star in range(1, 6))


def test_a_typed_number_right_after_the_question_is_the_score() -> None:
    dialog = asked() >> "4" << "survey.comment"
    assert dialog.scores == {1: 4}
    assert dialog.contact.conversation is None


def test_a_full_width_number_is_a_number() -> None:
    assert (asked() >> "５").scores == {1: 5}


@pytest.mark.parametrize("typed", ["0", "6", "55", "4.5", "-1"])
def test_another_number_is_no_score(typed: str) -> None:
    assert (asked() >> typed).scores == {}


def test_a_number_means_nothing_to_the_survey_once_something_else_was_said() -> None:
    dialog = asked() >> "话费" << "answer:fee"
    dialog >> "5"
    assert dialog.scores == {}


def test_a_tap_always_means_the_survey() -> None:
    dialog = asked() >> "话费" << "answer:fee"
    dialog.tap("survey:1:5")
    assert dialog.scores == {1: 5}


def test_a_tap_during_a_chat_is_thanked_and_asks_for_no_comment() -> None:
    dialog = asked() >> "人工" << "queue.place"
    dialog.tap("survey:1:2") << "survey.thanks"
    assert dialog.scores == {1: 2}
    assert dialog.conversation.status is Status.QUEUED
    dialog >> "流量也不够"
    assert comments(dialog) == []


def test_a_tap_on_the_menu_of_an_older_survey_scores_that_one() -> None:
    dialog = asked(1) >> SurveyDue(2, "李雷")
    dialog.tap("survey:1:1").tap("survey:2:5")
    assert dialog.scores == {1: 1, 2: 5}


def test_a_second_tap_changes_nothing_and_says_so() -> None:
    dialog = asked().tap("survey:1:5").tap("survey:1:1") << "survey.already"
    assert dialog.scores == {1: 5}


def test_a_second_tap_after_the_comment_changes_nothing_and_says_so() -> None:
    dialog = asked().tap("survey:1:5") >> "很耐心"
    dialog.tap("survey:1:1") << "survey.already"
    assert dialog.scores == {1: 5}


def test_a_text_right_after_the_score_is_its_comment() -> None:
    dialog = asked() >> "5" >> "王芳很耐心，谢谢" << "survey.comment.thanks"
    assert comments(dialog) == ["王芳很耐心，谢谢"]
    assert dialog.contact.conversation is None


def test_only_one_text_is_the_comment() -> None:
    dialog = asked() >> "5" >> "很耐心" >> "还有一件事"
    assert comments(dialog) == []
    assert dialog.conversation.status is Status.BOT


def test_the_comment_is_optional() -> None:
    dialog = asked().tap("survey:1:5").tap("survey:skip") << "survey.thanks"
    assert comments(dialog) == []
    dialog >> "话费" << "answer:fee"


def test_a_question_after_the_score_is_answered_instead_of_kept_as_a_comment() -> None:
    dialog = asked() >> "5" >> "话费" << "answer:fee"
    assert comments(dialog) == []


@pytest.mark.parametrize("typed", ["人工", "人工。"])
def test_asking_for_a_person_after_the_score_is_no_comment(typed: str) -> None:
    dialog = asked() >> "5" >> typed << "queue.place"
    assert comments(dialog) == []


def test_a_greeting_after_the_score_is_no_comment() -> None:
    assert comments(asked() >> "5" >> "你好" << "welcome") == []


def test_a_text_long_after_the_score_is_no_comment() -> None:
    dialog = asked() >> "5" >> 11 * MINUTE >> "很耐心"
    assert comments(dialog) == []


def test_thanks_after_the_score_are_no_comment_and_open_nothing() -> None:
    dialog = asked() >> "5" >> "谢谢" << "thanks"
    assert comments(dialog) == []
    assert dialog.contact.conversation is None


def test_thanks_before_the_score_open_nothing_and_the_number_still_counts() -> None:
    dialog = asked() >> "谢谢" << None
    assert dialog.contact.conversation is None
    dialog >> "5" << "survey.comment"
    assert dialog.scores == {1: 5}


def test_thanks_within_ten_minutes_of_the_close_open_nothing() -> None:
    dialog = served() >> 9 * MINUTE >> "谢谢！" << "thanks"
    assert dialog.contact.conversation is None


def test_thanks_later_open_a_conversation() -> None:
    dialog = served() >> 11 * MINUTE >> "谢谢"
    assert dialog.conversation.status is Status.BOT


def test_a_survey_due_during_a_chat_waits_for_its_end() -> None:
    dialog = served() >> DAY >> "查询"
    dialog >> SurveyDue(1, "王芳") << DeferSurvey << None
    dialog >> 31 * MINUTE << ReleaseSurvey
    dialog >> SurveyDue(1, "王芳") << "survey.ask"


def test_a_later_service_is_asked_about_instead() -> None:
    dialog = served() >> DAY >> "人工"
    dialog >> SurveyDue(1, "王芳") << DeferSurvey
    dialog.assign(8).reply(agent=8).close(8) << ScheduleSurvey
    assert not any(isinstance(effect, ReleaseSurvey) for effect in dialog.effects)


def test_the_page_records_score_and_comment_and_says_nothing_in_the_chat() -> None:
    dialog = asked() >> Filled(1, 3, "一般") << RecordScore << None
    assert comments(dialog) == ["一般"]
    dialog >> "5" << "survey.already"
    assert dialog.scores == {1: 3}


def test_the_page_of_another_survey_leaves_the_pending_one_alone() -> None:
    dialog = asked(2) >> Filled(1, 3, "")
    dialog >> "5" << "survey.comment"
    assert dialog.scores == {1: 3, 2: 5}


@pytest.mark.parametrize("choice", ["survey:", "survey:x:5", "survey:1:6", "survey:1", "survey:99999999999999999999:5"])
def test_a_made_up_choice_scores_nothing(choice: str) -> None:
    dialog = asked()
    dialog >> Said("", choice=choice)
    assert dialog.scores == {}


def test_a_star_is_a_quarter_of_the_scale() -> None:
    assert [normalised(stars) for stars in range(1, 6)] == [0, 25, 50, 75, 100]
