"""Phones are woken for what people write to them, once for a burst, and never for what they hold in their hands."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.doctor import examine
from bot.push.decide import LONGEST_PAUSE, Rest, Wait, Waiting, Wake, decide, pause
from bot.push.pusher import LEASE, Pusher
from bot.reach.reaches import Reaches
from bot.threads import Threads
from bot.webhooks import may_reach
from channels.accounts import AppAccount
from channels.door import Address
from channels.webhooks import key_of, require
from tests import documents
from tests.bot.stage import Stage, open_stage
from tests.bot.test_surveys import asked

PHONE = Address("app", "demo", "u:8613800000000")
SECRET = "whsec_c2VjcmV0IG9mIHRoaXMgdGVzdA=="


def account_of(url: str, *, private: bool = True) -> AppAccount:
    return AppAccount("demo", push_url=url, push_secret=SECRET, push_private=private)


@dataclass
class Operator:
    """The operator's own system: it takes what is posted, or answers by its script."""

    script: list[int] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        signature, number, at = (request.headers[f"webhook-{name}"] for name in ("signature", "id", "timestamp"))
        body = await request.read()
        require([signature], key_of(SECRET), message_id=number, timestamp=int(at), body=body)
        self.numbers.append(number)
        status = self.script.pop(0) if self.script else 204
        if status == 204:
            self.told.append(json.loads(body))
            documents.shape(self.told[-1], "MessageWaiting")
        return web.Response(status=status, headers={"Location": "/elsewhere", "Retry-After": "90"})


@dataclass
class Scene:
    """A stage with a phone on it, the operator's system, and a pusher that is driven by hand."""

    stage: Stage
    operator: Operator
    pusher: Pusher
    reaches: Reaches

    async def pass_time(self, seconds: float) -> None:
        """Let time pass for all that waits to be told, then look once."""
        await self.stage.pool.execute(
            "UPDATE pushes SET due = due - $1::float8 * interval '1 second', since = since - $1::float8 * interval"
            " '1 second'",
            seconds,
        )
        await self.pusher.round()

    async def read(self, seq: int) -> None:
        """The phone shows all up to here."""
        await self.reaches.note(PHONE, delivered=seq, read=seq)

    async def chat(self) -> tuple[int, int]:
        """A phone in a chat with an agent, who has not answered yet, with all read so far; contact and agent."""
        agent = await self.stage.hire()
        receipt = await self.stage.say("人工", PHONE)
        assert receipt.message is not None
        await self.stage.assigner.round()
        contact = receipt.message.contact_id
        await self.read(await self.seq())
        await self.pass_time(10)
        return contact, agent

    async def seq(self) -> int:
        found: int = await self.stage.pool.fetchval("SELECT seq FROM contacts WHERE channel = 'app'")
        return found

    @property
    def kinds(self) -> list[str]:
        return [one["data"]["kind"] for one in self.operator.told]


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


@pytest.fixture
async def operator() -> Operator:
    return Operator()


@pytest.fixture
async def url(operator: Operator) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/push", operator.take)
    async with TestServer(app) as server:
        yield str(server.make_url("/push"))


@pytest.fixture
async def scene(stage: Stage, operator: Operator, url: str) -> AsyncIterator[Scene]:
    async with open_scene(
        stage, operator, AppAccount("demo", push_url=url, push_secret=SECRET, push_private=True)
    ) as one:
        yield one


@asynccontextmanager
async def open_scene(stage: Stage, operator: Operator, account: AppAccount) -> AsyncIterator[Scene]:
    async with Pusher(stage.pool, {"demo": account}, chance=lambda: 0.0) as pusher:
        yield Scene(stage, operator, pusher, Reaches(stage.pool, stage.bus, Threads(stage.pool, stage.bus).ids))


async def test_an_agents_answer_wakes_the_phone_and_tells_no_word_of_it(scene: Scene) -> None:
    contact, agent = await scene.chat()
    await scene.stage.reply(contact, agent, "您的话费是 58 元")
    await scene.pass_time(0)
    assert scene.operator.told == []
    await scene.pass_time(5)
    (told,) = scene.operator.told
    conversation = await scene.stage.pool.fetchval("SELECT id FROM conversations")
    assert told["type"] == "message.waiting"
    assert datetime.fromisoformat(told["timestamp"]).tzinfo is not None
    assert told["data"] == {
        "account": "demo",
        "contact": "u:8613800000000",
        "subject": "8613800000000",
        "conversation": str(conversation),
        "seq": await scene.seq(),
        "unread": 1,
        "kind": "agent",
    }


