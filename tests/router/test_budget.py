"""What WeChat lets us push to a contact, by what the contact did."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from router import budget
from router.contact import Budget, Contact
from router.events import CustomerEvent, Followed, Said, Tapped, Unfollowed
from tests.dialog import MONDAY_MORNING as NOW

FOLLOWER = Contact(1, "wechat")
TWO_DAYS = Budget(5, NOW + timedelta(hours=48))
ONE_MINUTE = Budget(3, NOW + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("event", "granted"),
    [
        (Said("你好"), TWO_DAYS),
        (Said("转人工", choice="human"), ONE_MINUTE),
        (Said("怎么查话费", tapped=True), ONE_MINUTE),
        (Tapped("o:pudong-3"), ONE_MINUTE),
        (Followed(), ONE_MINUTE),
        (Unfollowed(), Budget(0, None)),
    ],
)
def test_words_grant_five_for_two_days_and_taps_three_for_a_minute(event: CustomerEvent, granted: Budget) -> None:
    assert budget.renewed(FOLLOWER, event, NOW).budget == granted


def test_a_tap_takes_nothing_from_what_words_have_granted() -> None:
    held = replace(FOLLOWER, budget=Budget(1, NOW + timedelta(hours=20)))
    assert budget.renewed(held, Tapped("menu"), NOW) == held


def test_a_tap_helps_where_nothing_is_left() -> None:
    used = replace(FOLLOWER, budget=Budget(0, NOW + timedelta(hours=20)))
    assert budget.renewed(used, Tapped("menu"), NOW).budget == ONE_MINUTE


def test_other_channels_set_no_limit() -> None:
    visitor = Contact(1, "web")
    assert budget.renewed(visitor, Said("你好"), NOW) == visitor


@pytest.mark.parametrize(("left", "messages", "allowed"), [(4, 3, True), (3, 3, False), (2, 1, True), (1, 1, False)])
def test_what_goes_together_goes_as_a_whole_and_leaves_the_survey_s_message(
    left: int, messages: int, *, allowed: bool
) -> None:
    held = replace(FOLLOWER, budget=Budget(left, NOW + timedelta(hours=1)))
    after, may = budget.spent(held, NOW, survey=False, messages=messages)
    assert may == allowed
    assert after.budget.left == (left - messages if allowed else left)


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (Budget(5, NOW + timedelta(hours=1)), budget.Allowance(4, NOW + timedelta(hours=1), 1)),
        (Budget(1, NOW + timedelta(hours=1)), budget.Allowance(0, NOW + timedelta(hours=1), 1)),
        (Budget(5, NOW), budget.Allowance(0, None)),
        (Budget(0, None), budget.Allowance(0, None)),
    ],
)
def test_people_are_told_what_they_may_send_without_the_survey_s_message(held: Budget, told: budget.Allowance) -> None:
    assert budget.allowance("wechat", held, NOW) == told
    assert budget.allowance("web", held, NOW) is None
