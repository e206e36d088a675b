"""Inviting a colleague: the owner keeps the conversation, and the colleague may say what they were asked for."""

import pytest

from router.effects import EndInvitation, KeepInvitation, Refuse
from router.events import Excused, HandedBack, Invited, Replied
from tests.dialog import Dialog

pytestmark = pytest.mark.pure


def served() -> Dialog:
    return (Dialog() >> "人工").assign().reply()


def invite(dialog: Dialog, *, by: int = 7, whom: int = 8) -> Dialog:
    return dialog >> Invited(by, "王芳", dialog.conversation.version, whom, "李华", answers=True, note="资费问题")


def test_an_invitation_changes_nothing_for_the_customer() -> None:
    dialog = served()
    before = dialog.conversation
    invite(dialog) << KeepInvitation
    dialog << None
    assert dialog.conversation == before


def test_only_the_owner_invites_and_never_themselves() -> None:
    invite(served(), by=9) << Refuse
    invite(served(), whom=7) << Refuse


def test_an_invited_colleague_answers_for_the_owner_and_does_nothing_else_of_theirs() -> None:
    dialog = served() >> "还有一个问题"
    version = dialog.conversation.version
    dialog >> Replied(8, "李华", "我来说明", version) << Refuse
    dialog >> Replied(8, "李华", "我来说明", version, invited=True) << "我来说明"
    assert dialog.conversation.assignee == 7
    assert dialog.conversation.waiting_since is None
    dialog >> HandedBack(8, version) << Refuse


def test_nobody_answers_as_invited_what_nobody_owns() -> None:
    dialog = Dialog() >> "人工"
    dialog >> Replied(8, "李华", "您好", dialog.conversation.version, invited=True) << Refuse


def test_the_colleague_leaves_or_the_owner_lets_them_go_and_nobody_else() -> None:
    dialog = invite(served())
    dialog >> Excused(9, 8, "李华") << Refuse
    dialog >> Excused(8, 8, "李华") << EndInvitation
    dialog >> Excused(7, 8, "李华") << EndInvitation
