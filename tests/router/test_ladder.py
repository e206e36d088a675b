"""Rungs that stand after the due time: whoever they name hears of it later, once, while somebody still waits."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from router.clauses.ladder import Rung
from router.clauses.table import StandardError
from router.effects import Alert, Audience, TellSystem
from router.standard import next_step, open_deadlines, parse
from tests.case import GRAVE, Case
from tests.dialog import ALWAYS_OPEN, Dialog, world
from tests.router.test_standard import HOURS, SHIPPED, TRANSFER, Record, local

pytestmark = pytest.mark.pure

PLAIN = 'alert = ["agent", "leader"]\non_breach = "reoffer"'
LATER = """alert = [
    "agent", "leader",
    { who = "manager", on = "+30m" },
    { who = "manager", on = "+2h", how = ["desk", "webhook"] },
]
on_breach = "reoffer\""""
LATE = replace(world(), standard=parse(SHIPPED.replace(PLAIN, LATER)).with_hours("00:00-24:00"))
MINUTE = timedelta(minutes=1)


def test_thresholds_after_the_due_time_are_those_that_the_ladder_names() -> None:
    text = TRANSFER.replace('["owner", "leader"]', '["owner", { who = "manager", on = "+30m" }]')
    standard = parse(HOURS + text)
    created = local("2026-11-20 10:00")
    (due,) = open_deadlines(Record("ticket", {"created": created}, {"kind": "complaint"}), standard)
    assert due.due == local("2026-11-20 11:00")
    assert due.thresholds == tuple(
        map(local, ("2026-11-20 10:30", "2026-11-20 10:50", "2026-11-20 11:00", "2026-11-20 11:30"))
    )
    assert next_step(due, due.due) == (3, due.thresholds[3], True)
    assert next_step(due, due.thresholds[3]) == (4, None, True)
    assert standard.clause("ticket.transfer").alert[1] == Rung("manager", -30 * MINUTE)


@pytest.mark.parametrize("on", ["30m later", "+", "+0m", "-30m", "+30x"])
def test_what_is_no_time_after_the_due_time_is_refused(on: str) -> None:
    text = TRANSFER.replace('["owner", "leader"]', f'[{{ who = "manager", on = "{on}" }}]')
    with pytest.raises(StandardError, match=r"line 15, ticket\.transfer: alert: "):
        parse(HOURS + text)


CUSTOMERS = {
    '{ who = "customer", on = "due" }': '"customer" hears by how = "channel", and nobody else does',
    '{ who = "leader", on = "due", how = "channel" }': '"customer" hears by how = "channel", and nobody else does',
    '{ who = "customer", on = "due", how = ["channel", "desk"] }': '"customer" hears by how = "channel"',
    '{ who = "customer", how = "channel" }': '"customer" hears on = "due" or so long after it',
    '{ who = "customer", on = "10m", how = "channel" }': '"customer" hears on = "due" or so long after it',
    '{ who = "customer", on = "due", how = "chanel" }': '"chanel" is unknown; meant "channel"',
    '{ who = "customer", on = "due", how = "channel", say = "抱歉" }': "say: a text for each of zh, en",
    '{ who = "customer", on = "due", how = "channel", say = { zh = "{name}", en = "x" } }': "nothing is filled in",
    '{ who = "leader", on = "due", say = { zh = "a", en = "b" } }': '"say" is for "customer"',
}


@pytest.mark.parametrize(("rung", "why"), CUSTOMERS.items(), ids=list(CUSTOMERS))
def test_a_rung_of_the_customer_that_does_not_hold_is_named_with_line_and_clause(rung: str, why: str) -> None:
    with pytest.raises(StandardError, match=rf"^line 15, ticket\.transfer: alert: .*{re.escape(why)}"):
        parse(HOURS + TRANSFER.replace('["owner", "leader"]', f"[{rung}]"))


def test_only_who_waits_for_a_matter_or_an_answer_is_a_customer_of_a_ladder() -> None:
    rung = '[{ who = "customer", on = "due", how = "channel" }]'
    with pytest.raises(StandardError, match=r'enquiry\.first_response: alert: "customer" is unknown'):
        parse(SHIPPED.replace('["agent", "leader"]\non_breach = "reoffer"', f'{rung}\non_breach = "reoffer"'))


def test_half_an_hour_after_the_breach_the_manager_hears_and_two_hours_after_it_the_operator_s_system() -> None:
    dialog = Dialog(world=LATE) >> "人工" >> timedelta(minutes=30) << "late"
    assert _heard(dialog) == ["leader", "leader", "leader"], "two warnings and the breach"
    assert _heard(dialog >> timedelta(minutes=29)) == []
    assert _heard(dialog >> MINUTE) == ["manager"]
    assert dialog.said == [], "the customer was told at the breach, and is not told again"
    dialog >> timedelta(minutes=90) << TellSystem
    assert _heard(dialog) == ["manager"]
    assert _heard(dialog >> timedelta(hours=9)) == []
    (line,) = [one for one in dialog.lines.values() if one.clause == "enquiry.first_response"]
    assert line.breached == line.due, "the breach is when it ran out, however often somebody was called since"


def test_what_is_answered_late_calls_nobody_any_more() -> None:
    dialog = (Dialog(world=LATE) >> "人工" >> timedelta(minutes=31)).assign().reply()
    assert _heard(dialog >> timedelta(minutes=29)) == []


def test_where_the_due_time_was_missed_with_a_later_one_both_are_heard_of_and_the_clause_is_carried_out_once() -> None:
    dialog = Dialog(world=LATE) >> "人工"
    (line,) = [one for one in dialog.lines.values() if one.clause == "enquiry.first_response"]
    dialog.now += timedelta(minutes=61)  # No clock was there.
    dialog >> timedelta() << "late"
    assert _heard(dialog) == ["leader", "manager"]
    assert dialog.lines[line.id].next_at == line.due + timedelta(hours=2)


def test_managers_are_rungs_of_tickets_as_well() -> None:
    case = Case()
    case.open(GRAVE)
    case.later(minutes=61)
    late = [alarm.whom for alarm in case.alarms if alarm.kind == "breached.complaint.emergency"]
    assert late == ["leader", "manager"]


def test_the_shipped_standard_alerts_nobody_after_the_due_time() -> None:
    assert not any(clause.after for clause in ALWAYS_OPEN.clauses)


def _heard(dialog: Dialog) -> list[Audience]:
    return [effect.audience for effect in dialog.effects if isinstance(effect, Alert)]
