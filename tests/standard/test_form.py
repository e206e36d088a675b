"""The clauses of our own about guided business: "form.remind" (2 hours of service) and "form.idle" (24 hours)."""

from router.forms.idle import HalfFilled
from router.forms.progress import Progress
from tests.standard.measure import DAY, HOUR, STANDARD, ends, local

BEGUN = local("2026-11-20 10:00")


def test_form_remind_a_half_filled_form_is_reminded_of_in_service_hours() -> None:
    assert ends("form.remind", HalfFilled(Progress("invoice", 1, BEGUN))) == BEGUN + 2 * HOUR
    late = HalfFilled(Progress("invoice", 1, local("2026-11-20 21:30")))
    assert ends("form.remind", late) == local("2026-11-21 09:30")
    assert ends("form.remind", HalfFilled(None)) is None
    assert not STANDARD.clause("form.remind").is_promise


def test_form_idle_a_day_after_the_reminder_it_is_over() -> None:
    reminded = HalfFilled(Progress("invoice", 1, BEGUN, reminded=BEGUN + 2 * HOUR))
    assert ends("form.idle", reminded) == BEGUN + 2 * HOUR + DAY
