"""WeChat's passive reply: whatever dies between the commit and the body, the customer reads the answer once.

Of an offered reply can be known that its body was written, that no body could carry it, or nothing at all; and a retry
may come. WeChat posts a message three times, five seconds apart, until it has an answer.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.aftermath import AfterCommit
from bot.doors.known import PUSHES
from bot.outbox.sender import Limits, Sender
from bot.turns.understand import Understanding
from bot.turns.writer import Writer
from channels.door import Inbound, Receipt
from router.events import Found, Said
from tests.bot.platform import Platform
from tests.bot.stage import FOLLOWER, Stage, open_stage

QUESTION = Inbound(FOLLOWER, "m1", Said("没见过的问题"))
LIMITS = Limits(after_restart=0.0)


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


@asynccontextmanager
async def another_process(stage: Stage) -> AsyncIterator[Writer]:
    """The writer of another web process."""
    understanding = Understanding(lambda texts: [Found() for _ in texts])
    aftermath = AfterCommit(stage.index, stage.bus, stage.surveys, stage.files)
    async with Writer(stage.pool, lambda: stage.world, understanding, aftermath, PUSHES) as writer:
        yield writer
    understanding.close()


class After:
    """What has become of the reply when its time is over, and long after."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.platform = Platform()
        self._sender = Sender(pool=stage.pool, writer=stage.writer, doors={"wechat": self.platform}, limits=LIMITS)

    async def seconds(self, number: int) -> str:
        """Let so many pass, and look at the row."""
        await self._stage.pool.execute("UPDATE outbox SET due = due - $1 * interval '1 second'", number)
        await self._sender.sweep()
        while await self._sender.round():
            await self._sender.settled()
        found: str = await self._stage.pool.fetchval("SELECT state FROM outbox")
        return found


async def noted(stage: Stage) -> None:
    """Wait until the writer has noted all that it was told."""
    for number in range(2):  # What is marked with a commit is noted with the next.
        await stage.writer.take(Inbound(FOLLOWER, f"later{number}", Said("")))
    await stage.pool.execute("DELETE FROM outbox WHERE id > (SELECT min(id) FROM outbox)")


async def alerts(stage: Stage) -> list[str]:
    return [row["kind"] for row in await stage.pool.fetch("SELECT kind FROM alerts")]


def offered(receipt: Receipt) -> int:
    assert receipt.outbox_id is not None
    return receipt.outbox_id


async def test_a_body_that_was_written_is_never_pushed(stage: Stage) -> None:
    stage.writer.fulfil(offered(await stage.writer.take(QUESTION)))
    await noted(stage)
    after = After(stage)
    assert await after.seconds(100) == "sent"
    assert after.platform.arrived == []


async def test_a_server_that_dies_after_the_body_leaves_one_doubt_and_pushes_nothing(stage: Stage) -> None:
    await stage.writer.take(QUESTION)
    after = After(stage)
    assert await after.seconds(16) == "offered"
    assert await after.seconds(15) == "in_doubt"
    assert await after.seconds(100) == "in_doubt"
    assert after.platform.arrived == []
    assert await alerts(stage) == ["in_doubt"]
    assert await stage.pool.fetchval("SELECT budget_left FROM contacts") == 5


async def test_a_note_that_comes_late_ends_the_doubt(stage: Stage) -> None:
    number = offered(await stage.writer.take(QUESTION))
    after = After(stage)
    assert await after.seconds(31) == "in_doubt"
    stage.writer.fulfil(number)
    await noted(stage)
    assert await after.seconds(1) == "sent"


async def test_a_server_that_dies_before_the_body_is_made_up_for_by_the_retry_at_another(stage: Stage) -> None:
    first = await stage.writer.take(QUESTION)
    async with another_process(stage) as heir:
        retried = await heir.take(QUESTION)
        assert (retried.replies, retried.outbox_id) == (first.replies, first.outbox_id)
        heir.fulfil(offered(retried))
    after = After(stage)
    assert await after.seconds(100) == "sent"
    assert after.platform.arrived == []


async def test_what_no_body_could_carry_is_pushed_once_the_retries_are_over(stage: Stage) -> None:
    stage.writer.missed(QUESTION, offered(await stage.writer.take(QUESTION)))
    await noted(stage)
    after = After(stage)
    assert await after.seconds(1) == "offered"
    assert await after.seconds(15) == "sent"
    assert len(after.platform.arrived) == 1
    assert await stage.pool.fetchval("SELECT budget_left FROM contacts") == 4
    assert await alerts(stage) == []


async def test_an_answer_for_which_nobody_waits_any_more_is_pushed(stage: Stage) -> None:
    request = asyncio.create_task(stage.writer.take(QUESTION))
    await asyncio.sleep(0)
    request.cancel()
    await asyncio.wait([request])
    await noted(stage)
    after = After(stage)
    assert await after.seconds(16) == "sent"
    assert len(after.platform.arrived) == 1


async def test_a_retry_takes_what_the_first_request_could_not_carry_and_dies_with_it_in_doubt(stage: Stage) -> None:
    stage.writer.missed(QUESTION, offered(await stage.writer.take(QUESTION)))
    retried = await stage.writer.take(QUESTION)
    assert retried.repeated
    after = After(stage)
    assert await after.seconds(16) == "offered"
    assert await after.seconds(15) == "in_doubt"
    assert after.platform.arrived == []


async def test_of_two_requests_at_once_the_one_that_fails_does_not_speak_for_the_other(stage: Stage) -> None:
    first, _ = await asyncio.gather(stage.writer.take(QUESTION), stage.writer.take(QUESTION))
    stage.writer.missed(QUESTION, offered(first))
    await noted(stage)
    after = After(stage)
    assert await after.seconds(31) == "in_doubt"
    assert after.platform.arrived == []


async def test_a_mark_that_comes_after_the_body_was_noted_changes_nothing(stage: Stage) -> None:
    number = offered(await stage.writer.take(QUESTION))
    stage.writer.fulfil(number)
    stage.writer.missed(QUESTION, number)
    await noted(stage)
    after = After(stage)
    assert await after.seconds(100) == "sent"
    assert after.platform.arrived == []


async def test_an_offer_without_budget_fails_and_says_so(stage: Stage) -> None:
    stage.writer.missed(QUESTION, offered(await stage.writer.take(QUESTION)))
    await noted(stage)
    await stage.pool.execute("UPDATE contacts SET budget_left = 1")
    after = After(stage)
    assert await after.seconds(16) == "failed"
    assert await stage.pool.fetchval("SELECT error FROM outbox") == "budget"
