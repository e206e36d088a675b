"""What leaders do to chats of others: who is told, and when they come too late."""

from router.effects import Alert, Audience, KeepInvitation, KeepTakeOver, Refuse, WriteNote
from router.events import Assigned, GivenBack, Joined, Reassigned, Urged, Watched, Whispered
from tests.dialog import Dialog

AGENT, LEADER, COLLEAGUE = 7, 1, 8


def served() -> Dialog:
    dialog = Dialog() >> "人工"
    return dialog >> Assigned(AGENT, "王芳", None, dialog.conversation.version)


def told(dialog: Dialog) -> list[tuple[int | None, str]]:
    return [
        (one.agent, one.kind) for one in dialog.effects if isinstance(one, Alert) and one.audience is Audience.AGENT
    ]


def test_a_whisper_is_a_note_for_the_owner_alone_and_the_customer_hears_nothing() -> None:
    dialog = served()
    dialog >> Whispered(LEADER, dialog.conversation.version, "先安抚") << None
    assert dialog.effects[0] == WriteNote("先安抚", LEADER, to=AGENT)
    assert told(dialog) == [(AGENT, "whispered")]


def test_a_whisper_meant_for_somebody_who_has_it_no_longer_is_refused() -> None:
    dialog = served()
    seen = dialog.conversation.version
    dialog >> Assigned(COLLEAGUE, "李华", AGENT, seen, by=COLLEAGUE)
    dialog >> Whispered(LEADER, seen, "先安抚")
    assert dialog.effects == (Refuse("stale"),)


def test_who_watches_is_told_of_in_the_thread_only_where_that_is_the_setting() -> None:
    assert isinstance((served() >> Watched(LEADER, "陈静", 1, told=True)).effects[0], WriteNote)
    assert (served() >> Watched(LEADER, "陈静", 1, told=False)).effects == ()
    assert (Dialog() >> "话费" >> Watched(LEADER, "陈静", 1, told=True)).effects == ()


def test_a_leader_joins_beside_the_owner_who_keeps_the_chat() -> None:
    dialog = served()
    dialog >> Joined(LEADER, "陈静", dialog.conversation.version) << None
    assert KeepInvitation(LEADER, LEADER, answers=True) in dialog.effects
    assert dialog.conversation.assignee == AGENT
    assert told(dialog) == [(AGENT, "joined")]


def test_of_two_who_take_over_at_once_the_second_comes_too_late_and_the_owner_is_told_once() -> None:
    dialog = served()
    seen = dialog.conversation.version
    dialog >> Assigned(LEADER, "陈静", AGENT, seen, by=LEADER) << "assigned"
    assert (AGENT, "taken_over") in told(dialog)
    assert KeepTakeOver(LEADER, AGENT) in dialog.effects
    dialog >> Assigned(COLLEAGUE, "李华", AGENT, seen, by=COLLEAGUE)
    assert dialog.effects == (Refuse("stale"),)
    assert dialog.conversation.assignee == LEADER


def test_what_was_taken_over_goes_back_and_its_limit_runs_on() -> None:
    dialog = served()
    due = dialog.running()["enquiry.first_response"]
    dialog >> Assigned(LEADER, "陈静", AGENT, dialog.conversation.version, by=LEADER)
    dialog >> GivenBack(LEADER, "陈静", dialog.conversation.version, AGENT, "王芳") << "transferred"
    assert dialog.conversation.assignee == AGENT
    assert (AGENT, "given_back") in told(dialog)
    assert dialog.running()["enquiry.first_response"] == due


def test_only_who_has_it_gives_it_back() -> None:
    dialog = served()
    dialog >> GivenBack(LEADER, "陈静", dialog.conversation.version, COLLEAGUE, "李华")
    assert dialog.effects == (Refuse("stale"),)


def test_reassigning_tells_owners_old_and_new_and_refuses_what_has_moved_on() -> None:
    dialog = served()
    seen = dialog.conversation.version
    dialog >> Reassigned(LEADER, "陈静", seen, COLLEAGUE, "李华", "", "load")
    assert dialog.conversation.assignee == COLLEAGUE
    assert set(told(dialog)) == {(COLLEAGUE, "assigned"), (AGENT, "reassigned")}
    dialog >> Reassigned(LEADER, "陈静", seen, AGENT, "王芳", "", "load")
    assert dialog.effects == (Refuse("stale"),)


def test_reassigning_to_a_queue_keeps_the_customer_s_place_by_the_hand_off() -> None:
    dialog = served()
    queued = dialog.conversation.queued
    dialog >> Reassigned(LEADER, "陈静", dialog.conversation.version, None, "", "broadband", "skill")
    assert (dialog.conversation.queue, dialog.conversation.assignee) == ("broadband", None)
    assert dialog.conversation.queued == queued
    assert told(dialog) == [(AGENT, "reassigned")]


def test_urging_reaches_the_owner_and_needs_one() -> None:
    assert told(served() >> Urged(LEADER, "陈静")) == [(AGENT, "urged")]
    assert (Dialog() >> "人工" >> Urged(LEADER, "陈静")).effects == (Refuse("unfit"),)
    assert (Dialog() >> Urged(LEADER, "陈静")).effects == (Refuse("ended"),)
