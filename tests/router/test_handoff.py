"""The way to a person and back, and the limits that run meanwhile."""

from datetime import timedelta

import pytest

from router.conversation import Status
from router.effects import Alert, Audience, Refuse, ScheduleSurvey, TellPlace
from router.events import Abandoned, Assigned, Closed, HandedBack, Replied, Requeued, Undelivered
from tests.dialog import MONDAY_MORNING, Dialog, world

pytestmark = pytest.mark.pure

MINUTE = timedelta(minutes=1)


def queued() -> Dialog:
    return Dialog() >> "人工"


def served() -> Dialog:
    return queued().assign().reply()


def alerts(dialog: Dialog) -> list[tuple[Audience, str]]:
    return [(effect.audience, effect.kind) for effect in dialog.effects if isinstance(effect, Alert)]


def test_asking_for_a_person_queues_and_starts_the_first_response() -> None:
    dialog = queued() << "queue.place"
    assert dialog.conversation.status is Status.QUEUED
    assert dialog.running()["enquiry.first_response"] == dialog.conversation.queued + 30 * MINUTE  # type: ignore[operator]


def test_out_of_hours_the_customer_is_offered_to_leave_a_message() -> None:
    dialog = Dialog(world=world(open_always=False)) >> timedelta(hours=13) >> "人工" << "queue.closed"
    assert dialog.options == ("leave",)
    assert dialog.conversation.status is Status.BOT


def test_a_full_queue_takes_no_more() -> None:
    Dialog(world=world(waiting=10)) >> "人工" << "queue.full"


def test_the_customer_can_leave_the_queue() -> None:
    dialog = queued() >> "取消排队" << "queue.left"
    assert dialog.conversation.status is Status.BOT
    assert "enquiry.first_response" not in dialog.running()


def test_a_word_while_waiting_is_kept_and_answered_with_the_place_once_a_minute() -> None:
    dialog = queued() >> timedelta(seconds=61) >> "我的宽带坏了" << "queue.still"
    dialog >> "在吗" << None
    dialog >> "还要多久" << "queue.still"


def test_later_words_do_not_move_the_wait() -> None:
    dialog = queued()
    since = dialog.conversation.waiting_since
    dialog >> timedelta(minutes=5) >> "在吗"
    assert dialog.conversation.waiting_since == since


def test_the_first_response_warns_the_agent_then_the_leader_then_breaches() -> None:
    dialog = queued().assign() >> 20 * MINUTE
    assert alerts(dialog) == [(Audience.AGENT, "warned.enquiry.first_response")]
    dialog >> 7 * MINUTE
    assert alerts(dialog) == [(Audience.LEADER, "warned.enquiry.first_response")]
    dialog >> 3 * MINUTE << "late"
    assert alerts(dialog) == [(Audience.LEADER, "breached.enquiry.first_response")]


def test_at_the_breach_the_chat_is_offered_to_somebody_else_with_priority() -> None:
    dialog = queued().assign() >> 30 * MINUTE
    assert dialog.conversation.reoffer
    assert dialog.conversation.priority == 10
    assert dialog.conversation.assignee == 7
    dialog.assign(agent=8)
    assert dialog.conversation.assignee == 8
    assert not dialog.conversation.reoffer


def test_an_answer_in_time_meets_the_limit_and_the_next_word_starts_another() -> None:
    dialog = served()
    assert "enquiry.first_response" not in dialog.running()
    dialog >> "还有一个问题"
    assert "enquiry.next_response" in dialog.running()
    assert "enquiry.first_response" not in dialog.running()
    dialog.reply()
    assert "enquiry.next_response" not in dialog.running()


def test_a_silent_customer_is_reminded_and_the_chat_ends_two_hours_later() -> None:
    dialog = served() >> 31 * MINUTE << "remind"
    dialog >> timedelta(hours=2) << "closed.idle" << ScheduleSurvey
    assert dialog.contact.conversation is None


def test_a_word_after_the_reminder_keeps_the_chat() -> None:
    dialog = served() >> 31 * MINUTE >> "在的" >> timedelta(minutes=20)
    assert dialog.conversation.status is Status.ASSIGNED
    assert "conversation.end" not in dialog.running()


def test_at_closing_time_the_waiting_become_overnight_messages() -> None:
    dialog = Dialog(world=world(open_always=False)) >> timedelta(hours=11, minutes=50) >> "人工"
    assert dialog.conversation.with_people
    dialog >> 11 * MINUTE << "queue.overnight"
    assert dialog.conversation.status is Status.BOT