async def test_an_operator_may_have_the_words_sent_along(stage: Stage, operator: Operator, url: str) -> None:
    async with open_scene(stage, operator, replace(account_of(url), push_text=True)) as scene:
        contact, agent = await scene.chat()
        await stage.reply(contact, agent, "您的话费是 58 元" * 20)
        await scene.pass_time(5)
    assert operator.told[0]["data"]["text"] == ("您的话费是 58 元" * 20)[:120]


async def test_what_the_bot_answers_at_once_wakes_nobody(scene: Scene) -> None:
    await scene.stage.say("话费", PHONE)
    await scene.pass_time(60)
    assert scene.operator.numbers == []
    assert await scene.stage.pool.fetchval("SELECT count(*) FROM pushes") == 0


async def test_another_channel_wakes_nobody(scene: Scene) -> None:
    agent = await scene.stage.hire()
    receipt = await scene.stage.say("人工")
    assert receipt.message is not None
    await scene.stage.assigner.round()
    await scene.stage.reply(receipt.message.contact_id, agent)
    assert await scene.stage.pool.fetchval("SELECT count(*) FROM pushes") == 0


async def test_a_thread_in_front_of_the_customer_wakes_nobody(scene: Scene) -> None:
    contact, agent = await scene.chat()
    await scene.stage.reply(contact, agent)
    await scene.read(await scene.seq())
    await scene.pass_time(5)
    await scene.stage.reply(contact, agent)
    await scene.stage.say("好的", PHONE)
    await scene.pass_time(5)
    assert scene.operator.numbers == []


async def test_a_burst_is_one_push_and_there_is_no_other_until_somebody_has_looked(scene: Scene) -> None:
    contact, agent = await scene.chat()
    for text in ("您好", "请稍等", "查到了"):
        await scene.stage.reply(contact, agent, text)
    await scene.pass_time(5)
    await scene.stage.reply(contact, agent, "还在吗")
    await scene.pass_time(5)
    await scene.pass_time(3_600)
    assert [one["data"]["unread"] for one in scene.operator.told] == [3]
    await scene.read(await scene.seq())
    await scene.stage.reply(contact, agent, "再见")
    await scene.pass_time(5)
    assert [one["data"]["unread"] for one in scene.operator.told] == [3, 1]


async def test_a_message_that_has_arrived_on_a_device_is_given_longer(scene: Scene) -> None:
    contact, agent = await scene.chat()
    await scene.stage.reply(contact, agent)
    await scene.reaches.note(PHONE, delivered=await scene.seq(), read=0)
    await scene.pass_time(5)
    assert scene.operator.told == []
    await scene.pass_time(24)
    assert scene.operator.told == []
    await scene.pass_time(5)
    assert scene.kinds == ["agent"]


async def test_a_limit_that_ran_out_is_told_to_the_phone_too(scene: Scene) -> None:
    await scene.chat()
    await scene.stage.shift(31)
    await scene.stage.clock.claim()
    await scene.pass_time(5)
    assert scene.kinds == ["notice"]


async def test_a_survey_wakes_the_phone(scene: Scene) -> None:
    await asked(scene.stage, PHONE)
    await scene.read(await scene.seq() - 1)
    await scene.pass_time(5)
    assert scene.kinds == ["survey"]


async def test_a_system_that_is_down_is_tried_again_with_the_same_number(scene: Scene) -> None:
    contact, agent = await scene.chat()
    await scene.stage.reply(contact, agent)
    scene.operator.script = [503, 302, 410]
    waits = []
    for _ in range(4):
        await scene.pass_time(3_600)
        waits.append(await scene.stage.pool.fetchval("SELECT round(extract(epoch FROM due - now())) FROM pushes"))
    assert len(scene.operator.numbers) == 4
    assert len(set(scene.operator.numbers)) == 1
    assert scene.kinds == ["agent"]
    assert waits == [90, 90, 90, None]


async def test_what_is_said_after_a_long_outage_is_told_all_the_same(scene: Scene) -> None:
    contact, agent = await scene.chat()
    await scene.stage.reply(contact, agent)
    scene.operator.script = [500] * 2
    for _ in range(2):
        await scene.pass_time(11 * 3_600)
    await scene.stage.reply(contact, agent, "还在吗")
    await scene.pass_time(4 * 3_600)
    assert [one["data"]["unread"] for one in scene.operator.told] == [2]


async def test_the_doctor_sees_a_system_that_takes_nothing(scene: Scene) -> None:
    contact, agent = await scene.chat()
    await scene.stage.reply(contact, agent)
    scene.operator.script = [500] * 9
    for _ in range(4):
        await scene.pass_time(400)
    found = {one.check: one for one in await examine(scene.stage.pool, scene.stage.wire)}
    assert found["operators' systems take what wakes phones"].exceptions == (str(contact),)


