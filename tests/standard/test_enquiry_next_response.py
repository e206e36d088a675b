"""Clause enquiry.next_response: each later message is answered within 30 minutes while the chat is with a person."""

from datetime import timedelta

from tests.dialog import Dialog
from tests.standard.measure import MINUTE, alarms


def test_the_limit_runs_from_the_earliest_unanswered_message() -> None:
    dialog = (Dialog() >> "人工").assign().reply() >> timedelta(minutes=2) >> "还有一个问题"
    asked = dialog.now
    dialog >> timedelta(minutes=10) >> "在吗"
    assert dialog.running()["enquiry.next_response"] == asked + 30 * MINUTE
    assert dialog.reply().running().keys() == {"conversation.remind"}


def test_until_the_first_answer_only_the_first_limit_runs() -> None:
    dialog = (Dialog() >> "人工").assign() >> "在吗"
    assert "enquiry.next_response" not in dialog.running()


def test_a_breach_tells_the_customer_and_asks_somebody_else() -> None:
    assert alarms("enquiry.next_response") == ["10m before: agent", "3m before: leader", "due: leader"]
    dialog = (Dialog() >> "人工").assign().reply() >> "还有一个问题" >> timedelta(minutes=30) << "late"
    assert dialog.conversation.reoffer
