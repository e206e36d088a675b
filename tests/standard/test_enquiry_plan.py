"""Clause enquiry.plan: a complex enquiry gets a preliminary plan within 2 hours of service."""

from router.effects import QuestionKind
from router.questions import Question
from tests.standard.measure import HOUR, alarms, ends, local

CLAUSE = "enquiry.plan"
MARKED = local("2026-11-20 10:00")


def test_it_is_due_two_hours_of_service_after_an_agent_marked_the_chat() -> None:
    assert ends(CLAUSE, Question(1, QuestionKind.PLAN, MARKED)) == MARKED + 2 * HOUR
    assert ends(CLAUSE, Question(1, QuestionKind.PLAN, local("2026-11-20 21:30"))) == local("2026-11-21 09:30")
    assert ends(CLAUSE, Question(1, QuestionKind.FOLLOW_UP, MARKED)) is None
    assert ends("enquiry.follow_up", Question(1, QuestionKind.PLAN, MARKED)) is None, "one limit, not two"


def test_the_plan_ends_it_and_whoever_marked_it_is_warned_then_the_leader() -> None:
    assert ends(CLAUSE, Question(1, QuestionKind.PLAN, MARKED, answered=MARKED + HOUR)) is None
    assert alarms(CLAUSE) == ["30m before: agent", "10m before: leader", "due: leader"]