async def test_a_pusher_that_dies_in_a_call_leaves_the_message_due(scene: Scene) -> None:
    contact, agent = await scene.chat()
    await scene.stage.reply(contact, agent)
    await scene.stage.pool.execute("UPDATE pushes SET due = now()")
    async with scene.stage.pool.acquire() as connection:
        await connection.fetch("UPDATE pushes SET due = clock_timestamp() + $1::float8 * interval '1 s'", LEASE)
    await scene.pusher.round()
    assert scene.operator.told == []
    await scene.pass_time(LEASE)
    assert scene.kinds == ["agent"]


async def test_two_pushers_do_not_tell_the_same(scene: Scene, url: str) -> None:
    contact, agent = await scene.chat()
    await scene.stage.reply(contact, agent)
    await scene.stage.pool.execute("UPDATE pushes SET due = now()")
    async with open_scene(scene.stage, scene.operator, account_of(url)) as other:
        await scene.pusher.round()
        await other.pusher.round()
    assert len(scene.operator.numbers) == 1


async def test_an_address_of_the_own_network_is_refused_unless_it_is_meant(
    stage: Stage, operator: Operator, url: str
) -> None:
    for name in (url, url.replace("127.0.0.1", "localhost")):
        async with open_scene(stage, operator, account_of(name, private=False)) as scene:
            contact, agent = await scene.chat()
            await stage.reply(contact, agent)
            await scene.pass_time(5)
            assert operator.numbers == []
            assert await stage.pool.fetchval("SELECT error FROM pushes") == "address_forbidden"
        await stage.pool.execute("DELETE FROM pushes")
        await stage.close(contact, agent)
        await stage.pool.execute("DELETE FROM agents")


async def test_an_account_without_an_address_is_told_of_nothing(stage: Stage, operator: Operator) -> None:
    async with open_scene(stage, operator, AppAccount("demo")) as scene:
        contact, agent = await scene.chat()
        await stage.reply(contact, agent)
        await scene.pass_time(5)
    assert await stage.pool.fetchval("SELECT due FROM pushes") is None


@pytest.mark.parametrize(
    ("address", "public", "private"),
    [
        ("93.184.216.34", True, True),
        ("2606:2800:220:1:248:1893:25c8:1946", True, True),
        ("127.0.0.1", False, True),
        ("10.1.2.3", False, True),
        ("192.168.0.9", False, True),
        ("100.64.0.1", False, True),
        ("::1", False, True),
        ("fd00::1", False, True),
        ("::ffff:10.0.0.1", False, True),
        ("64:ff9b::7f00:1", False, True),
        ("2002:7f00:1::", False, True),
        ("169.254.169.254", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("64:ff9b::a9fe:a9fe", False, False),
        ("fe80::1%eth0", False, False),
        ("0.0.0.0", False, False),  # noqa: S104 - looked at, not listened on
        ("::", False, False),
        ("224.0.0.1", False, False),
        ("255.255.255.255", False, False),
    ],
)
def test_an_address_is_judged_by_what_it_stands_for(address: str, public: bool, private: bool) -> None:
    assert (may_reach(address, private=False), may_reach(address, private=True)) == (public, private)


NOW = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seq", "told", "seen", "delivered", "age", "due"),
    [
        (5, 0, 0, 0, 5, Wake()),
        (5, 0, 5, 5, 5, Rest()),
        (5, 0, 6, 5, 5, Rest()),
        (5, 4, 3, 3, 5, Rest()),
        (5, 4, 4, 4, 5, Wake()),
        (5, 0, 0, 5, 5, Wait(25)),
        (5, 0, 0, 5, 30, Wake()),
        (5, 0, 0, 4, 5, Wake()),
        (5, 0, 0, 0, 25 * 3_600, Rest()),
    ],
)
def test_a_phone_is_woken_for_what_nobody_has_seen(
    seq: int, told: int, seen: int, delivered: int, age: float, due: object
) -> None:
    one = Waiting(seq, told, seen, delivered, NOW - timedelta(seconds=age))
    assert decide(one, NOW) == due


def test_pauses_grow_to_an_hour_and_are_spread() -> None:
    assert [pause(tries, 0.0) for tries in (1, 2, 3)] == [5, 15, 45]
    assert pause(50, 0.0) == LONGEST_PAUSE
    assert pause(1, 1.0) == pytest.approx(5 * 4 / 3)
