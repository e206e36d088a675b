"""Clause survey.online: the questionnaire comes 24 hours after the service ended."""

from router.survey import Asking
from tests.standard.measure import DAY, STANDARD, ends, local

ENDED = local("2026-11-20 10:00")


def test_it_is_asked_a_day_after_the_service() -> None:
    assert ends("survey.online", Asking(1, ENDED)) == ENDED + DAY
    assert ends("survey.online", Asking(1, ENDED, asked=ENDED + DAY)) is None
    assert not STANDARD.clause("survey.online").is_promise, "it says when to ask; nobody breaks it"
