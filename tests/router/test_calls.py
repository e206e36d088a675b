"""A call is what was told of it: late, doubled and shuffled reports lead to the same call and the same deadlines."""

from datetime import timedelta
from itertools import permutations
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words import LANGUAGES, render
from router import calls, events, ledger
from router.calls import Call, State
from router.effects import Alert, Audience, FollowCall, GiveUpCall, Words
from router.events import (
    CallAbandoned,
    CallEnded,
    CallEvent,
    CallOffered,
    CallPickedUp,
    CallScored,
    Media,
    RecordingReady,
    VoicemailLeft,
)
from router.ledger import Line
from tests.dialog import ALWAYS_OPEN, MONDAY_MORNING, Dialog

pytestmark = pytest.mark.pure

SECOND = timedelta(seconds=1)
T = MONDAY_MORNING
OFFERED = CallOffered("c", T)
PICKED_UP = CallPickedUp("c", T + 4 * SECOND, "wangfang")
PASSED_ON = CallPickedUp("c", T + 60 * SECOND, "lilei")
ENDED = CallEnded("c", T + 90 * SECOND, "caller", 86)
SCORED = CallScored("c", T + 95 * SECOND, 75, 4)
RECORDED = RecordingReady("c", T + 99 * SECOND, 86, Media("https://pbx/1"))
VOICEMAIL = VoicemailLeft("c", T + 30 * SECOND, 9, "宽带坏了")
ABANDONED = CallAbandoned("c", T + 6 * SECOND)
SERVED: tuple[CallEvent, ...] = (OFFERED, PICKED_UP, ENDED, SCORED, RECORDED)
REPORTS = st.lists(
    st.one_of(
        st.builds(CallOffered, st.just("c"), st.integers(0, 3).map(lambda s: T + s * SECOND)),
        st.builds(
            CallPickedUp,
            st.just("c"),
            st.integers(0, 20).map(lambda s: T + s * SECOND),
            st.sampled_from(["", "wangfang", "lilei"]),
            st.sampled_from(["", "8001"]),
        ),
        st.builds(
            CallEnded,
            st.just("c"),
            st.integers(0, 90).map(lambda s: T + s * SECOND),
            st.sampled_from(["caller", "agent", "system"]),
            st.integers(0, 60),
        ),
        st.builds(CallAbandoned, st.just("c"), st.integers(0, 20).map(lambda s: T + s * SECOND)),
        st.builds(
            VoicemailLeft,
            st.just("c"),
            st.integers(0, 90).map(lambda s: T + s * SECOND),
            st.just(9),
            st.just(""),
            st.sampled_from([None, Media("https://pbx/v")]),
        ),
        st.builds(
            RecordingReady,
            st.just("c"),
            st.integers(0, 99).map(lambda s: T + s * SECOND),
            st.just(9),
            st.sampled_from([Media("https://pbx/1"), Media("https://pbx/2")]),
        ),
        st.builds(
            CallScored,
            st.just("c"),
            st.integers(0, 99).map(lambda s: T + s * SECOND),
            st.integers(0, 100),
            st.sampled_from([None, 1, 5]),
        ),
    ),
    max_size=8,
)


def told(*reports: CallEvent) -> Call:
    call = Call("c")
    for report in reports:
        call = calls.told(call, report)
    return call


@given(st.data(), REPORTS)
def test_the_same_reports_in_any_order_and_any_number_make_the_same_call(
    data: st.DataObject, reports: list[CallEvent]
) -> None:
    shuffled = data.draw(st.permutations(reports + data.draw(st.lists(st.sampled_from(reports or [OFFERED])))))
    assert told(*shuffled) == told(*reports, *shuffled)


@pytest.mark.parametrize("order", list(permutations(SERVED)))
def test_a_call_that_was_served_is_one_in_every_order(order: tuple[CallEvent, ...]) -> None:
    call = told(*order, *order)
    assert call == told(*SERVED)
    assert (call.state, call.connected, call.score, call.files) == (State.OVER, True, 75, ("https://pbx/1",))
    assert (call.offered, call.picked_up, call.ended) == (T, T + 4 * SECOND, T + 90 * SECOND)


def test_what_was_never_told_is_not_made_up() -> None:
    assert told(ENDED).picked_up is None
    assert told(ENDED).connected, "they talked, whoever it was"
    assert told(SCORED).state is State.RINGING
    assert told(OFFERED, CallEnded("c", T + 9 * SECOND, "caller", 0)).missed == T + 9 * SECOND


