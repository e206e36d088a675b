"""The chain of the first response once in real time, with limits of seconds in the standard's data."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

import router
from bot.tasks import end
from router.standard import parse
from tests.bot.stage import Stage, open_stage
from tests.dialog import world

SHIPPED = (Path(router.__file__).parent / "standard.toml").read_text("utf-8")
SECONDS = SHIPPED.replace('within = "30m"\nwarn = ["10m", "3m"]', 'within = "3s"\nwarn = ["2s", "1s"]')
PATIENCE = 60.0
"""Seconds after which the chain counts as broken; it takes about three."""


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    standard = parse(SECONDS).with_hours("00:00-24:00")
    async with open_stage(database_url, redis_url, at=replace(world(), standard=standard)) as opened:
        yield opened


async def test_warned_warned_breached_told_and_offered_to_somebody_else(stage: Stage) -> None:
    first, second = await stage.hire("wangfang"), await stage.hire("lilei")
    works = [asyncio.create_task(stage.clock.run()), asyncio.create_task(stage.assigner.run())]
    try:
        await stage.say("人工")
        async with asyncio.timeout(PATIENCE):
            await _until(stage, "SELECT count(*) = 1 FROM conversations WHERE assignee = $1 AND priority = 10", second)
    finally:
        await end(*works)
    kinds = [row["kind"] for row in await stage.pool.fetch("SELECT kind FROM alerts ORDER BY id")]
    clause = "enquiry.first_response"
    assert kinds == ["assigned", f"warned.{clause}", f"warned.{clause}", f"breached.{clause}", "assigned"]
    alerted = await stage.pool.fetch("SELECT audience, agent_id FROM alerts ORDER BY id")
    assert [(row["audience"], row["agent_id"]) for row in alerted] == [
        ("agent", first), ("agent", first), ("leader", None), ("leader", None), ("agent", second)
    ]  # fmt: skip
    line = await stage.pool.fetchrow(
        "SELECT breached >= due AS never_early, warned >= steps[1] AS warned_in_time FROM deadlines WHERE clause = $1",
        clause,
    )
    assert line is not None
    assert line["never_early"]
    assert line["warned_in_time"]
    assert (
        await stage.pool.fetchval("SELECT count(*) FROM messages WHERE sender = 'system' AND text LIKE '%抱歉%'") == 1
    )


async def _until(stage: Stage, question: str, *args: object) -> None:
    with stage.bus.watch("desk") as watch:
        while not await stage.pool.fetchval(question, *args):
            await watch.wait(0.2)
