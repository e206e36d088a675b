"""Offers and transfers: who is asked, what a yes, a no and silence lead to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from router.conversation import Status
from router.effects import Alert, KeepTransfer, Refuse, TellPlace
from router.events import Accepted, Assigned, Declined, Lapsed, Offered, Replied, Requeued, Transferred
from router.routing import Routing, parse
from tests.dialog import Dialog, world

pytestmark = pytest.mark.pure

BY_HAND = """
default = "service"
[queue.service]
zh = "客服"
en = "Service"
accept = "20s"
hops = 2
"""
OVERFLOWING = BY_HAND + 'overflow = "province"\noverflow_after = "10m"\n[queue.province]\nzh = "省"\nen = "Province"\n'


def served() -> Dialog:
    return (Dialog() >> "人工").assign().reply()


def waiting(text: str = BY_HAND) -> Dialog:
    return Dialog(world=replace(world(), routing=parse(text))) >> "人工"


def offer(dialog: Dialog, agent: int) -> Dialog:
    return dialog >> Offered(agent, dialog.conversation.assignee, dialog.conversation.version)


def lapse(dialog: Dialog, agent: int) -> Dialog:
    offered = dialog.conversation.offer
    assert offered is not None
    return dialog >> timedelta(seconds=20) >> Lapsed(agent, "李华", offered.until)


def passed_on(dialog: Dialog, *, to: int = 8, note: str = "") -> Dialog:
    return dialog >> Transferred(7, "王芳", dialog.conversation.version, to, "李华", note)


def test_an_owner_keeps_what_they_pass_on_until_the_colleague_has_accepted() -> None:
    dialog = passed_on(served(), note="光猫已重启过") << KeepTransfer
    dialog << None
    assert (dialog.conversation.assignee, dialog.conversation.offered) == (7, True)
    dialog >> Replied(7, "王芳", "我请同事来看", dialog.conversation.version) >> Accepted(8, "李华") << "transferred"
    assert (dialog.conversation.assignee, dialog.conversation.offer) == (8, None)
    assert Alert("agent", "transfer_accepted", 7) in dialog.effects  # type: ignore[arg-type]


@pytest.mark.parametrize("silent", [True, False])
def test_a_transfer_that_is_declined_or_not_answered_comes_back_to_its_owner(*, silent: bool) -> None:
    dialog = passed_on(served())
    offered = dialog.conversation.offer
    assert offered is not None
    if silent:
        dialog >> timedelta(seconds=30) >> Lapsed(8, "李华", offered.until)
    else:
        dialog >> Declined(8, "李华")
    assert Alert("agent", "transfer_returned", 7) in dialog.effects  # type: ignore[arg-type]
    assert (dialog.conversation.assignee, dialog.conversation.offer) == (7, None)
    dialog >> Accepted(8, "李华") << Refuse


def test_the_owner_alone_passes_on_and_never_to_themselves() -> None:
    dialog = served()
    dialog >> Transferred(9, "陌生", dialog.conversation.version, 8, "李华") << Refuse
    passed_on(dialog, to=7) << Refuse
    assert dialog.conversation.offer is None


def test_whoever_takes_a_conversation_to_a_queue_leaves_a_note_and_the_customer_is_told_the_place() -> None:
    dialog = served()
    dialog >> Requeued(7, dialog.conversation.version, "broadband", "王芳", "要上门") << TellPlace
    assert KeepTransfer(7, None, "broadband", "要上门") in dialog.effects
    assert dialog.conversation.queue == "broadband"


def test_what_is_offered_goes_on_waiting_and_its_limit_goes_on_running() -> None:
    dialog = waiting()
    due = dialog.running()["enquiry.first_response"]
    offer(dialog, 7) << None
    assert dialog.conversation.status is Status.QUEUED
    dialog >> timedelta(seconds=5) >> Accepted(7, "王芳") << "assigned"
    assert dialog.conversation.assignee == 7
    assert dialog.running()["enquiry.first_response"] == due


def test_one_is_asked_at_a_time() -> None:
    dialog = offer(waiting(), 7)
    offer(dialog, 8) << Refuse
    held = dialog.conversation
    dialog >> Assigned(8, "李华", None, held.version) << Refuse
    dialog >> Accepted(8, "李华") << Refuse
    assert dialog.conversation.offer == held.offer


def test_an_offer_does_not_lapse_before_its_end() -> None:
    dialog = offer(waiting(), 7)
    assert dialog.conversation.offer is not None
    dialog >> timedelta(seconds=19) >> Lapsed(7, "王芳", dialog.conversation.offer.until) << Refuse
    assert dialog.conversation.offered


def test_who_has_declined_is_remembered_and_after_so_many_the_leader_is_alerted() -> None:
    dialog = offer(waiting(), 7) >> Declined(7, "王芳")
    assert dialog.conversation.offer is not None
    assert (dialog.conversation.offer.to, dialog.conversation.offer.passed) == (None, (7,))
    assert not [effect for effect in dialog.effects if isinstance(effect, Alert)]
    lapse(offer(dialog, 8), 8)
    assert Alert("leader", "offers_passed") in dialog.effects  # type: ignore[arg-type]
    assert (dialog.conversation.offer.passed, dialog.conversation.offer.hops) == ((7, 8), 0)


def test_after_so_many_the_overflow_queue_takes_over() -> None:
    dialog = offer(waiting(OVERFLOWING), 7) >> Declined(7, "王芳")
    lapse(offer(dialog, 8), 8)
    assert (dialog.conversation.queue, dialog.conversation.offer) == ("province", None)


def test_a_customer_who_leaves_the_queue_ends_the_offer() -> None:
    dialog = offer(waiting(), 7) >> "取消排队"
    assert dialog.conversation.offer is None
    dialog >> Accepted(7, "王芳") << Refuse


def test_conversations_come_without_asking_unless_the_routing_says_so() -> None:
    assert Routing().queue("service").accept is None
    assert parse(BY_HAND).queue("service").accept == timedelta(seconds=20)
    assert parse(BY_HAND).unanswered == "break"
    assert parse('unanswered = "stay"\n' + BY_HAND).unanswered == "stay"