def test_a_call_that_is_passed_on_was_picked_up_by_the_first_and_served_by_the_last() -> None:
    reports: tuple[CallEvent, ...] = (OFFERED, PICKED_UP, PASSED_ON)
    for order in permutations(reports):
        call = told(*order)
        assert (call.picked_up, call.login) == (T + 4 * SECOND, "lilei")


def test_the_first_score_stands() -> None:
    again = CallScored("c", SCORED.at + SECOND, 0, 1)
    assert told(SCORED, again).score == told(again, SCORED).score == 75


def test_a_call_given_up_is_over_until_the_telephone_system_says_when() -> None:
    given_up = Call("c", began=T, offered=T, given_up=T + 4 * 3600 * SECOND)
    assert given_up.state is State.OVER
    assert calls.told(given_up, ENDED).ended == ENDED.at


def test_a_report_leaves_the_contact_s_chats_alone() -> None:
    dialog = Dialog() >> "人工" << "queue.place"
    before = dialog.contact
    dialog >> OFFERED << FollowCall
    assert dialog.contact == before


# Ten seconds ------------------------------------------------------------------------------------------------------


def opened(call: Call) -> tuple[Line, ...]:
    return ledger.bring_in_line((), call, 1, ALWAYS_OPEN, T, lambda: 1)


def line(lines: tuple[Line, ...], clause: str = "hotline.pickup") -> Line:
    return next(one for one in lines if one.clause == clause)


def test_a_call_is_to_be_picked_up_within_ten_seconds_of_its_ringing() -> None:
    assert line(opened(told(OFFERED))).due == T + 10 * SECOND
    assert line(opened(told(OFFERED)), "call.end").due == T + timedelta(hours=4)
    assert opened(told(*SERVED)) == ()


def test_a_late_report_of_a_pick_up_in_time_takes_the_breach_back() -> None:
    late = ledger.fire(line(opened(told(OFFERED))), T + 11 * SECOND)
    assert late.breached is not None
    met = line(ledger.bring_in_line((late,), told(OFFERED, PICKED_UP), 1, ALWAYS_OPEN, T + 12 * SECOND, lambda: 2))
    assert (met.met, met.breached) == (PICKED_UP.at, None)


def test_a_pick_up_after_the_limit_is_a_breach_even_if_no_clock_has_seen_it() -> None:
    late = CallPickedUp("c", T + 12 * SECOND)
    met = line(
        ledger.bring_in_line(opened(told(OFFERED)), told(OFFERED, late), 1, ALWAYS_OPEN, T + 12 * SECOND, lambda: 2)
    )
    assert met.met == met.breached == late.at


def test_a_caller_who_hangs_up_waits_no_longer() -> None:
    lines = ledger.bring_in_line(opened(told(OFFERED)), told(OFFERED, ABANDONED), 1, ALWAYS_OPEN, T, lambda: 2)
    assert (line(lines).voided, line(lines).breached) == (T, None)


def test_the_leader_hears_of_a_call_that_nobody_picks_up_and_nothing_is_offered_anew() -> None:
    dialog = Dialog() >> events.Fired("hotline.pickup", "call", 1, 1, 1)
    assert dialog.effects == (Alert(Audience.LEADER, "breached.hotline.pickup"),)


def test_a_call_of_which_nothing_is_heard_for_four_hours_is_given_up() -> None:
    dialog = Dialog() >> events.Fired("call.end", "call", 1, 1, 1)
    assert dialog.effects == (GiveUpCall(1),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_report_has_words(language: str) -> None:
    ends = [CallEnded("c", T, by, 61) for by in ("caller", "agent", "system")]
    others: tuple[CallEvent, ...] = (*ends, VOICEMAIL, ABANDONED, CallPickedUp("c", T))
    for report in (*SERVED, *others):
        said = calls.line(report, "")
        assert "{" not in render(said, language)
    assert render(calls.line(PICKED_UP, "王芳"), "zh") == "王芳 接起电话"
    assert render(Words("call.given_up"), language)


def test_the_facts_of_a_call_are_marks_that_clauses_can_name() -> None:
    call = told(*SERVED)
    marks = MappingProxyType({name: call.mark(name) for name in ("began", "offered", "picked_up", "ended")})
    assert marks["began"] == T
    assert call.fact("state") == "over"
    assert call.extended("hotline.pickup") is None
