"""The bus: hints within a process, between processes, and without Redis."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.bus import CHANNEL, PATIENCE, PATIENCE_ALONE, Bus
from bot.watch import Watch
from tests.bot.gate import Gate

SOON = 10.0
"""Seconds after which a test gives up."""


async def until_live(bus: Bus) -> None:
    """Return when the bus hears the other processes."""
    with bus.watch() as watch:
        async with asyncio.timeout(SOON):
            while not bus.live:
                await watch.wait(0.01)


@pytest.fixture
async def bus(redis_url: str) -> AsyncIterator[Bus]:
    async with Bus(redis_url) as opened:
        await until_live(opened)
        yield opened


@pytest.fixture
async def other(redis_url: str) -> AsyncIterator[Bus]:
    async with Bus(redis_url) as opened:
        await until_live(opened)
        yield opened


@pytest.fixture
async def gate(redis_url: str, tmp_path: Path) -> AsyncIterator[Gate]:
    opened = Gate(redis_url, tmp_path / "gate")
    await opened.open()
    yield opened
    await opened.shut()


async def test_a_listener_of_the_same_process_is_woken_at_once(bus: Bus) -> None:
    with bus.watch("contact:1", "desk") as watch:
        bus.announce(["contact:1", "contact:2"])
        assert await watch.wait(0) == {"contact:1"}


async def test_a_listener_of_another_process_is_woken(bus: Bus, other: Bus) -> None:
    with other.watch("contact:1") as watch:
        bus.announce(["desk", "contact:1"])
        assert await watch.wait(SOON) == {"contact:1"}


async def test_a_wait_without_a_change_ends_empty(bus: Bus) -> None:
    with bus.watch("contact:1") as watch:
        bus.announce(["contact:2"])
        assert await watch.wait(0.01) == frozenset()


async def test_changes_between_two_waits_are_kept_and_told_once(bus: Bus) -> None:
    with bus.watch("a", "b") as watch:
        bus.announce(["a"])
        bus.announce(["b", "a"])
        assert await watch.wait(0) == {"a", "b"}
        assert await watch.wait(0) == frozenset()


async def test_the_echo_of_an_own_announcement_wakes_nobody_again(bus: Bus, other: Bus) -> None:
    with bus.watch("a", "b") as watch:
        bus.announce(["a"])
        assert await watch.wait(0) == {"a"}
        other.announce(["b"])  # Redis carries it behind the echo of "a", if there were one.
        assert await watch.wait(SOON) == {"b"}


async def test_announcements_of_one_moment_go_out_as_one_publish(bus: Bus, redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis, redis.pubsub() as subscription:
        await subscription.subscribe(CHANNEL)
        assert await subscription.get_message(timeout=SOON) is not None
        bus.announce(["contact:1", "desk"])
        bus.announce([])
        bus.announce(["agent:7", "desk"])
        published = await subscription.get_message(timeout=SOON)
    assert published is not None
    assert sorted(json.loads(published["data"])[1:]) == ["agent:7", "contact:1", "desk"]


async def test_a_listener_that_has_left_is_forgotten(bus: Bus) -> None:
    with bus.watch("a") as watch:
        pass
    bus.announce(["a"])
    assert await watch.wait(0) == frozenset()


async def test_a_listener_may_follow_more_topics_later(bus: Bus) -> None:
    with bus.watch("a") as watch:
        watch.follow("b")
        bus.announce(["b"])
        assert await watch.wait(0) == {"b"}


async def test_garbage_on_the_channel_harms_nobody(bus: Bus, other: Bus, redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        for garbage in (b"", b"\xff", b"7", b"[]", b"{}", b'["x", 5, null]', b"null"):
            await redis.publish(CHANNEL, garbage)
    with other.watch("a") as watch:
        bus.announce(["a"])
        assert await watch.wait(SOON) == {"a"}


async def woken(watch: Watch) -> frozenset[str]:
    changed = await watch.wait(SOON)
    assert changed, "nobody was woken in time"
    return changed


async def test_without_redis_the_process_goes_on_alone_and_reads_more_often(gate: Gate) -> None:
    await gate.shut()
    async with Bus(gate.url) as bus:
        with bus.watch("a") as watch:
            bus.announce(["a"])
            assert await watch.wait(0) == {"a"}
        assert (bus.live, bus.patience) == (False, PATIENCE_ALONE)
    await gate.open()


async def test_losing_and_finding_redis_wakes_everyone_and_hints_flow_again(gate: Gate, other: Bus) -> None:
    async with Bus(gate.url) as bus:
        await until_live(bus)
        assert bus.patience == PATIENCE
        with bus.watch("a", "b") as watch:
            await watch.wait(0)
            await gate.shut()
            assert await woken(watch) == {"a", "b"}
            assert not bus.live
            bus.announce(["a"])
            assert await watch.wait(0) == {"a"}
            await gate.open()
            assert await woken(watch) == {"a", "b"}
            assert bus.live
            other.announce(["b"])
            assert await woken(watch) == {"b"}
