"""Real processes under load, killed with SIGKILL at random."""

from secrets import randbelow

import pytest

from bot.bench.chaos import measured


@pytest.mark.timeout(300)
async def test_whatever_is_killed_what_was_acknowledged_is_stored_once_in_order_and_answered_alike() -> None:
    course = await measured(kills=20, messages=5_000, seed=randbelow(10**6))
    assert course.problems == [], f"seed {course.seed}"
    assert sum(course.killed.values()) == 20
    assert course.acknowledged > course.said // 2
    assert all(course.fired.values())
