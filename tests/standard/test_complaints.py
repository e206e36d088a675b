"""The clauses of complaints (§3.3, §5.3), each as a story of one complaint; a test is named after its clause."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from router.tickets import acts
from router.tickets.acts import Draft
from router.tickets.decision import Whom
from router.tickets.grades import propose
from router.tickets.ticket import Grade, State
from tests.case import COMPLAINT, FAULT, GRAVE, MAJOR, Case
from tests.dialog import TICKETS

pytestmark = pytest.mark.pure
HOUR = timedelta(hours=1)


def opened(draft: Draft = COMPLAINT, *, repeats: int = 0, written: bool = True) -> Case:
    """A case with one complaint."""
    case = Case(written=written)
    assert case.open(draft, repeats=repeats) == 1
    return case


@pytest.mark.parametrize(
    ("text", "grade", "codes"),
    [
        ("多扣了一个月的月租", Grade.ORDINARY, []),
        ("我要找你们领导", Grade.ESCALATED, ["demand"]),
        ("明天 就请 记者 来", Grade.ESCALATED, ["media"]),
        ("不解决我打12300", Grade.ESCALATED, ["regulator"]),
        ("I will call the REGULATOR", Grade.ESCALATED, ["regulator"]),
        ("整个小区都没网", Grade.MAJOR, ["group"]),
        ("已经上了热搜", Grade.MAJOR, ["publicity"]),
        ("断网害我损失了 1.5 万", Grade.MAJOR, ["loss"]),
        ("损失大概 9,999 元", Grade.ORDINARY, []),
        ("联名找工信部", Grade.MAJOR, ["group", "regulator"]),
    ],
)
def test_complaint_grade_is_proposed_with_its_reasons(text: str, grade: Grade, codes: list[str]) -> None:
    proposed = propose(text, repeats=0, people=1, loss=0, grading=TICKETS.grading)
    assert (proposed.grade, [reason.code for reason in proposed.reasons]) == (grade, codes)


def test_complaint_grade_counts_repeats_people_and_losses() -> None:
    assert opened(repeats=1).ticket.grade is Grade.ESCALATED
    assert opened(replace(COMPLAINT, people=5)).ticket.grade is Grade.MAJOR
    assert opened(replace(COMPLAINT, loss=10_000)).ticket.grade is Grade.MAJOR


def test_complaint_grade_is_overruled_with_a_reason_on_record_and_re_bases_the_limits() -> None:
    case = opened().later(hours=5)
    assert case.do(acts.Graded(Grade.MAJOR, " ")).refused == "ticket.grade"
    assert case.do(acts.Graded(Grade.ORDINARY, "没变")).refused == "ticket.grade"
    case.do(acts.Graded(Grade.ESCALATED, "客户情绪激动"))
    assert (case.steps[-1].what, case.steps[-1].text) == ("graded", "客户情绪激动")
    assert case.running()["complaint.emergency"] == case.now + HOUR
    assert "complaint.resolve" not in case.running()
    case.later(hours=2).do(acts.Graded(Grade.ORDINARY, "已安抚"))
    assert case.running()["complaint.resolve"] == case.now + 48 * HOUR
    assert case.line("complaint.emergency").breached is not None, "what was late stays late"
    assert Case().open(replace(GRAVE, grade=Grade.ORDINARY)) == 0, "not without a reason"


def test_complaint_grade_grows_with_a_merged_repeat_unless_a_person_has_decided() -> None:
    case = opened()
    case.merge(case.open(COMPLAINT), 1)
    assert (case.ticket.grade, case.ticket.graded) == (Grade.ESCALATED, case.now)
    firm = opened().do(acts.Graded(Grade.ESCALATED, "x")).do(acts.Graded(Grade.ORDINARY, "核实后无风险"))
    firm.merge(firm.open(COMPLAINT), 1)
    assert firm.ticket.grade is Grade.ORDINARY


def test_complaint_verify_is_two_hours_for_every_grade() -> None:
    for draft in (COMPLAINT, GRAVE, MAJOR):
        case = opened(draft)
        assert case.running()["complaint.verify"] == case.ticket.created + 2 * HOUR
        assert "complaint.verify" not in case.do(acts.Verified("与客户、部门核对无误")).running()
        assert case.line("complaint.verify").breached is None


def test_complaint_first_reply_is_a_day_and_is_the_customer_s_to_hear() -> None:
    case = opened()
    assert case.running()["complaint.first_reply"] == case.ticket.created + 24 * HOUR
    assert "complaint.first_reply" not in case.do(acts.Replied("正在核对账单")).running()
    assert "replied" in case.heard
    spoken = opened(written=False)
    assert spoken.do(acts.Replied("正在核对")).refused == "ticket.call"
    assert spoken.do(acts.Replied("正在核对", called=True)).refused == ""


def test_complaint_emergency_alarms_at_once_and_wants_a_named_person_within_the_hour() -> None:
    case = opened(GRAVE)
    at_once = [(alarm.whom, alarm.kind) for alarm in case.alarms]
    assert (Whom.LEADER, "ticket.emergency") in at_once
    assert case.running()["complaint.emergency"] == case.ticket.created + HOUR
    case.do(acts.Responded(9, "李雷"))
    assert (case.ticket.owner, case.line("complaint.emergency").breached) == (9, None)
    assert opened().do(acts.Responded(9, "李雷")).refused == "unfit", "an ordinary one has no emergency"


def test_complaint_team_plan_is_a_day_and_names_the_group() -> None:
    case = opened(GRAVE)
    assert case.running()["complaint.team_plan"] == case.ticket.created + 24 * HOUR
    assert case.do(acts.Planned(" ", "退费")).refused == "unfit"
    assert "complaint.team_plan" not in case.do(acts.Planned("王芳、李雷", "核账退费并回访")).running()


def test_complaint_resolve_is_48_hours_for_an_ordinary_one_and_can_be_extended() -> None:
    case = opened()
    limit = case.running()["complaint.resolve"]
    assert limit == case.ticket.created + 48 * HOUR
    case.do(acts.Extended(limit + 24 * HOUR, "等银行流水"))
    assert case.running()["complaint.resolve"] == case.running()["ticket.close"] == limit + 24 * HOUR
    assert "complaint.resolve" not in opened(GRAVE).running()


def test_complaint_progress_is_told_every_day_of_a_grave_one() -> None:
    case = opened(GRAVE).later(hours=10).do(acts.Reported("已成立专班"))
    assert case.running()["complaint.progress"] == case.now + 24 * HOUR
    assert opened(GRAVE, written=False).do(acts.Reported("已成立专班")).refused == "ticket.call"
    assert "complaint.progress" not in opened().running()


def test_complaint_reply_is_an_hour_after_the_solution() -> None:
    case = opened(written=False).do(acts.Solved("已退费"))
    assert case.running()["complaint.reply"] == case.now + HOUR
    assert "complaint.reply" not in case.do(acts.Told("电话告知")).running()
    assert "complaint.reply" not in opened().do(acts.Solved("已退费")).running()


def test_complaint_visit_is_three_days_after_the_solution() -> None:
    case = opened().do(acts.Solved("已退费"))
    assert case.running()["complaint.visit"] == case.now + timedelta(days=3)
    assert "complaint.visit" not in case.do(acts.Visited(settled=True, text="")).running()
    assert "complaint.visit" not in opened().do(acts.Solved("x")).do(acts.Reopened("又扣了")).running()


def test_complaint_regulator_is_told_of_a_major_one_before_it_can_be_archived() -> None:
    case = opened(MAJOR)
    assert case.running()["complaint.regulator"] == case.ticket.created + 24 * HOUR
    case.do(acts.Solved("已抢通")).do(acts.Visited(settled=True, text=""))
    assert case.do(acts.Archived()).refused == "ticket.regulator"
    assert case.later(hours=25).ticket.state is State.VISITED, "the clock keeps to the gates as well"
    assert case.do(acts.Informed("工信部 2026-118")).do(acts.Archived()).ticket.state is State.ARCHIVED
    assert opened(GRAVE).do(acts.Informed("1")).refused == "unfit"


def test_complaint_acts_are_for_complaints_alone() -> None:
    case = opened(FAULT)
    for act in (acts.Graded(Grade.MAJOR, "x"), acts.Verified("x"), acts.Replied("x"), acts.Informed("1")):
        assert case.do(act).refused == "ticket.no_complaint"
