"""The pace of calls over several processes: Redis counts for all, and each keeps its own while Redis is away."""

import pytest
from redis.asyncio import Redis

from bot.doors.pace import RedisPace
from bot.wire import Wire
from channels.telegram.pace import Limit, limits


async def test_two_processes_share_one_pace(redis_url: str) -> None:
    async with Wire(redis_url) as one, Wire(redis_url) as two:
        waits = [await pace.reserve(limits("main", "5")) for pace in (RedisPace(one), RedisPace(two), RedisPace(one))]
    assert waits[0] == 0.0
    assert waits[1] == pytest.approx(1.0, abs=0.5)
    assert waits[2] == pytest.approx(2.0, abs=0.5)


async def test_all_chats_together_stay_within_thirty_a_second(redis_url: str) -> None:
    async with Wire(redis_url) as wire:
        pace = RedisPace(wire)
        waits = [await pace.reserve(limits("main", str(chat))) for chat in range(80)]
    assert sum(wait < 1.0 for wait in waits) <= 60  # The places of the first second, and of the time it took to ask.
    assert max(waits) > 1.0


async def test_marks_leave_nothing_behind(redis_url: str, redis: Redis) -> None:
    async with Wire(redis_url) as wire:
        await RedisPace(wire).reserve((Limit("main:5", 1.0, 1), Limit("main", 0.04, 5)))
    names = [name async for name in redis.scan_iter("huiying:*pace:*")]
    assert len(names) == 2
    assert all([0 < await redis.pttl(name) <= 1000 for name in names])


async def test_without_redis_each_process_keeps_the_pace_by_itself() -> None:
    async with Wire("redis://127.0.0.1:1/0") as wire:
        pace = RedisPace(wire)
        assert [round(await pace.reserve(limits("main", "5"))) for _ in range(3)] == [0, 1, 2]
