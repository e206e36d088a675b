"""The fixtures themselves: what one test writes, the next does not see."""

from datetime import datetime, timedelta

import pytest
from redis.asyncio import Redis

from bot.db import Pool
from router.calendar import SHANGHAI
from tests.dialog import ALWAYS_OPEN
from tests.hours import closed_at, open_at


@pytest.mark.parametrize("again", [1, 2])
async def test_each_test_has_a_database_and_a_redis_of_its_own(pool: Pool, redis: Redis, again: int) -> None:
    assert await pool.fetchval("SELECT count(*) FROM wrapups") == 0
    assert await redis.dbsize() == 0
    await pool.execute(
        "INSERT INTO wrapups (code, label_zh, label_en, position) VALUES ('balance', '话费', 'Balance', 1)"
    )
    await redis.set("left", "behind")


@pytest.mark.pure
@pytest.mark.parametrize("hour", range(24))
def test_hours_of_tests_on_a_real_clock_hold_at_every_hour_and_for_hours_to_come(hour: int) -> None:
    opened, closed = ALWAYS_OPEN.with_hours(open_at(hour)), ALWAYS_OPEN.with_hours(closed_at(hour))
    begins = datetime(2026, 11, 25, hour, tzinfo=SHANGHAI)
    for minutes in range(0, 6 * 60 - 1, 7):
        moment = begins + timedelta(minutes=minutes)
        assert opened.calendar.is_open(moment) or minutes >= 5 * 60
        assert not closed.calendar.is_open(moment)
