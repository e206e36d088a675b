"""Clause enquiry.follow_up: what cannot be answered on the spot is answered within 2 hours of service."""

from router.effects import QuestionKind
from router.questions import Question
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
    assert alarms(CLAUSE) == ["30m before: agent", "10m before: leader", "due: leader"]
