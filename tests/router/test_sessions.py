"""Channels whose platform counts sessions: what the end of one asks, what a word grants, what only people hear of."""

from datetime import timedelta

import pytest

from router import budget
from router.contact import Budget, Contact
from router.effects import ScheduleSurvey, WriteNote
from router.events import Bounced, CustomerEvent, Followed, HandedBack, Observed, Said, Tapped
from tests.dialog import MONDAY_MORNING as NOW
from tests.dialog import Dialog

CUSTOMER = Contact(1, "wechat_kf")


@pytest.mark.parametrize(("channel", "at_close"), [("wechat_kf", True), ("wechat", False), ("web", False)])
def test_the_end_of_a_session_is_where_the_survey_goes(channel: str, at_close: bool) -> None:
    dialog = Dialog(channel=channel) >> "人工"
    dialog.assign().reply().close() << "closed.agent" << ScheduleSurvey
    scheduled = [one for one in dialog.effects if isinstance(one, ScheduleSurvey)]
    assert [one.at_close for one in scheduled] == [at_close]


def test_silence_after_a_service_asks_as_well() -> None:
    dialog = Dialog(channel="wechat_kf") >> "人工"
    dialog.assign().reply() >> timedelta(hours=3)
    dialog << "closed.idle"
    assert any(isinstance(one, ScheduleSurvey) and one.at_close for one in dialog.effects)


def test_a_service_that_goes_back_to_the_bot_is_asked_about_a_day_later() -> None:
    dialog = Dialog(channel="wechat_kf") >> "人工"
    dialog.assign().reply()
    dialog >> HandedBack(7, dialog.conversation.version)
    assert [one.at_close for one in dialog.effects if isinstance(one, ScheduleSurvey)] == [False]


@pytest.mark.parametrize("event", [Said("你好"), Said("转人工", choice="human"), Said("满意", choice="survey:7:5")])
def test_each_word_of_the_customer_grants_five_messages_whether_written_or_tapped(event: CustomerEvent) -> None:
    assert budget.renewed(CUSTOMER, event, NOW).budget == Budget(5, NOW + timedelta(hours=48))


@pytest.mark.parametrize("event", [Followed("o:1024"), Tapped("o:1024"), Observed("recalled")])
def test_what_is_no_word_grants_nothing(event: CustomerEvent) -> None:
    assert budget.renewed(CUSTOMER, event, NOW) == CUSTOMER


def test_all_five_are_for_answers_since_the_survey_costs_nothing() -> None:
    contact, sent = budget.renewed(CUSTOMER, Said("你好"), NOW), []
    for _ in range(6):
        contact, allowed = budget.spent(contact, NOW, survey=False)
        sent.append(allowed)
    assert sent == [True] * 5 + [False]


def test_what_people_should_know_is_a_note_and_opens_nothing() -> None:
    dialog = Dialog(channel="wechat_kf") >> Observed("answered_elsewhere", "已经处理好了")
    (note,) = dialog.effects
    assert isinstance(note, WriteNote)
    assert dialog.contact.conversation is None


def test_a_message_that_was_given_up_before_cannot_come_back() -> None:
    dialog = Dialog(channel="wechat_kf") >> Bounced("7-1780000000", "quota")
    assert dialog.effects == ()
