"""Clause enquiry.first_response: a person answers within 30 minutes of the hand-off."""

from datetime import timedelta

from router.effects import Alert
from tests.dialog import Dialog
from tests.standard.measure import MINUTE, alarms


def test_the_limit_runs_from_the_hand_off_and_not_from_the_assignment() -> None:
    dialog = Dialog() >> "人工"
    handed_off = dialog.now
    dialog >> timedelta(minutes=5)
    assert dialog.assign().running()["enquiry.first_response"] == handed_off + 30 * MINUTE


def test_further_messages_do_not_move_it_and_a_person_s_answer_ends_it() -> None:
    dialog = Dialog() >> "人工"
    handed_off = dialog.now
    dialog >> timedelta(minutes=3) >> "在吗"
    assert dialog.assign().running()["enquiry.first_response"] == handed_off + 30 * MINUTE
    assert "enquiry.first_response" not in dialog.reply().running()


def test_agent_and_leader_are_warned_and_a_breach_tells_the_customer_and_asks_somebody_else() -> None:
    assert alarms("enquiry.first_response") == ["10m before: agent", "3m before: leader", "due: leader"]
    dialog = (Dialog() >> "人工").assign()
    dialog >> timedelta(minutes=30) << "late" << Alert
    assert dialog.conversation.reoffer
