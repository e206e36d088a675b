"""A platform that takes each message under its id once only: what nobody knows is simply sent again."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from bot.outbox import letters
from bot.outbox.sender import Limits, Sender
from channels.door import Address, TryAgain, Undeliverable
from tests.bot.platform import PUSHING, Answer, Platform
from tests.bot.stage import Stage, open_stage

CALLER = Address("telegram", "main", "caller")
KNOWING = replace(PUSHING, idempotent=True)


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


def platform_of(*script: Answer) -> Platform:
    return Platform("telegram", KNOWING, list(script))


def sender_of(stage: Stage, platform: Platform, limits: Limits | None = None) -> Sender:
    return Sender(pool=stage.pool, writer=stage.writer, doors={"telegram": platform}, limits=limits, chance=lambda: 0.0)


async def tried(stage: Stage, sender: Sender) -> tuple[str, str | None]:
    """One more try; the state and the error that it leaves."""
    await stage.pool.execute("UPDATE outbox SET due = clock_timestamp() WHERE state = 'queued'")
    await sender.round()
    await sender.settled()
    row = await stage.pool.fetchrow("SELECT state, error FROM outbox")
    assert row is not None
    return row["state"], row["error"]


@pytest.mark.parametrize("error", [TryAgain("broken_off", unsure=True), TimeoutError(), ValueError()], ids=repr)
async def test_a_message_of_unknown_outcome_goes_again_under_the_same_name(stage: Stage, error: Exception) -> None:
    await stage.say("话费", CALLER)
    platform = platform_of(error)
    sender = sender_of(stage, platform)
    assert (await tried(stage, sender))[0] == "queued"
    assert (await tried(stage, sender))[0] == "sent"
    first, second = platform.arrived
    assert first.key == second.key != ""
    assert (first.again, second.again) == (False, True)


async def test_a_sender_that_dies_in_a_call_leaves_a_row_for_the_next(stage: Stage) -> None:
    await stage.say("话费", CALLER)
    platform = platform_of(asyncio.Event())
    dying = sender_of(stage, platform, Limits(drain=0.0))
    run = asyncio.create_task(dying.run())
    await platform.called.wait()
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    await stage.pool.execute("UPDATE outbox SET lease = clock_timestamp() WHERE state = 'sending'")
    heir = sender_of(stage, platform)
    assert await heir.sweep() == 1
    assert (await tried(stage, heir))[0] == "sent"


async def test_tries_that_nobody_knows_the_outcome_of_come_to_an_end(stage: Stage) -> None:
    await stage.say("话费", CALLER)
    platform = platform_of(*(TryAgain("broken_off", unsure=True) for _ in range(2)))
    sender = sender_of(stage, platform, Limits(attempts=2))
    assert await tried(stage, sender) == ("queued", "broken_off")
    assert await tried(stage, sender) == ("in_doubt", "broken_off")


async def test_a_refusal_that_leaves_open_what_an_earlier_try_did_is_for_people(stage: Stage) -> None:
    await stage.say("话费", CALLER)
    sender = sender_of(stage, platform_of(Undeliverable("session_ended", unsure=True)))
    assert await tried(stage, sender) == ("in_doubt", "session_ended")


async def test_a_refused_message_that_a_person_sends_again_has_a_new_name_and_leaves_no_doubt(stage: Stage) -> None:
    await stage.say("话费", CALLER)
    platform = platform_of(TryAgain("broken_off", unsure=True), Undeliverable("quota"), Undeliverable("quota"))
    sender = sender_of(stage, platform)
    await tried(stage, sender)
    assert await tried(stage, sender) == ("failed", "quota")
    number = await stage.pool.fetchval("SELECT id FROM outbox")
    assert await letters.retry(stage.pool, number)
    assert await tried(stage, sender) == ("failed", "quota")
    names = [one.key for one in platform.arrived]
    assert names[0] == names[1] != names[2]
    assert [one.again for one in platform.arrived] == [False, True, False]


async def test_a_doubtful_message_that_a_person_sends_again_keeps_its_name(stage: Stage) -> None:
    await stage.say("话费", CALLER)
    platform = platform_of(Undeliverable("session_ended", unsure=True))
    sender = sender_of(stage, platform)
    assert (await tried(stage, sender))[0] == "in_doubt"
    assert await letters.retry(stage.pool, await stage.pool.fetchval("SELECT id FROM outbox"))
    assert (await tried(stage, sender))[0] == "sent"
    first, second = platform.arrived
    assert (first.key, second.again) == (second.key, True)


async def test_a_message_that_was_surely_not_taken_leaves_no_doubt_later(stage: Stage) -> None:
    await stage.say("话费", CALLER)
    platform = platform_of(TryAgain("-1"))
    sender = sender_of(stage, platform)
    assert (await tried(stage, sender))[0] == "queued"
    assert (await tried(stage, sender))[0] == "sent"
    assert [one.again for one in platform.arrived] == [False, False]
