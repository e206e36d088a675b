"""The clauses of tickets (§3.2), each as a story of one ticket; a test is named after its clause."""

import dataclasses
from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.standards.shipped import shipped_standard_text
from router.standard import parse
from router.tickets import acts
from router.tickets.about import About
from router.tickets.acts import Draft
from router.tickets.decision import Whom
from router.tickets.ticket import State, TicketKind
from tests.case import COMPLAINT, FAULT, SUGGESTION, Case
from tests.dialog import world

pytestmark = pytest.mark.pure
HOUR = timedelta(hours=1)


def opened(draft: Draft = FAULT, *, written: bool = True) -> Case:
    """A case with one ticket."""
    case = Case(written=written)
    assert case.open(draft) == 1
    return case


def visited(draft: Draft = FAULT) -> Case:
    """A case whose ticket is settled."""
    return opened(draft).do(acts.Solved("已恢复")).do(acts.Visited(settled=True, text=""))


@pytest.mark.parametrize(
    ("draft", "lacks"),
    [
        (replace(FAULT, text=" 坏了 "), "text"),
        (replace(FAULT, business=""), "business"),
        (replace(FAULT, business="broadband"), "business"),
        (replace(FAULT, department="kitchen"), "department"),
        (replace(FAULT, about=About("139****9000")), "number"),
        (replace(COMPLAINT, cause=""), "cause"),
    ],
)
def test_ticket_complete_refuses_what_lacks_something_and_says_what(draft: Draft, lacks: str) -> None:
    case = Case()
    assert case.open(draft) == 0
    assert case.refused == f"ticket.incomplete.{lacks}"
    assert case.lines == {}


@pytest.mark.parametrize("kind", [TicketKind.SUGGESTION, TicketKind.COMPLAINT])
def test_ticket_transfer_has_an_hour_until_a_department_has_it(kind: TicketKind) -> None:
    case = opened(Draft(kind, "希望营业厅晚一点关门", "other.matter", cause="other"))
    assert case.running()["ticket.transfer"] == case.ticket.created + HOUR
    assert case.ticket.state is State.NEW
    case.later(minutes=59).do(acts.Moved("outlets", "营业厅的事"))
    assert "ticket.transfer" not in case.running()
    assert case.line("ticket.transfer").breached is None
    assert "transferred" in case.heard
    late = opened(SUGGESTION).later(minutes=61)
    assert late.line("ticket.transfer").breached is not None
    assert late.alarms[-1].kind == "breached.ticket.transfer"


def test_ticket_routing_follows_the_business_type_or_a_person_and_keeps_every_move() -> None:
    assert opened().ticket.department == "network"
    assert opened(SUGGESTION).ticket.department == ""
    case = opened(replace(FAULT, department="billing"))
    assert case.ticket.department == "billing"
    case.do(acts.Taken()).do(acts.Moved("market", "是套餐问题"))
    assert (case.ticket.department, case.ticket.handler, case.ticket.state) == ("market", None, State.ROUTED)
    assert case.steps[-1].fields == (("before", "billing"), ("department", "market"))
    for wrong in (acts.Moved("market", "再来"), acts.Moved("kitchen", "x"), acts.Moved("service", " ")):
        assert case.do(wrong).refused == "ticket.move"


def test_ticket_progress_is_due_every_24_hours_while_it_is_open() -> None:
    case = opened()
    assert case.running()["ticket.progress"] == case.ticket.created + 24 * HOUR
    case.later(hours=20).do(acts.Reported("已派单"))
    assert case.running()["ticket.progress"] == case.now + 24 * HOUR
    assert "reported" in case.heard
    case.later(hours=25)
    assert case.line("ticket.progress").breached is not None
    assert case.alarms[-1].whom in (Whom.LEADER, Whom.OWNER)
    case.do(acts.Solved("已恢复"))
    assert "ticket.progress" not in case.running()


def test_ticket_close_is_48_hours_and_the_ladder_climbs() -> None:
    case = opened()
    assert case.running()["ticket.close"] == case.ticket.created + 48 * HOUR
    case.later(hours=49)
    rungs = [(alarm.kind.split(".")[0], alarm.whom) for alarm in case.alarms if alarm.kind.endswith("ticket.close")]
    assert rungs == [("warned", Whom.OWNER), ("warned", Whom.LEADER), ("breached", Whom.LEADER)]
    assert case.line("ticket.close").breached == case.line("ticket.close").due


def test_ticket_close_once_late_the_customer_is_told_once_and_the_timeline_says_so() -> None:
    case = opened().later(hours=47)
    assert case.heard == {"opened"}, "not while there is time"
    case.later(minutes=61)
    assert case.told[-1].key == "ticket.told.late"
    late = next(step for step in case.steps if ("clause", "ticket.close") in step.fields)
    assert (late.what, dict(late.fields)["rung"]) == ("late", "due")
    case.do(acts.Solved("好了", called=True)).do(acts.Visited(settled=False, text="还是断")).later(hours=49)
    assert [said.key for said in case.told].count("ticket.told.late") == 1, "late again, but told already"
    assert opened(written=False).later(hours=49).heard == {"opened"}, "on the telephone nothing that we write is read"


SAID = """["owner", "leader", { who = "customer", on = "due", how = "channel" }, { who = "customer", on = "+24h",
    how = "channel", say = { zh = "仍在催办", en = "We press on" } }]"""


