"""An hour in which WeChat fails, in virtual time: nothing is lost or said twice, and nobody else notices."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from aiohttp import ClientSession
from pytest_aiohttp import AiohttpServer
from redis.asyncio import Redis

from bot.doors.tokens import RedisShelf
from bot.outbox.sender import Limits, Sender
from channels.accounts import Mode, WechatAccount
from channels.door import Address
from channels.tokens import LEAST_PAUSE, Tokens
from channels.wechat.door import WeChatDoor
from tests.bot.platform import Platform
from tests.bot.stage import Stage, open_stage
from tests.outages import Failure, Outage
from tests.wechat_api import SEND, WechatApi

STEP = timedelta(seconds=20)
HOUR = timedelta(hours=1)
DRAINED = timedelta(seconds=60)
"""From the end of an outage to the last message."""
CUSTOMERS = [Address("wechat", "main", f"o{number:02}") for number in range(12)]


@dataclass
class Virtual:
    """Time that passes only when told to: for us, for the platform, and for the rows of the outbox."""

    stage: Stage
    now: datetime = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)
    """An hour before midnight in Beijing, when WeChat's day quotas begin anew."""

    def seconds(self) -> float:
        """The same as seconds."""
        return self.now.timestamp()

    async def rest(self, span: timedelta) -> None:
        """Let time pass."""
        self.now += span
        await self.stage.pool.execute("UPDATE outbox SET due = due - $1::interval, lease = lease - $1::interval", span)


@dataclass
class Scene:
    """Two workers between our customers and two platforms."""

    stage: Stage
    time: Virtual
    api: WechatApi
    senders: list[Sender]
    elsewhere: Platform
    agent: int = 0
    contacts: list[int] = field(default_factory=list)
    said: dict[str, list[str]] = field(default_factory=dict)

    async def open(self) -> None:
        """Twelve customers are served by one agent; what the bot told them has gone out."""
        self.agent = await self.stage.hire(capacity=len(CUSTOMERS))
        for who in CUSTOMERS:
            receipt = await self.stage.say("人工", who)
            assert receipt.message is not None
            self.contacts.append(receipt.message.contact_id)
            self.said[who.contact] = []
        assert await self.stage.assigner.round() == len(CUSTOMERS)
        await self.stage.pool.execute("UPDATE outbox SET state = 'sent'")
        await self.stage.pool.execute("UPDATE contacts SET budget_left = 1000")

    async def write(self, number: int) -> None:
        """The agent writes to one of them; elsewhere a customer asks and is answered within the same step."""
        place = number % len(CUSTOMERS)
        await self.stage.reply(self.contacts[place], self.agent, f"第{number}句")
        self.said[CUSTOMERS[place].contact].append(f"第{number}句")
        before = len(self.elsewhere.arrived)
        await self.stage.say("话费", Address("telegram", "main", str(number)))
        await self.deliver()
        assert len(self.elsewhere.arrived) == before + 1

    async def deliver(self) -> None:
        """Let all workers do what can be done now."""
        for sender in self.senders:
            await sender.sweep()
            while await sender.round():
                await sender.settled()

    async def hour(self) -> None:
        """An hour in which something is to be said each minute."""
        end = self.time.now + HOUR
        minute = 0
        while self.time.now < end:
            await self.write(minute) if self.time.now.second == 0 else await self.deliver()
            minute += self.time.now.second == 0
            await self.time.rest(STEP)

    async def drained(self) -> timedelta:
        """How long it takes until nothing waits any more."""
        began = self.time.now
        while self.time.now - began <= DRAINED:
            await self.deliver()
            if not await self.stage.pool.fetchval("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')"):
                break
            await self.time.rest(STEP)
        return self.time.now - began

    async def states(self) -> dict[str, int]:
        """Rows of agents' words by state."""
        rows = await self.stage.pool.fetch("SELECT state, count(*) FROM outbox WHERE kind = 'agent' GROUP BY state")
        return {row["state"]: row["count"] for row in rows}

    def heard(self, contact: str) -> list[str]:
        """What has arrived for one of them."""
        return [body["text"]["content"] for body in self.api.sent if body["touser"] == contact]


