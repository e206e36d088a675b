"""Clause enquiry.follow_up: what cannot be answered on the spot is answered within 2 hours of service."""

from datetime import timedelta

from router.effects import QuestionKind, Say
from router.events import Fired
from router.questions import Question
from tests.dialog import MONDAY_MORNING, Dialog
from tests.standard.measure import HOUR, alarms, ends, local

CLAUSE = "enquiry.follow_up"


def test_it_is_answered_within_two_hours_of_service() -> None:
    asked = local("2026-11-20 10:00")
    assert ends(CLAUSE, Question(1, QuestionKind.FOLLOW_UP, asked)) == asked + 2 * HOUR
    late = Question(1, QuestionKind.FOLLOW_UP, local("2026-11-20 21:00"))
    assert ends(CLAUSE, late) == local("2026-11-21 09:00"), "the night between does not count"


def test_an_answer_ends_it_and_a_gap_in_the_knowledge_never_opens_it() -> None:
    asked = local("2026-11-20 10:00")
    assert ends(CLAUSE, Question(1, QuestionKind.FOLLOW_UP, asked, answered=asked + HOUR)) is None
    assert ends(CLAUSE, Question(1, QuestionKind.GAP, asked)) is None


def test_its_owner_is_warned_then_the_leader() -> None:
    assert alarms(CLAUSE) == ["30m before: agent", "10m before: leader", "due: leader, customer"]


BREACH = Fired(CLAUSE, "question", 1, 3, 3, None, before=2)


def test_whoever_waits_hears_on_their_channel_that_it_is_late_and_in_peace() -> None:
    dialog = Dialog(channel="wechat") >> "你好" >> BREACH << "question.late"
    assert _said(dialog).not_before is None
    night = Dialog(channel="wechat", now=MONDAY_MORNING + timedelta(hours=14)) >> "你好" >> BREACH << "question.late"
    (until,) = [_said(night).not_before]
    assert until is not None
    assert (until - night.now) < timedelta(hours=12), "it waits for the end of quiet hours"
    assert (Dialog(channel="hotline") >> BREACH).said == [], "what we write would not be read there"
    warned = Fired(CLAUSE, "question", 1, 1, 3, None, before=0)
    assert (Dialog(channel="wechat") >> "你好" >> warned).said == [], "not before it is late"


def _said(dialog: Dialog) -> Say:
    (say,) = [effect for effect in dialog.effects if isinstance(effect, Say)]
    return say