def test_ticket_close_a_rung_after_it_has_words_of_its_own() -> None:
    shipped = '["owner", "leader", { who = "customer", on = "due", how = "channel" }]'
    text = shipped_standard_text()
    here = text.index(shipped, text.index('["ticket.close"]'))
    standard = parse(text[:here] + SAID.replace("\n", " ") + text[here + len(shipped) :])
    case = Case(world=dataclasses.replace(world(), standard=standard))
    case.open(FAULT)
    case.later(hours=73)
    own = case.told[-1]
    assert (own.key, dict(own.fields)["why"]) == ("ticket.told.own", "仍在催办")
    pushed = [step for step in case.steps if step.what == "pushed"]
    assert [dict(step.fields)["rung"] for step in pushed] == ["+24h"]


def test_ticket_extend_counts_before_the_limit_with_reason_later_limit_and_the_customer_told() -> None:
    case = opened()
    limit = case.running()["ticket.close"]
    assert case.do(acts.Extended(limit + 24 * HOUR, " ")).refused == "ticket.extend.reason"
    assert case.do(acts.Extended(limit, "缺配件")).refused == "ticket.extend.limit"
    assert case.do(acts.Extended(limit + timedelta(days=31), "缺配件")).refused == "ticket.extend.limit"
    case.do(acts.Extended(limit + 24 * HOUR, "缺配件"))
    assert (case.refused, case.heard) == ("", {"opened", "extended"})
    assert case.running()["ticket.close"] == limit + 24 * HOUR
    case.later(hours=60).do(acts.Reported("配件在路上")).do(acts.Moved("service", "改由客服"))
    assert case.running()["ticket.close"] == limit + 24 * HOUR, "deriving anew does not undo it"
    assert case.line("ticket.close").breached is None


def test_ticket_extend_is_refused_after_the_limit_and_where_the_customer_was_not_told() -> None:
    case = opened().later(hours=49)
    assert case.do(acts.Extended(case.now + 24 * HOUR, "缺配件")).refused == "ticket.extend.late"
    assert case.line("ticket.close").breached is not None
    spoken = opened(written=False)
    until = spoken.running()["ticket.close"] + HOUR
    assert spoken.do(acts.Extended(until, "缺配件")).refused == "ticket.extend.proof"
    assert spoken.do(acts.Extended(until, "缺配件", called=True)).refused == ""
    assert spoken.running()["ticket.close"] == until


def test_ticket_extend_gives_nothing_to_what_is_reopened_later() -> None:
    case = opened()
    case.do(acts.Extended(case.running()["ticket.close"] + 240 * HOUR, "缺配件")).do(acts.Solved("好了"))
    case.do(acts.Visited(settled=False, text="还是断"))
    assert case.running()["ticket.close"] == case.now + 48 * HOUR


def test_ticket_tell_runs_until_somebody_has_called_who_reads_nothing() -> None:
    assert "ticket.tell" not in opened().do(acts.Solved("好了")).running()
    case = opened(written=False).do(acts.Solved("好了"))
    assert case.running() == {"ticket.tell": case.now + HOUR}
    assert case.do(acts.Visited(settled=True, text="")).refused == "ticket.state"
    assert case.do(acts.Told("已电话告知")).ticket.state is State.TOLD


def test_ticket_visit_comes_after_the_solution_and_sends_back_what_is_not_settled() -> None:
    case = opened()
    assert case.do(acts.Visited(settled=True, text="")).refused == "ticket.state"
    case.do(acts.Solved("好了"))
    assert case.running() == {"ticket.visit": case.now + timedelta(days=3)}
    case.later(hours=2).do(acts.Visited(settled=False, text="还是断"))
    assert set(case.running()) == {"ticket.close", "ticket.progress"}
    assert case.ticket.solved is not None, "marks never go back"
    case.do(acts.Solved("换线")).do(acts.Visited(settled=True, text="好了"))
    assert case.ticket.state is State.VISITED


def test_ticket_archive_waits_for_the_visit_and_the_inspection_that_was_drawn() -> None:
    case = opened().do(acts.Solved("好了"))
    assert case.do(acts.Archived()).refused == "ticket.state"
    case.do(acts.Drawn()).do(acts.Visited(settled=True, text=""))
    assert case.do(acts.Archived()).refused == "ticket.inspection"
    assert case.running() == {"ticket.inspect": case.now - timedelta(microseconds=1) + timedelta(days=3)}
    case.do(acts.Inspected(passed=False, text="没有写清原因"))
    assert case.ticket.state is State.ROUTED
    case.do(acts.Solved("补写原因")).do(acts.Visited(settled=True, text="")).do(acts.Inspected(passed=True, text="好"))
    assert set(case.running()) == {"ticket.archive"}
    assert case.do(acts.Archived()).ticket.state is State.ARCHIVED
    assert case.running() == {}


def test_ticket_archive_happens_by_itself_a_day_after_the_last_gate() -> None:
    case = visited().later(hours=25)
    assert case.ticket.state is State.ARCHIVED
    assert [case.do(act).refused for act in (acts.Noted("x"), acts.Reopened("x"))] == ["ticket.state"] * 2
    again = visited().later(hours=2).do(acts.Reopened("客户又来了")).later(hours=25)
    assert again.ticket.state is State.ROUTED


def test_ticket_merge_leaves_one_that_answers_for_both() -> None:
    case = opened()
    second = case.open(FAULT)
    assert case.merge(1, 2).refused == "ticket.merge", "the earlier one takes the later one in"
    case.merge(second, 1)
    assert (case.tickets[2].state, case.running(2)) == (State.MERGED, {})
    assert (case.ticket.repeats, case.steps[-1].what) == (1, "took_in")
    assert case.merge(2, 1).refused == "ticket.merge"
