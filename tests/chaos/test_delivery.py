"""Real senders that are killed with SIGKILL at random, between a real outbox and a stand-in platform."""

from secrets import randbelow

import pytest

from bot.bench.delivery import measured
from bot.outbox.letters import State


@pytest.mark.timeout(300)
async def test_whichever_sender_is_killed_no_message_is_lost_or_arrives_twice_and_each_crash_leaves_its_doubt() -> None:
    course = await measured(kills=6, messages=2_000, seed=randbelow(10**6), hasten=True)
    assert course.problems == [], f"seed {course.seed}"
    assert sum(course.killed.values()) == 6
    assert course.ends[State.SENT] + course.ends[State.IN_DOUBT] == course.messages
    assert course.ends[State.IN_DOUBT] > 0
