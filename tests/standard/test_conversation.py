"""The clauses of our own that give every conversation an end: "conversation.idle", "conversation.remind",
"conversation.end" and "conversation.closing".
"""

from dataclasses import replace
from datetime import timedelta

from router.effects import RecordQuestion
from tests.dialog import DAY_HOURS, Dialog, world
from tests.standard.measure import MINUTE, STANDARD, local


def test_conversation_idle_a_chat_with_the_bot_ends_after_half_an_hour_of_silence() -> None:
    dialog = Dialog() >> "话费"
    assert timedelta() <= dialog.running()["conversation.idle"] - dialog.now - 30 * MINUTE < 5 * MINUTE
    assert (dialog >> timedelta(minutes=36)).contact.conversation is None
    assert not STANDARD.clause("conversation.idle").is_promise


def test_conversation_remind_a_customer_who_is_silent_after_an_answer_is_reminded() -> None:
    dialog = (Dialog() >> "人工").assign().reply() >> timedelta(minutes=30) << "remind"
    assert dialog.conversation.reminded is not None


def test_conversation_end_two_hours_after_the_reminder_the_chat_is_over() -> None:
    dialog = (Dialog() >> "人工").assign().reply() >> timedelta(minutes=30) >> timedelta(hours=2) << "closed.idle"
    assert dialog.contact.conversation is None
    back = (Dialog() >> "人工").assign().reply() >> timedelta(minutes=30) >> "还在" >> timedelta(hours=2)
    assert back.contact.conversation is not None, "whoever comes back is waiting for an answer"


def test_conversation_closing_who_still_waits_at_closing_time_leaves_a_message() -> None:
    opened = replace(world(), standard=DAY_HOURS)
    dialog = Dialog(opened, local("2026-11-20 21:50")) >> "人工"
    assert dialog.running()["conversation.closing"] == local("2026-11-20 22:00")
    dialog >> timedelta(minutes=11) << "queue.overnight" << RecordQuestion
