"""The survey as a dialogue: the question, the score, the comment, and what is not meant for it."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from router.conversation import Status
from router.effects import (
    DeferSurvey,
    MarkSurveyAsked,
    RecordAnswers,
    RecordComment,
    RecordScore,
    ReleaseSurvey,
    RequestSurvey,
    ScheduleSurvey,
)
from router.events import Filled, Fired, Said, SurveyDue
from router.questionnaire.questionnaire import Answers, Questionnaire, Questionnaires
from router.survey import normalised
from tests.dialog import QUESTIONNAIRE, Dialog, world

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


def answers(dialog: Dialog) -> list[tuple[int, Answers]]:
    return [(one.survey_id, one.answers) for one in dialog.effects if isinstance(one, RecordAnswers)]


def test_reasons_are_offered_for_the_score_that_was_given() -> None:
    for stars in (1, 5):
        offered = [f"survey:1:reason:{reason.id}" for reason in QUESTIONNAIRE.offered(stars)]
        assert (asked() >> str(stars)).options == (*offered, "survey:skip")


def test_a_reason_is_noted_when_it_is_tapped_or_typed_as_its_number_and_a_comment_may_follow() -> None:
    dialog = asked().tap("survey:1:1").tap("survey:1:reason:attitude") << "survey.reason.thanks"
    assert answers(dialog) == [(1, Answers(reasons=("attitude",)))]
    dialog >> "等了一个小时" << "survey.comment.thanks"
    assert comments(dialog) == ["等了一个小时"]
    dialog = asked().tap("survey:1:1") >> "2" << "survey.reason.thanks"
    assert answers(dialog) == [(1, Answers(reasons=(QUESTIONNAIRE.offered(1)[1].id,)))]


def test_a_reason_on_an_older_menu_is_its_surveys_and_takes_no_comment() -> None:
    dialog = asked(1).tap("survey:1:1") >> SurveyDue(2, "李雷")
    dialog.tap("survey:1:reason:waiting") << "survey.thanks"
    assert answers(dialog) == [(1, Answers(reasons=("waiting",)))]
    dialog >> "话费" << "answer:fee"


def test_a_reason_tapped_during_a_chat_is_thanked_and_the_chat_goes_on() -> None:
    dialog = asked().tap("survey:1:2") >> "人工" << "queue.place"
    dialog.tap("survey:1:reason:waiting") << "survey.thanks"
    assert answers(dialog) == [(1, Answers(reasons=("waiting",)))]
    assert dialog.conversation.status is Status.QUEUED


def test_a_questionnaire_of_stars_alone_asks_for_nothing_more() -> None:
    bare = replace(world(), questionnaires=Questionnaires(MappingProxyType({4: Questionnaire(4)}), 4))
    dialog = (Dialog(bare) >> "人工").assign().reply().close() >> DAY >> SurveyDue(1, "王芳")
    assert [one.questionnaire for one in dialog.effects if isinstance(one, MarkSurveyAsked)] == [4]
    dialog >> "5" << "survey.thanks"
    assert dialog.options == ()


def test_a_typed_number_right_after_the_question_is_the_score() -> None:
    dialog = asked() >> "4" << "survey.reason"
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
    dialog >> "5" << "survey.reason"
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
    dialog >> 36 * MINUTE << ReleaseSurvey
    dialog >> SurveyDue(1, "王芳") << "survey.ask"


def test_a_later_service_is_asked_about_instead() -> None:
    dialog = served() >> DAY >> "人工"
    dialog >> SurveyDue(1, "王芳") << DeferSurvey
    dialog.assign(8).reply(agent=8).close(8) << ScheduleSurvey
    assert not any(isinstance(effect, ReleaseSurvey) for effect in dialog.effects)


def test_the_page_records_score_and_comment_and_says_nothing_in_the_chat() -> None:
    dialog = asked() >> Filled(1, 3, "一般") << RecordScore << None
    assert comments(dialog) == ["一般"]
    assert answers(dialog) == []
    dialog >> "5" << "survey.already"
    assert dialog.scores == {1: 3}


def test_what_the_page_asks_after_the_score_is_recorded_with_it_or_later() -> None:
    given = Answers(False, ("waiting",), 3)
    dialog = asked() >> Filled(1, 2, "", given) << RecordScore << None
    assert answers(dialog) == [(1, given)]
    dialog >> Filled(1, None, "太慢", Answers(nps=0)) << None
    assert (answers(dialog), comments(dialog)) == ([(1, Answers(nps=0))], ["太慢"])


def test_the_page_of_another_survey_leaves_the_pending_one_alone() -> None:
    dialog = asked(2) >> Filled(1, 3, "")
    dialog >> "5" << "survey.reason"
    assert dialog.scores == {1: 3, 2: 5}


@pytest.mark.parametrize(
    "choice", ["survey:", "survey:x:5", "survey:1:6", "survey:1", "survey:99999999999999999999:5", "survey:1:reason:A"]
)
def test_a_made_up_choice_scores_nothing(choice: str) -> None:
    dialog = asked()
    dialog >> Said("", choice=choice)
    assert dialog.scores == {}


def test_a_star_is_a_quarter_of_the_scale() -> None:
    assert [normalised(stars) for stars in range(1, 6)] == [0, 25, 50, 75, 100]
