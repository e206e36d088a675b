"""Clauses "hotline.pickup" (10 seconds, connect rate of 90 %) and "call.end"."""

from bot.calls.figures import GOAL
from router.calls import Call
from tests.standard.measure import HOUR, alarms, due, ends, local

RANG = local("2026-11-20 10:00")


def test_a_call_that_rings_at_people_is_picked_up_within_ten_seconds() -> None:
    found = due("hotline.pickup", Call("c1", began=RANG, offered=RANG))
    assert found is not None
    assert (found.due - RANG).total_seconds() == 10
    assert ends("hotline.pickup", Call("c1", began=RANG)) is None, "the machine has the word until it rings at people"
    assert ends("hotline.pickup", Call("c1", began=RANG, offered=RANG, picked_up=RANG)) is None
    assert alarms("hotline.pickup") == ["due: leader"]


def test_nine_calls_in_ten_are_connected() -> None:
    assert GOAL == 90


def test_call_end_a_call_of_which_nothing_is_heard_is_over_after_four_hours() -> None:
    assert ends("call.end", Call("c1", began=RANG, offered=RANG)) == RANG + 4 * HOUR
    picked_up = Call("c1", began=RANG, offered=RANG, picked_up=RANG + HOUR)
    assert ends("call.end", picked_up) == RANG + 5 * HOUR
