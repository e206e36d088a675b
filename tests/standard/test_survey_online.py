"""Clause survey.online: the questionnaire comes 24 hours after the service ended."""

from router.survey import Asking
from tests.standard.measure import DAY, STANDARD, ends, local

ENDED = local("2026-11-20 10:00")


def test_it_is_asked_a_day_after_the_service() -> None:
    assert ends("survey.online", Asking(1, ENDED)) == ENDED + DAY
    assert ends("survey.online", Asking(1, ENDED, asked=ENDED + DAY)) is None
    assert not STANDARD.clause("survey.online").is_promise, "it says when to ask; nobody breaks it"


def test_it_never_comes_in_the_quiet_hours_of_customers() -> None:
    assert ends("survey.online", Asking(1, local("2026-11-20 21:00"))) == local("2026-11-22 09:00")
    assert ends("survey.online", Asking(1, local("2026-11-20 20:59"))) == local("2026-11-21 20:59")
    assert ends("survey.online", Asking(1, local("2026-11-20 03:00"))) == local("2026-11-21 09:00")
