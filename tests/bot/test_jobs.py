"""The process of the jobs, as it really runs: RQ brings a survey's number, and the survey is asked."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil
import pytest
from redis import Redis
from rq import Queue
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer

from bot.surveys.enqueue import NAME, SurveyQueue
from tests.bot.stage import Stage, open_stage
from tests.bot.test_surveys import become_due, serve, survey
from tests.embedded.until import until

PATIENCE = 60.0
"""Seconds until a test gives up waiting; nothing is measured by it."""
STOPS_WITHIN = 14.0
"""Less than the fifteen seconds for which RQ waits for a job at a time."""


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


@asynccontextmanager
async def jobs(database_url: str, redis_url: str, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """``python -m bot jobs`` for the length of the block."""
    environment = {
        "PATH": os.environ["PATH"],
        "HUIYING_DATABASE_URL": database_url,
        "HUIYING_REDIS_URL": redis_url,
        "HUIYING_DATA_DIR": str(folder),
        "HUIYING_SECRET_KEY": "the key of these tests",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "jobs", env=environment, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def line_with(process: asyncio.subprocess.Process, words: str) -> None:
    """Read the process' log until a line has these words."""
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE):
        while words.encode() not in (line := await process.stderr.readline()):
            assert line, f"it ended before it said {words}"


async def ended(process: asyncio.subprocess.Process) -> None:
    """Tell the process to stop and wait until it has, without a complaint."""
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(STOPS_WITHIN):
        _, log = await process.communicate()
    assert process.returncode == 0, log.decode()


async def until_asked(stage: Stage, survey_id: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while (await survey(stage, survey_id))["asked"] is None:  # noqa: ASYNC110 - another process asks
            await asyncio.sleep(0.1)


def is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


async def test_a_requested_survey_is_asked_by_the_process_of_the_jobs(
    stage: Stage, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    await serve(stage)
    (survey_id,) = await become_due(stage)
    queue = SurveyQueue(redis_url)
    async with jobs(database_url, redis_url, tmp_path) as process:
        queue.request([survey_id])
        await until_asked(stage, survey_id)
        await ended(process)
    await asyncio.to_thread(queue.close)
    with Redis.from_url(redis_url) as redis:
        assert FailedJobRegistry(NAME, connection=redis, serializer=JSONSerializer).get_job_ids() == []
        assert Queue(NAME, connection=redis, serializer=JSONSerializer).job_ids == []


async def test_it_waits_for_a_redis_that_is_away_and_still_stops_at_once(database_url: str, tmp_path: Path) -> None:
    async with jobs(database_url, f"unix://{tmp_path}/nobody.sock", tmp_path) as process:
        await line_with(process, "jobs.redis_away")
        await line_with(process, "jobs.redis_away")
        await ended(process)


async def test_it_stops_at_once_while_a_job_waits_for_a_database_that_is_away(redis_url: str, tmp_path: Path) -> None:
    queue = SurveyQueue(redis_url)
    queue.request([1])
    await asyncio.to_thread(queue.settle)
    async with jobs("postgresql://nobody@127.0.0.1:1/nothing", redis_url, tmp_path) as process:
        await line_with(process, "house.waits_for_postgresql")
        await ended(process)
    await asyncio.to_thread(queue.close)


async def test_killed_it_leaves_no_process_behind(database_url: str, redis_url: str, tmp_path: Path) -> None:
    async with jobs(database_url, redis_url, tmp_path) as process:
        await line_with(process, "jobs.ready")
        await until(lambda: bool(psutil.Process(process.pid).children()))
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        await process.communicate()
        await until(lambda: not any(map(is_alive, children)))