@pytest.mark.parametrize("by", ["agent", "absence"])
def test_a_chat_that_was_held_overnight_waits_until_the_next_closing_time(by: str) -> None:
    dialog = (Dialog(world=world(open_always=False)) >> "人工").assign().reply() >> "还有一件事"
    dialog >> timedelta(days=1)
    held = dialog.conversation
    dialog >> (Requeued(7, held.version, "service") if by == "agent" else Abandoned(7, held.version))
    assert dialog.conversation.status is Status.QUEUED
    assert dialog.running()["conversation.closing"] == MONDAY_MORNING + timedelta(days=1, hours=12)
    dialog >> timedelta(hours=11) << None
    assert dialog.conversation.status is Status.QUEUED
    dialog >> timedelta(hours=2) << "queue.overnight"


def test_a_chat_that_was_taken_from_the_bot_by_hand_waits_in_the_default_queue_when_its_agent_is_gone() -> None:
    dialog = Dialog() >> "话费"
    dialog >> Assigned(7, "王芳", None, dialog.conversation.version, 7)
    dialog >> Abandoned(7, dialog.conversation.version)
    assert (dialog.conversation.status, dialog.conversation.queue) == (Status.QUEUED, "service")


def test_a_stale_act_changes_nothing() -> None:
    dialog = queued().assign()
    before = dialog.contact
    dialog >> Replied(7, "王芳", "您好", dialog.conversation.version - 1)
    assert dialog.effects == (Refuse("stale"),)
    assert dialog.contact == before


def test_only_the_assignee_may_answer() -> None:
    dialog = queued().assign()
    dialog >> Replied(9, "李雷", "您好", dialog.conversation.version)
    assert dialog.effects == (Refuse("stale"),)


def test_a_closed_conversation_takes_no_acts() -> None:
    dialog = served()
    version = dialog.conversation.version
    dialog.close()
    dialog >> Closed(7, "王芳", version, "billing")
    assert dialog.effects == (Refuse("ended"),)


def test_two_assignments_of_one_chat_give_it_to_the_first() -> None:
    dialog = queued()
    version = dialog.conversation.version
    dialog >> Assigned(7, "王芳", None, version)
    dialog >> Assigned(8, "李雷", None, version)
    assert dialog.effects == (Refuse("stale"),)
    assert dialog.conversation.assignee == 7


def test_the_agent_can_hand_back_to_the_bot() -> None:
    dialog = served()
    dialog >> HandedBack(7, dialog.conversation.version) << "returned"
    assert dialog.conversation.status is Status.BOT
    dialog >> "话费" << "answer:fee"


def test_back_in_the_queue_the_customers_limit_goes_on() -> None:
    dialog = queued().assign()
    due = dialog.running()["enquiry.first_response"]
    dialog >> 5 * MINUTE >> Requeued(7, dialog.conversation.version, "service") << TellPlace
    assert dialog.running()["enquiry.first_response"] == due


def test_a_chat_never_rests_on_an_absent_person() -> None:
    dialog = served()
    dialog >> Abandoned(7, dialog.conversation.version)
    assert dialog.conversation.status is Status.QUEUED
    assert dialog.conversation.assignee is None
    assert alerts(dialog) == [(Audience.LEADER, "abandoned")]


def test_an_undelivered_answer_sets_the_customer_waiting_again() -> None:
    dialog = served()
    dialog >> Undelivered("agent", "45015", unsure=False)
    assert dialog.conversation.waiting_since is not None
    assert alerts(dialog) == [(Audience.AGENT, "undelivered")]


def test_closing_schedules_the_survey_about_whoever_served() -> None:
    dialog = served().close() << "closed.agent"
    assert any(isinstance(effect, ScheduleSurvey) and effect.agent == 7 for effect in dialog.effects)


def test_a_chat_that_nobody_served_leads_to_no_survey() -> None:
    dialog = queued().assign().close()
    assert not any(isinstance(effect, ScheduleSurvey) for effect in dialog.effects)


def test_a_chat_handed_back_does_not_end_at_once_for_an_old_silence() -> None:
    dialog = served() >> 29 * MINUTE
    dialog >> HandedBack(7, dialog.conversation.version) >> 29 * MINUTE
    assert dialog.conversation.status is Status.BOT
    dialog >> 2 * MINUTE
    assert dialog.contact.conversation is None


def test_who_is_transferred_waits_for_an_answer_again() -> None:
    dialog = served()
    dialog >> Requeued(7, dialog.conversation.version, "broadband")
    assert dialog.conversation.waiting_since is not None
    assert "enquiry.next_response" in dialog.running()
    assert "conversation.remind" not in dialog.running()


def test_who_did_not_get_the_answer_is_not_reminded() -> None:
    dialog = served()
    dialog >> Undelivered("agent", "45015", unsure=False)
    assert "conversation.remind" not in dialog.running()


def test_a_service_that_ends_with_the_bot_is_asked_about_too() -> None:
    dialog = served()
    dialog >> HandedBack(7, dialog.conversation.version) << ScheduleSurvey
    dialog = queued().assign()
    dialog >> HandedBack(7, dialog.conversation.version)
    assert not any(isinstance(effect, ScheduleSurvey) for effect in dialog.effects)