@pytest.fixture
async def scene(database_url: str, redis_url: str, redis: Redis, aiohttp_server: AiohttpServer) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(open_stage(database_url, redis_url))
        time = Virtual(stage)
        api = WechatApi(clock=lambda: time.now)
        api.quotas.default_factory = lambda: 1000
        base = str((await aiohttp_server(api.application())).make_url("")).rstrip("/")
        account = WechatAccount("main", api.app_id, "t", mode=Mode.PLAIN, app_secret=api.secret, api_base=base)
        elsewhere, senders = Platform("telegram"), []
        for _ in range(2):
            session = await stack.enter_async_context(ClientSession())
            door = WeChatDoor(
                accounts={"main": account},
                receive=stage.writer.take,
                fulfil=stage.writer.fulfil,
                miss=stage.writer.missed,
                session=session,
                tokens=Tokens(RedisShelf(redis), lambda: time.now),
                clock=lambda: time.now,
            )
            senders.append(
                Sender(
                    pool=stage.pool,
                    writer=stage.writer,
                    doors={"wechat": door, "telegram": elsewhere},
                    limits=Limits(after_restart=0.0),
                    chance=lambda: 0.5,
                    clock=time.seconds,
                )
            )
        opened = Scene(stage, time, api, senders, elsewhere)
        await opened.open()
        yield opened


def spare(api: WechatApi) -> None:
    """No token is fetched within half a minute of another, whoever wants one."""
    gaps = [later - earlier for earlier, later in pairwise(api.token_times)]
    assert min(gaps, default=LEAST_PAUSE) >= LEAST_PAUSE


REFUSALS: dict[str, tuple[str, Failure]] = {
    "everything 503": ("", 503),
    "-1": (SEND, -1),
    "40001 for ever": (SEND, 40001),
    "45009, the day's quota": (SEND, 45009),
}


@pytest.mark.parametrize(("path", "failure"), REFUSALS.values(), ids=REFUSALS)
async def test_an_hour_of_refusals_loses_nothing_and_is_made_up_for_within_a_minute(
    scene: Scene, path: str, failure: Failure
) -> None:
    scene.api.outages.always = {path: failure} if path else {}
    scene.api.outages.everything = None if path else failure
    await scene.hour()
    assert scene.api.sent == []
    scene.api.outages.always, scene.api.outages.everything = {}, None
    assert await scene.drained() <= DRAINED
    assert await scene.states() == {"sent": 60}
    assert {contact: scene.heard(contact) for contact in scene.said} == scene.said
    spare(scene.api)


@pytest.mark.parametrize("failure", [500, Outage.DROPPED, Outage.SWALLOWED])
async def test_in_an_hour_of_answers_that_leave_doubt_each_message_arrives_once_or_a_person_is_asked(
    scene: Scene, failure: Failure
) -> None:
    scene.api.outages.always = {SEND: failure}
    await scene.hour()
    scene.api.outages.always = {}
    assert await scene.drained() <= DRAINED
    states = await scene.states()
    assert states.keys() <= {"sent", "in_doubt"}
    assert sum(states.values()) == 60
    assert await scene.stage.pool.fetchval("SELECT count(*) FROM alerts WHERE kind = 'in_doubt'") == states["in_doubt"]
    for contact, said in scene.said.items():
        heard = scene.heard(contact)
        assert len(set(heard)) == len(heard)
        assert set(heard) <= set(said)
    spare(scene.api)


async def test_what_may_be_tried_again_every_half_minute_is_not_given_up_within_the_hour(scene: Scene) -> None:
    scene.api.outages.always = {SEND: 40001}
    await scene.stage.reply(scene.contacts[0], scene.agent, "您好")
    end = scene.time.now + HOUR
    while scene.time.now < end:
        await scene.deliver()
        await scene.time.rest(LEAST_PAUSE + timedelta(seconds=1))
    scene.api.outages.always = {}
    await scene.drained()
    assert scene.api.texts() == ["您好"]
