"""Clause message.overnight: what is left out of service hours is answered by the next 08:00."""

import pytest

from router.effects import QuestionKind
from router.questions import Question, question_kind
from tests.standard.measure import STANDARD, alarms, ends, local

CLAUSE = "message.overnight"


@pytest.mark.parametrize(
    ("left", "by"),
    [
        ("2026-11-20 22:00", "2026-11-21 08:00"),
        ("2026-11-21 03:00", "2026-11-21 08:00"),
        ("2026-11-21 07:59", "2026-11-21 08:00"),
        ("2026-10-01 23:00", "2026-10-02 08:00"),
    ],
    ids=["at closing time", "after midnight", "a minute before", "on a holiday"],
)
def test_it_is_a_time_of_day_and_no_duration(left: str, by: str) -> None:
    at = local(left)
    assert question_kind(STANDARD, at) is QuestionKind.OVERNIGHT
    assert ends(CLAUSE, Question(1, QuestionKind.OVERNIGHT, at)) == local(by)


def test_an_answer_ends_it_and_its_owner_is_warned_then_the_leader() -> None:
    left = local("2026-11-20 22:00")
    assert ends(CLAUSE, Question(1, QuestionKind.OVERNIGHT, left, answered=local("2026-11-20 22:30"))) is None
    assert alarms(CLAUSE) == ["1h before: agent", "15m before: leader", "due: leader, customer"]
