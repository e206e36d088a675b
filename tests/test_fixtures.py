"""The fixtures themselves: what one test writes, the next does not see."""

import pytest
from redis.asyncio import Redis

from bot.db import Pool


@pytest.mark.parametrize("again", [1, 2])
async def test_each_test_has_a_database_and_a_redis_of_its_own(pool: Pool, redis: Redis, again: int) -> None:
    assert await pool.fetchval("SELECT count(*) FROM wrapups") == 0
    assert await redis.dbsize() == 0
    await pool.execute(
        "INSERT INTO wrapups (code, label_zh, label_en, position) VALUES ('balance', '话费', 'Balance', 1)"
    )
    await redis.set("left", "behind")
