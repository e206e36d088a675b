"""Clause survey.revisit: the customer is visited again within 3 days of the call-back."""

from router.callbacks import Callback
from tests.standard.measure import DAY, HOUR, alarms, ends, local

SCORED = local("2026-11-20 20:00")
CALLED = SCORED + HOUR


def test_it_runs_from_the_call_and_not_from_the_score() -> None:
    assert ends("survey.revisit", Callback(1, SCORED)) is None
    assert ends("survey.revisit", Callback(1, SCORED, CALLED)) == CALLED + 3 * DAY
    assert ends("survey.revisit", Callback(1, SCORED, CALLED, revisited=CALLED + DAY)) is None


def test_its_owner_is_warned_then_the_leader() -> None:
    assert alarms("survey.revisit") == ["24h before: owner", "4h before: leader", "due: leader"]
