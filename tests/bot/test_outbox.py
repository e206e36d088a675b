"""The outbox: each message reaches its platform once and in order, and what nobody can know is left to people."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.outbox.gate import FIRST_PAUSE, PATIENCE, Gate
from bot.outbox.outcome import pause
from bot.outbox.sender import Limits, Sender
from channels.door import Address, TryAgain, Undeliverable
from router.events import Noted
from tests.bot.platform import Platform
from tests.bot.stage import FOLLOWER, Stage, open_stage

OTHER = Address("wechat", "other", "follower")
LIMITS = Limits(after_restart=0.0)


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


def sender_of(stage: Stage, platform: Platform, limits: Limits = LIMITS) -> Sender:
    return Sender(pool=stage.pool, writer=stage.writer, doors={"wechat": platform}, limits=limits, chance=lambda: 0.0)


async def send(sender: Sender) -> int:
    """Send until nothing is left that may go now; returns how many calls that took."""
    calls = 0
    while claimed := await sender.round():
        calls += claimed
        await sender.settled()
    return calls


async def rows(stage: Stage) -> list[tuple[str, str, int]]:
    found = await stage.pool.fetch("SELECT state, kind, attempts FROM outbox ORDER BY contact_id, from_seq")
    return [(row["state"], row["kind"], row["attempts"]) for row in found]


async def states(stage: Stage) -> list[str]:
    return [state for state, _, _ in await rows(stage)]


async def served(stage: Stage, who: Address = FOLLOWER) -> tuple[int, int]:
    """A customer on WeChat whom an agent serves; all replies of the bot have gone out with their HTTP bodies."""
    await stage.hire(f"agent-{who.account}")
    receipt = await stage.say("人工", who)
    assert receipt.message is not None
    contact_id = receipt.message.contact_id
    assert await stage.assigner.round() == 1
    await stage.pool.execute("UPDATE outbox SET state = 'sent'")
    await stage.pool.execute("UPDATE contacts SET budget_left = 100")
    agent = await stage.pool.fetchval("SELECT assignee FROM conversations WHERE contact_id = $1", contact_id)
    return contact_id, agent


async def alerts(stage: Stage) -> list[str]:
    found = await stage.pool.fetch("SELECT kind FROM alerts WHERE kind <> 'assigned' ORDER BY id")
    return [row["kind"] for row in found]


async def undo_backoff(stage: Stage) -> None:
    await stage.pool.execute("UPDATE outbox SET due = clock_timestamp() WHERE state = 'queued'")


async def test_an_agents_words_reach_the_platform_once(stage: Stage) -> None:
    contact_id, agent = await served(stage)
    platform = Platform()
    sender = sender_of(stage, platform)
    await stage.reply(contact_id, agent, "您好，我是王芳")
    assert await send(sender) == 1
    assert platform.texts(FOLLOWER) == ["您好，我是王芳"]
    row = await stage.pool.fetchrow("SELECT state, provider_id, lease, ended FROM outbox ORDER BY id DESC LIMIT 1")
    assert row is not None
    assert (row["state"], row["provider_id"], row["lease"]) == ("sent", "p1", None)
    assert row["ended"] is not None
    assert await send(sender) == 0


async def test_messages_of_one_contact_arrive_in_order_though_senders_compete(stage: Stage) -> None:
    contact_id, agent = await served(stage)
    platform = Platform()
    senders = [sender_of(stage, platform) for _ in range(3)]
    for number in range(20):
        await stage.reply(contact_id, agent, f"第{number}句")
    await asyncio.gather(*(send(sender) for sender in senders for _ in range(3)))
    await send(senders[0])
    assert platform.texts(FOLLOWER) == [f"第{number}句" for number in range(20)]
    assert set(await states(stage)) == {"sent"}


async def test_a_message_that_is_to_be_tried_again_holds_back_the_next_of_its_contact_only(stage: Stage) -> None:
    first, agent = await served(stage)
    second, colleague = await served(stage, OTHER)
    platform = Platform(always={"demo": TryAgain("45011")})
    sender = sender_of(stage, platform)
    await stage.reply(first, agent, "一")
    await stage.reply(first, agent, "二")
    await stage.reply(second, colleague, "三")
    assert await send(sender) == 2
    assert platform.texts(FOLLOWER) == ["一"]
    assert platform.texts(OTHER) == ["三"]
    platform.always.clear()
    await undo_backoff(stage)
    assert await send(sender) == 2
    assert platform.texts(FOLLOWER) == ["一", "一", "二"]


async def test_a_new_try_waits_as_long_as_the_platform_says(stage: Stage) -> None:
    contact_id, agent = await served(stage)
    platform = Platform(script=[TryAgain("45009", after=timedelta(hours=3))])
    await stage.reply(contact_id, agent)
    await send(sender_of(stage, platform))
    wait = await stage.pool.fetchval("SELECT due - clock_timestamp() FROM outbox WHERE state = 'queued'")
    assert timedelta(hours=2, minutes=59) < wait <= timedelta(hours=3)


async def test_a_message_that_is_refused_too_often_fails_and_the_agent_is_told(stage: Stage) -> None:
    contact_id, agent = await served(stage)
    platform = Platform(always={"demo": TryAgain("-1")})
    sender = sender_of(stage, platform, Limits(attempts=3))
    await stage.reply(contact_id, agent)
    for _ in range(3):
        assert await send(sender) == 1
        await undo_backoff(stage)
    assert (await rows(stage))[-1] == ("failed", "agent", 3)
    assert await alerts(stage) == ["undelivered"]


async def test_an_undeliverable_answer_sets_the_customer_waiting_again(stage: Stage) -> None:
    contact_id, agent = await served(stage)
    platform = Platform(script=[Undeliverable("45015")])
    await stage.reply(contact_id, agent)
    assert await stage.pool.fetchval("SELECT waiting_since FROM conversations") is None
    await send(sender_of(stage, platform))
    row = await stage.pool.fetchrow("SELECT state, error FROM outbox ORDER BY id DESC LIMIT 1")
    assert row is not None
    assert (row["state"], row["error"]) == ("failed", "45015")
    assert await stage.pool.fetchval("SELECT waiting_since FROM conversations") is not None
    assert await alerts(stage) == ["undelivered"]


@pytest.mark.parametrize("error", [TryAgain("-1", unsure=True), RuntimeError("broken"), TimeoutError()])
async def test_what_may_have_arrived_is_not_sent_again_and_a_person_is_asked(stage: Stage, error: Exception) -> None:
    contact_id, agent = await served(stage)
    platform = Platform(script=[error])
    sender = sender_of(stage, platform)
    await stage.reply(contact_id, agent)
    assert await send(sender) == 1
    assert await send(sender) == 0
    assert (await states(stage))[-1] == "in_doubt"
    assert await alerts(stage) == ["in_doubt"]


async def test_a_call_that_never_returns_ends_in_doubt(stage: Stage) -> None:
    contact_id, agent = await served(stage)
    platform = Platform(script=[asyncio.Event()])
    await stage.reply(contact_id, agent)
    await send(sender_of(stage, platform, Limits(call=0.05)))
    assert (await states(stage))[-1] == "in_doubt"


async def test_the_next_message_passes_one_in_doubt(stage: Stage) -> None:
    contact_id, agent = await served(stage)
    platform = Platform(script=[TryAgain("-1", unsure=True)])
    await stage.reply(contact_id, agent, "一")
    await stage.reply(contact_id, agent, "二")
    assert await send(sender_of(stage, platform)) == 2
    assert (await states(stage))[-2:] == ["in_doubt", "sent"]


async def test_a_sender_that_dies_in_a_call_leaves_exactly_one_row_in_doubt(stage: Stage) -> None:
    contact_id, agent = await served(stage)
    silence = asyncio.Event()
    platform = Platform(script=[silence])
    dying = sender_of(stage, platform, Limits(drain=0.0))
    await stage.reply(contact_id, agent, "一")
    run = asyncio.create_task(dying.run())
    await platform.called.wait()
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    assert (await states(stage))[-1] == "sending"

    heirs = [sender_of(stage, platform) for _ in range(3)]
    assert await asyncio.gather(*(heir.sweep() for heir in heirs)) == [0, 0, 0]
    await stage.pool.execute("UPDATE outbox SET lease = clock_timestamp() WHERE state = 'sending'")
    await asyncio.gather(*(heir.sweep() for heir in heirs))
    assert (await states(stage)).count("in_doubt") == 1
    assert await alerts(stage) == ["in_doubt"]
    assert await send(heirs[0]) == 0
    assert len(platform.arrived) == 1


async def test_the_truth_that_comes_late_counts(stage: Stage) -> None:
    contact_id, agent = await served(stage)
    silence = asyncio.Event()
    platform = Platform(script=[silence])
    slow = sender_of(stage, platform)
    await stage.reply(contact_id, agent)
    await slow.round()
    await stage.pool.execute("UPDATE outbox SET lease = clock_timestamp() WHERE state = 'sending'")
    assert await sender_of(stage, platform).sweep() == 1
    assert (await states(stage))[-1] == "in_doubt"
    silence.set()
    await slow.settled()
    assert (await states(stage))[-1] == "sent"


async def test_an_outcome_of_an_earlier_try_changes_nothing(stage: Stage) -> None:
    contact_id, agent = await served(stage)
    silence = asyncio.Event()
    platform = Platform(script=[silence, asyncio.Event()])
    slow, other = sender_of(stage, platform), sender_of(stage, platform, Limits(drain=0.0))
    await stage.reply(contact_id, agent)
    await slow.round()
    await stage.pool.execute("UPDATE outbox SET state = 'queued', lease = NULL WHERE state = 'sending'")
    assert await other.round() == 1
    silence.set()
    await slow.settled()
    assert (await rows(stage))[-1] == ("sending", "agent", 2)


async def test_a_sender_that_is_told_to_stop_lets_its_calls_come_to_an_end(stage: Stage) -> None:
    contact_id, agent = await served(stage)
    silence = asyncio.Event()
    platform = Platform(script=[silence])
    await stage.reply(contact_id, agent)
    run = asyncio.create_task(sender_of(stage, platform).run())
    await platform.called.wait()
    run.cancel()
    asyncio.get_running_loop().call_later(0.05, silence.set)
    await asyncio.gather(run, return_exceptions=True)
    assert (await states(stage))[-1] == "sent"


async def test_an_offer_is_left_alone_just_after_a_restart_of_the_database(stage: Stage) -> None:
    await stage.say("话费", FOLLOWER)
    await stage.pool.execute("UPDATE outbox SET due = clock_timestamp(), error = 'unheard'")
    assert await sender_of(stage, Platform(), Limits(after_restart=1e9)).sweep() == 0
    assert await states(stage) == ["offered"]


async def test_notes_stay_inside(stage: Stage) -> None:
    contact_id, agent = await served(stage)
    platform = Platform()
    await stage.act(contact_id, Noted(agent, "客户很急"))
    await stage.reply(contact_id, agent, "马上")
    await send(sender_of(stage, platform))
    assert platform.texts(FOLLOWER) == ["马上"]


async def test_a_slow_account_holds_up_no_other(stage: Stage) -> None:
    silence = asyncio.Event()
    platform = Platform(always={"demo": silence})
    slow = [Address("wechat", "demo", f"c{number}") for number in range(5)]
    for who in (*slow, OTHER):
        await stage.say("话费", who)
    await stage.pool.execute("UPDATE outbox SET state = 'queued', due = created")
    sender = sender_of(stage, platform, Limits(slots=2))
    assert await sender.round() == 3
    assert await sender.round() == 0
    assert platform.texts(OTHER) == ["发送查话费到10977。"]
    assert sum(len(platform.texts(who)) for who in slow) == 2
    silence.set()
    await sender.settled()
    assert await send(sender) == 3


async def test_an_account_whose_platform_fails_is_spared(stage: Stage) -> None:
    platform = Platform(always={"demo": TryAgain("5xx")})
    for number in range(PATIENCE + 5):
        await stage.say("话费", Address("wechat", "demo", f"c{number}"))
    await stage.say("话费", OTHER)
    await stage.pool.execute("UPDATE outbox SET state = 'queued', due = created")
    sender = sender_of(stage, platform, Limits(slots=1))
    await send(sender)
    assert sum(one.address.account == "demo" for one in platform.arrived) == PATIENCE
    assert platform.texts(OTHER) == ["发送查话费到10977。"]
    untouched = await stage.pool.fetchval("SELECT count(*) FROM outbox WHERE state = 'queued' AND attempts = 0")
    assert untouched == 5


async def test_an_account_that_may_send_nothing_until_midnight_is_left_alone(stage: Stage) -> None:
    one, agent = await served(stage)
    waiting = await stage.say("人工", Address("wechat", "demo", "second"))
    assert waiting.message is not None
    assert await stage.assigner.round() == 1
    await stage.pool.execute("UPDATE outbox SET state = 'sent'")
    await stage.pool.execute("UPDATE contacts SET budget_left = 100")
    await stage.reply(one, agent, "一")
    platform = Platform(script=[TryAgain("45009", after=timedelta(hours=3), all_wait=True)])
    sender = sender_of(stage, platform)
    assert await send(sender) == 1

    await stage.reply(waiting.message.contact_id, agent, "二")
    assert await send(sender) == 0
    assert (await states(stage)).count("queued") == 2


async def test_a_channel_without_a_door_fails_its_messages(stage: Stage) -> None:
    await stage.say("话费", FOLLOWER)
    await stage.pool.execute("UPDATE outbox SET state = 'queued', due = created")
    sender = Sender(pool=stage.pool, writer=stage.writer, doors={})
    assert await send(sender) == 1
    assert await stage.pool.fetchval("SELECT error FROM outbox") == "no_door"


def test_a_gate_closes_after_failures_and_lets_one_probe_through() -> None:
    gate = Gate(slots=4)
    for _ in range(PATIENCE):
        assert gate.free(100.0) == 4
        gate.failed(100.0)
    assert gate.free(100.0 + FIRST_PAUSE - 0.1) == 0
    assert gate.free(100.0 + FIRST_PAUSE) == 1
    gate.failed(200.0)
    assert gate.free(200.0 + FIRST_PAUSE) == 0
    assert gate.free(200.0 + 2 * FIRST_PAUSE) == 1
    gate.passed()
    assert gate.free(200.0) == 4


def test_pauses_grow_to_a_minute_at_most() -> None:
    assert [pause(attempt, 0.0) for attempt in (1, 2, 3)] == [2.0, 4.0, 8.0]
    assert pause(90, 1.0) == 60.0
