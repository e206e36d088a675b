"""What doors share over Redis: one access token for all processes, and the nonces that have passed anywhere."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from bot.doors.nonces import STREAM, SharedNonces
from bot.doors.tokens import PREFIX, RedisShelf
from bot.wire import Wire, connect
from channels.door import TryAgain, Undeliverable
from channels.tokens import LEAST_PAUSE, Tokens

NOWHERE = "redis://127.0.0.1:1"
HOURS = timedelta(hours=2)


class Platform:
    """Gives out tokens, counts how often it was asked, and may fail."""

    def __init__(self) -> None:
        self.calls = 0
        self.failure: Exception | None = None
        self.answer: asyncio.Event | None = None
        self.called = asyncio.Event()

    async def refresh(self) -> tuple[str, timedelta]:
        self.calls += 1
        self.called.set()
        if self.answer is not None:
            await self.answer.wait()
        if self.failure is not None:
            raise self.failure
        return f"token-{self.calls}", HOURS


class Time:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def platform() -> Platform:
    return Platform()


@asynccontextmanager
async def process(redis_url: str, time: Time) -> AsyncIterator[Tokens]:
    """The tokens of one process."""
    redis = connect(redis_url)
    try:
        yield Tokens(RedisShelf(redis), time, look=0.005)
    finally:
        await redis.aclose()


async def test_processes_share_one_token_and_one_of_them_fetches_it(
    redis_url: str, time: Time, platform: Platform
) -> None:
    platform.answer = asyncio.Event()
    async with process(redis_url, time) as one, process(redis_url, time) as two, process(redis_url, time) as three:
        asked = [asyncio.create_task(each.get("wx1", platform.refresh)) for each in (one, two, three) for _ in range(5)]
        await platform.called.wait()
        platform.answer.set()
        assert set(await asyncio.gather(*asked)) == {"token-1"}
        assert await three.get("wx2", platform.refresh) == "token-2"
    assert platform.calls == 2


async def test_a_refused_token_is_renewed_once_by_whoever_comes_first(
    redis_url: str, time: Time, platform: Platform
) -> None:
    async with process(redis_url, time) as one, process(redis_url, time) as two:
        refused = await one.get("wx1", platform.refresh)
        time.now += LEAST_PAUSE
        renewed = await asyncio.gather(*(each.get("wx1", platform.refresh, refused) for each in (one, two, one, two)))
    assert set(renewed) == {"token-2"}
    assert platform.calls == 2


async def test_whatever_happens_nobody_fetches_twice_in_thirty_seconds(
    redis_url: str, time: Time, platform: Platform
) -> None:
    async with process(redis_url, time) as one, process(redis_url, time) as two:
        refused = await one.get("wx1", platform.refresh)
        time.now += LEAST_PAUSE
        platform.failure = TryAgain("token_http_503")
        for seconds in range(120):
            for each in (one, two):
                with pytest.raises(TryAgain, match="token_http_503"):
                    await each.get("wx1", platform.refresh, refused)
            assert platform.calls <= 2 + seconds // 30
            time.now += timedelta(seconds=1)


async def test_a_failure_is_remembered_as_what_it_was(redis_url: str, time: Time, platform: Platform) -> None:
    platform.failure = Undeliverable("40125")
    async with process(redis_url, time) as one, process(redis_url, time) as two:
        for each in (one, two):
            with pytest.raises(Undeliverable, match="40125"):
                await each.get("wx1", platform.refresh)
        platform.failure = TryAgain("45009", after=timedelta(hours=3))
        time.now += LEAST_PAUSE
        for each in (two, one):
            with pytest.raises(TryAgain) as caught:
                await each.get("wx1", platform.refresh)
            assert caught.value.after == timedelta(hours=3)
    assert platform.calls == 2


async def test_a_token_that_still_lives_outlasts_a_failed_renewal(
    redis_url: str, time: Time, platform: Platform
) -> None:
    async with process(redis_url, time) as one:
        assert await one.get("wx1", platform.refresh) == "token-1"
        platform.failure = TryAgain("token_unreachable")
        time.now += HOURS - timedelta(minutes=2)
        assert await one.get("wx1", platform.refresh) == "token-1"
        time.now += timedelta(minutes=2)
        with pytest.raises(TryAgain, match="token_unreachable"):
            await one.get("wx1", platform.refresh)
    assert platform.calls == 3


async def test_a_process_that_dies_while_it_fetches_holds_the_others_up_for_half_a_minute_only(
    redis_url: str, time: Time, platform: Platform
) -> None:
    platform.answer = asyncio.Event()
    async with process(redis_url, time) as dying, process(redis_url, time) as other:
        asked = asyncio.create_task(dying.get("wx1", platform.refresh))
        await platform.called.wait()
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
        platform.answer = None
        time.now += timedelta(seconds=11)
        with pytest.raises(TryAgain, match="token_pending"):
            await other.get("wx1", platform.refresh)
        time.now += LEAST_PAUSE
        assert await other.get("wx1", platform.refresh) == "token-2"


async def test_tokens_need_no_redis(time: Time, platform: Platform) -> None:
    async with process(NOWHERE, time) as alone:
        assert await alone.get("wx1", platform.refresh) == "token-1"
        time.now += timedelta(hours=1)
        assert await alone.get("wx1", platform.refresh) == "token-1"
        time.now += timedelta(hours=1)
        assert await alone.get("wx1", platform.refresh) == "token-2"
        platform.failure = TryAgain("-1")
        time.now += timedelta(hours=2)
        for _ in range(3):
            with pytest.raises(TryAgain):
                await alone.get("wx1", platform.refresh)
    assert platform.calls == 3


async def test_a_redis_that_has_forgotten_learns_the_token_again(
    redis_url: str, redis: Redis, time: Time, platform: Platform
) -> None:
    async with process(redis_url, time) as one, process(redis_url, time) as two:
        await one.get("wx1", platform.refresh)
        await redis.flushall()
        assert await one.get("wx1", platform.refresh) == "token-1"
        assert await two.get("wx1", platform.refresh) == "token-1"
        await redis.set(PREFIX + "wx3", b"none of ours")
        assert await two.get("wx3", platform.refresh) == "token-2"
    assert platform.calls == 2


@asynccontextmanager
async def gate(redis_url: str) -> AsyncIterator[SharedNonces]:
    """The nonces of one web process."""
    async with Wire(redis_url) as wire:
        nonces = SharedNonces(wire, redis_url)
        learning = asyncio.create_task(nonces.run())
        try:
            yield nonces
        finally:
            learning.cancel()
            await asyncio.gather(learning, return_exceptions=True)


async def known(nonces: SharedNonces, account: str, nonce: str) -> None:
    """Wait until a process knows a nonce."""
    async with asyncio.timeout(10):
        while nonces.seen(account, nonce) is None:  # noqa: ASYNC110 - Redis wakes nobody here
            await asyncio.sleep(0.005)


async def test_a_nonce_that_has_passed_one_process_carries_nothing_else_through_another(redis_url: str) -> None:
    async with gate(redis_url) as one, gate(redis_url) as two:
        assert one.admit("demo", "n1", "event 1")
        await known(two, "demo", "n1")
        assert two.admit("demo", "n1", "event 1")
        assert not two.admit("demo", "n1", "event 2")
        assert not one.admit("demo", "n1", "event 2")
        assert two.admit("other", "n1", "event 2")


async def test_many_nonces_go_out_together(redis_url: str, redis: Redis) -> None:
    async with gate(redis_url) as one, gate(redis_url) as two:
        for number in range(500):
            assert one.admit("demo", f"n{number}", f"event {number}")
        await known(two, "demo", "n499")
        assert all(not two.admit("demo", f"n{number}", "another") for number in range(500))
    assert await redis.xlen(STREAM) <= 2


async def test_a_process_that_starts_learns_the_last_ten_minutes(redis_url: str) -> None:
    async with gate(redis_url) as one:
        one.admit("demo", "n1", "event 1")
        async with gate(redis_url) as late:
            await known(late, "demo", "n1")
            assert not late.admit("demo", "n1", "event 2")


async def test_without_redis_each_process_knows_its_own_nonces() -> None:
    async with gate(NOWHERE) as alone:
        assert alone.admit("demo", "n1", "event 1")
        assert alone.admit("demo", "n1", "event 1")
        assert not alone.admit("demo", "n1", "event 2")
