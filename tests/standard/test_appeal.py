"""The pack of the ministry: "appeal.answer" within 15 days, "appeal.acceptance" within 5 working days."""

from router.cases import Case
from tests.standard.measure import DAY, PACKS, alarms, ends, local

PACK = PACKS["miit_appeals"]
FRIDAY = local("2026-11-20 10:00")


def test_appeal_answer_the_operator_has_fifteen_days() -> None:
    assert ends("appeal.answer", Case(1, "appeal", {}, {"complained": FRIDAY}), PACK) == FRIDAY + 15 * DAY
    answered = Case(1, "appeal", {}, {"complained": FRIDAY, "answered": FRIDAY + DAY})
    assert ends("appeal.answer", answered, PACK) is None
    assert alarms("appeal.answer", PACK) == ["120h before: owner", "24h before: leader", "due: leader, manager"]


def test_appeal_acceptance_the_body_decides_within_five_working_days() -> None:
    case = Case(1, "appeal", {}, {"complained": FRIDAY, "appealed": FRIDAY})
    assert ends("appeal.acceptance", case, PACK) == local("2026-11-27 18:00")
