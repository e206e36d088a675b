"""Clauses "survey.low" (a leader calls back within 24 hours) and "survey.hotline" (the same for calls)."""

from router.callbacks import Callback
from router.survey import normalised
from tests.standard.measure import DAY, HOUR, STANDARD, alarms, ends, local

SCORED = local("2026-11-20 20:00")


def test_survey_low_a_score_below_seventy_is_called_back_about_within_a_day() -> None:
    low = STANDARD.surveys.low
    assert [stars for stars in range(1, 6) if normalised(stars) < low] == [1, 2, 3]
    assert ends("survey.low", Callback(1, SCORED)) == SCORED + DAY
    assert ends("survey.low", Callback(1, SCORED, called=SCORED + HOUR)) is None


def test_survey_low_warns_its_owner_then_the_leader_and_a_breach_goes_to_the_manager() -> None:
    assert alarms("survey.low") == ["4h before: owner", "1h before: leader", "due: manager"]
