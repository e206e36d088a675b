"""Subscribers are told of what happens, signed, by the timetable, and at no address that is not for them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from msgspec.structs import replace

from bot.snapshot import SUBSCRIPTIONS
from bot.subscriptions.body import LARGEST, READ, body_of
from bot.subscriptions.deliverer import AFTER, Deliverer
from bot.subscriptions.events import Type
from bot.subscriptions.subscriptions import SQL, Draft, Misfit, Subscriptions, Unfit, fits
from bot.tasks import end
from channels.door import Address
from channels.webhooks import key_of, require
from router.events import Assigned, CallPickedUp, Outcome, TicketActed, TicketOpened, Visited
from router.tickets import acts
from tests import documents
from tests.api.program import OPERATOR
from tests.bot.stage import Stage, open_stage
from tests.bot.test_calls import SECOND, call, ring
from tests.bot.test_surveys import asked
from tests.bot.test_tickets import FAULT

ALL = frozenset(Type)
CONVERSATIONS = tuple(type_ for type_ in Type if type_.startswith("conversation."))
KEY = "the secret of these tests"


@dataclass
class Receiver:
    """A stand-in for the operator's system: it checks what comes, and answers by its script."""

    url: str = ""
    secrets: list[str] = field(default_factory=list)
    script: list[int] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        number, at = request.headers["webhook-id"], int(request.headers["webhook-timestamp"])
        body = await request.read()
        for secret in self.secrets:
            given = request.headers["webhook-signature"].split(" ")
            require(given, key_of(secret), message_id=number, timestamp=at, body=body)
        self.numbers.append(number)
        self.reached.set()
        status = self.script.pop(0) if self.script else 204
        if status == 204:
            self.told.append(json.loads(body))
            assert len(body) <= LARGEST
            documents.shape(self.told[-1], "Happening")
        return web.Response(status=status, headers={"Location": self.url + "/elsewhere"})

    def heard(self) -> list[str]:
        return sorted(one["type"] for one in self.told)


@dataclass
class Scene:
    """A stage, a receiver who subscribed, and a deliverer that is driven by hand."""

    stage: Stage
    receiver: Receiver
    kept: Subscriptions
    deliverer: Deliverer

    async def subscribe(self, *events: Type) -> int:
        made, secret = await self.kept.add(Draft("erp", self.receiver.url, frozenset(events or ALL)), OPERATOR)
        self.receiver.secrets = [secret]
        await self.know()
        return made

    async def know(self) -> None:
        """Look at who is told of what, as each process does."""
        self.stage.subscribed.clear()
        self.stage.subscribed |= {row["type"] for row in await self.stage.pool.fetch(SUBSCRIPTIONS["subscribed"])}

    async def pass_time(self, seconds: float) -> int:
        statement = "UPDATE hook_deliveries SET due = due - $1::float8 * interval '1 second'"
        await self.stage.pool.execute(statement, seconds)
        return await self.deliverer.round()


@pytest.fixture
async def scene(database_url: str, redis_url: str) -> AsyncIterator[Scene]:
    async with open_scene(database_url, redis_url) as opened:
        yield opened


@asynccontextmanager
async def open_scene(database_url: str, redis_url: str) -> AsyncIterator[Scene]:
    receiver, app = Receiver(), web.Application()
    app.router.add_post("/hook", receiver.take)
    server = TestServer(app)
    async with open_stage(database_url, redis_url) as stage, server:
        receiver.url = str(server.make_url("/hook"))
        kept = Subscriptions(stage.pool, KEY, private=True)
        async with Deliverer(kept, chance=lambda: 0.0) as deliverer:
            yield Scene(stage, receiver, kept, deliverer)


async def test_a_subscriber_hears_of_a_conversation_a_ticket_and_a_score_and_of_nothing_that_was_said(
    scene: Scene,
) -> None:
    await scene.subscribe()
    stage = scene.stage
    survey = await asked(stage)
    await stage.say("5")
    agent = await stage.pool.fetchval("SELECT id FROM agents")
    contact = await stage.pool.fetchval("SELECT id FROM contacts")
    await stage.act(contact, TicketOpened(agent, "王芳", FAULT))
    await stage.act(contact, TicketActed(agent, "王芳", 1, 1, acts.Solved("换了光猫")))
    while await scene.deliverer.round():
        pass
    heard = scene.receiver.heard()
    for once in ("created", "queued", "assigned", "closed"):
        assert heard.count(f"conversation.{once}") == 1
    assert heard.count("ticket.created") == heard.count("ticket.solved") == heard.count("survey.scored") == 1
    lines = await stage.pool.fetchval("SELECT count(*) FROM messages WHERE sender <> 'note'")
    assert heard.count("message.created") == lines
    score = next(one["data"] for one in scene.receiver.told if one["type"] == "survey.scored")
    assert score == {"survey": survey, "contact": contact, "stars": 5, "score": 100}
    said = json.dumps(scene.receiver.told, ensure_ascii=False)
    for text in await stage.pool.fetch("SELECT text FROM messages WHERE length(text) > 3"):
        assert text["text"] not in said
    assert "宽带" not in said


async def test_a_call_is_told_like_every_conversation_once_in_whatever_order_it_is_reported(scene: Scene) -> None:
    await scene.subscribe(*CONVERSATIONS)
    agent = await scene.stage.hire()
    offered, picked_up, ended, scored, _ = call(at=datetime.now(UTC))
    await ring(scene.stage, offered, picked_up, CallPickedUp("c", ended.at - SECOND, "elsewhere"), ended, offered)
    late = [replace(event, call="late") for event in (scored, ended, picked_up, offered)]
    await ring(scene.stage, *late, *late)
    await scene.deliverer.round()
    calls = await scene.stage.pool.fetch("SELECT id FROM conversations ORDER BY id")
    told = [[one for one in scene.receiver.told if one["data"]["conversation"] == row["id"]] for row in calls]
    everything = sorted(CONVERSATIONS)
    passed_on = Type.CONVERSATION_ASSIGNED.value
    assert [sorted(one["type"] for one in each) for each in told] == [sorted([*everything, passed_on]), everything]
    first = {one["type"]: one["data"] for one in reversed(told[0])}
    assert first["conversation.created"]["status"] == "bot"
    assert first["conversation.assigned"]["assignee"] == agent
    over = next(one for one in told[0] if one["type"] == "conversation.closed")
    assert datetime.fromisoformat(over["timestamp"]) - ended.at < timedelta(milliseconds=1)
    assert (over["data"]["channel"], over["data"]["wrapup"]) == ("hotline", "call.served")


async def test_a_visit_is_told_like_every_conversation_and_a_call_of_which_nothing_more_is_heard_is_over(
    scene: Scene,
) -> None:
    await scene.subscribe(*CONVERSATIONS)
    agent = await scene.stage.hire()
    heard = {
        Outcome.SETTLED: ["assigned", "closed", "created", "queued"],
        Outcome.QUEUED: ["created", "queued"],
        Outcome.QUESTION: ["closed", "created"],
    }
    for outcome, types in heard.items():
        event = Visited(agent, "王芳", "人民路营业厅", "补办手机卡", "billing.balance", outcome)
        await scene.stage.say("", Address("outlet", "rmlu", outcome), event=event)
        await scene.deliverer.round()
        assert scene.receiver.heard() == [f"conversation.{one}" for one in types]
        assert {one["data"]["channel"] for one in scene.receiver.told} == {"outlet"}
        scene.receiver.told.clear()
    await ring(scene.stage, call(at=datetime.now(UTC))[0])
    await scene.stage.shift(4 * 60 + 1)
    await scene.stage.clock.claim()
    await scene.deliverer.round()
    over = {one["type"]: one["data"] for one in scene.receiver.told}["conversation.closed"]
    assert (over["channel"], over["status"], over["wrapup"]) == ("hotline", "closed", "call.missed")


async def test_a_deadline_that_nears_and_one_that_passes_are_told(scene: Scene) -> None:
    await scene.subscribe(Type.DEADLINE_WARNED, Type.DEADLINE_BREACHED)
    agent = await scene.stage.hire()
    await scene.stage.say("人工")
    contact = await scene.stage.pool.fetchval("SELECT id FROM contacts")
    await scene.stage.act(contact, Assigned(agent, "王芳", None, await scene.stage.version(contact)))
    for minutes in (21, 10):
        await scene.stage.shift(minutes)
        await scene.stage.clock.sweep()
    await scene.deliverer.round()
    told = {one["type"]: one["data"]["clause"] for one in scene.receiver.told}
    assert told == {"deadline.warned": "enquiry.first_response", "deadline.breached": "enquiry.first_response"}


async def test_where_nobody_subscribed_nothing_is_written_and_a_turn_takes_no_statement_more(scene: Scene) -> None:
    await scene.stage.say("你好")
    taken: list[list[str]] = []
    for subscribed in (frozenset[str](), frozenset({Type.CONVERSATION_CREATED.value})):
        async with recorded(scene.stage, subscribed) as statements:
            await scene.stage.say("怎么查话费")
        taken.append([one for one in statements if "happenings" in one])
    assert taken == [[], []]  # What somebody subscribed to has not happened.
    async with recorded(scene.stage, frozenset({Type.MESSAGE_CREATED.value})) as statements:
        receipt = await scene.stage.say("怎么查话费")
    assert len([one for one in statements if "happenings" in one]) == 1
    assert await scene.stage.pool.fetchval("SELECT count(*) FROM happenings") == 1 + len(receipt.replies)


@asynccontextmanager
async def recorded(stage: Stage, subscribed: frozenset[str]) -> AsyncIterator[list[str]]:
    """The statements of whoever writes meanwhile."""
    statements: list[str] = []
    before = set(stage.subscribed)
    stage.subscribed.clear()
    stage.subscribed |= subscribed
    connections = [holder._con for holder in stage.pool._holders if holder._con is not None]  # type: ignore[attr-defined]

    def note(record: Any) -> None:
        statements.append(record.query)

    for connection in connections:
        connection.add_query_logger(note)
    try:
        yield statements
    finally:
        for connection in connections:
            connection.remove_query_logger(note)
        stage.subscribed.clear()
        stage.subscribed |= before


async def test_what_is_not_taken_is_tried_by_the_timetable_and_then_given_up_until_somebody_replays_it(
    scene: Scene,
) -> None:
    number = await scene.subscribe(Type.CONVERSATION_CREATED)
    scene.receiver.script = [500, 302, 404, *[503] * 7]
    await scene.stage.say("你好")
    assert await scene.deliverer.round() == 1
    for after in AFTER:
        assert await scene.pass_time(after - 2) == 0
        scene.deliverer._gates.clear()  # Pauses of the gate are another story.
        assert await scene.pass_time(2) == 1
    assert await scene.pass_time(10**6) == 0
    assert scene.receiver.told == []
    assert len(set(scene.receiver.numbers)) == 1
    assert len(scene.receiver.numbers) == len(AFTER) + 1
    (row,) = await scene.kept.log(number, 0, 10)
    assert [outcome for _, outcome, _ in row["tries"]] == ["500", "302", "404", *["503"] * 7]
    assert (row["due"], row["taken"]) == (None, None)

    scene.deliverer._gates.clear()
    assert await scene.kept.replay(number, None, OPERATOR) == 1
    assert await scene.deliverer.round() == 1
    assert scene.receiver.heard() == ["conversation.created"]
    assert await scene.kept.replay(number, row["id"], OPERATOR) == 1
    assert await scene.deliverer.round() == 1
    assert len(set(scene.receiver.numbers)) == 1
    assert await scene.kept.replay(number + 1, row["id"], OPERATOR) == 0


async def test_a_receiver_that_is_gone_is_told_nothing_more(scene: Scene) -> None:
    number = await scene.subscribe(Type.CONVERSATION_CREATED)
    scene.receiver.script = [410]
    await scene.stage.say("你好", Address("web", "demo", "v:1"))
    await scene.deliverer.round()
    await scene.stage.say("你好", Address("web", "demo", "v:2"))
    assert await scene.pass_time(10**6) == 0
    (one,) = await scene.kept.all()
    assert (one["reason"], one["waiting"]) == ("gone", 0)
    await scene.know()
    assert scene.stage.subscribed == set()
    assert await scene.kept.enable(number, OPERATOR)
    await scene.know()
    await scene.stage.say("你好", Address("web", "demo", "v:3"))
    await scene.deliverer.round()
    assert scene.receiver.heard() == ["conversation.created"]


async def test_what_is_told_in_the_moment_of_the_switch_is_let_go_by_the_deliverer(scene: Scene) -> None:
    number = await scene.subscribe(Type.CONVERSATION_CREATED)
    async with scene.stage.pool.acquire() as connection, connection.transaction():
        told = [Type.CONVERSATION_CREATED], [datetime.now(UTC)], ["{}"]
        await connection.execute(SUBSCRIPTIONS["tell"], *told)
        assert await scene.kept.disable(number, OPERATOR)
    (one,) = await scene.kept.all()
    assert one["waiting"] == 1, "the switch could not see it yet"
    await scene.deliverer.round()
    (one,) = await scene.kept.all()
    assert one["waiting"] == 0
    assert scene.receiver.numbers == []


async def test_a_worker_tells_by_itself_and_forgets_what_is_a_month_old(scene: Scene) -> None:
    await scene.subscribe(Type.CONVERSATION_CREATED)
    await scene.stage.say("你好", Address("web", "demo", "v:1"))
    await scene.deliverer.round()
    await scene.stage.pool.execute("UPDATE happenings SET at = at - interval '31 days'")
    scene.receiver.reached.clear()
    worker = asyncio.create_task(Deliverer(scene.kept).run())
    await scene.stage.say("你好", Address("web", "demo", "v:2"))
    async with asyncio.timeout(20):
        await scene.receiver.reached.wait()
    await end(worker)
    assert len(set(scene.receiver.numbers)) == 2
    assert await scene.stage.pool.fetchval("SELECT count(*) FROM happenings") == 1


async def test_both_secrets_sign_while_the_receiver_changes_over(scene: Scene) -> None:
    number = await scene.subscribe(Type.CONVERSATION_CREATED)
    made = await scene.kept.rotate(number, OPERATOR)
    assert made is not None
    (before,) = scene.receiver.secrets
    scene.receiver.secrets = [before, made[0]]
    await scene.stage.say("你好", Address("web", "demo", "v:1"))
    await scene.deliverer.round()
    assert scene.receiver.heard() == ["conversation.created"]
    await scene.stage.pool.execute("UPDATE subscriptions SET former_until = former_until - interval '24 hours'")
    await scene.stage.say("你好", Address("web", "demo", "v:2"))
    await scene.deliverer.round()
    assert len(scene.receiver.told) == 1  # The stand-in takes nothing that one of its secrets has not signed.
    scene.receiver.secrets = [made[0]]
    await scene.pass_time(AFTER[0])
    assert len(scene.receiver.told) == 2
    kept = await scene.stage.pool.fetchrow("SELECT secret, former FROM subscriptions")
    assert made[0] not in str(kept)


async def test_no_webhook_reaches_an_address_of_the_house_unless_the_settings_allow_it(scene: Scene) -> None:
    await scene.subscribe(Type.CONVERSATION_CREATED)
    await scene.stage.say("你好")
    async with Deliverer(Subscriptions(scene.stage.pool, KEY, private=False)) as strict:
        assert await strict.round() == 1
    assert scene.receiver.numbers == []
    assert await scene.stage.pool.fetchval("SELECT outcome FROM hook_tries") == "address_forbidden"
    strict_kept = Subscriptions(scene.stage.pool, KEY, private=False)
    with pytest.raises(Unfit) as unfit:
        await strict_kept.add(Draft("erp", scene.receiver.url, ALL), OPERATOR)
    assert unfit.value.why is Misfit.URL


@pytest.mark.parametrize(
    "url",
    [
        "https://10.0.0.1/hook",
        "https://127.0.0.1/hook",
        "https://[::1]/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.1]/hook",
        "http://example.com/hook",
        "https://user:password@example.com/hook",
        "https://example.com/hook#part",
        "https://example.com:99999/hook",
        "ftp://example.com/",
        "https:///hook",
        "https://exa mple.com/",
        "",
    ],
)
def test_an_address_that_leads_inside_or_makes_no_sense_is_no_receiver(url: str) -> None:
    assert not fits(url, private=False)


def test_the_metadata_address_of_a_cloud_is_refused_whatever_the_settings_say() -> None:
    assert not fits("http://169.254.169.254/latest/meta-data", private=True)
    assert fits("http://10.0.0.1/hook", private=True)
    assert fits("https://example.com:8443/hook?a=b", private=False)


def test_the_timetable_is_that_of_the_specification() -> None:
    hours = 3600.0
    specified = (5.0, 300.0, 1800.0, 2 * hours, 5 * hours, 10 * hours, 14 * hours, 20 * hours, 24 * hours)
    assert specified == AFTER


def test_what_is_told_has_a_type_a_moment_and_data() -> None:
    row = {"type": "ticket.created", "at": datetime(2026, 11, 26, 8, 30, tzinfo=UTC), "told": {"ticket": 7}}
    told = json.loads(body_of(row))
    assert told == {"type": "ticket.created", "timestamp": "2026-11-26T08:30:00.000Z", "data": {"ticket": 7}}


def test_what_is_too_large_is_told_by_its_numbers_and_where_the_rest_is_read() -> None:
    ids = {"ticket": 7, "contact": 12, "grade": None}
    fits, whole = (
        {"type": "ticket.changed", "at": datetime(2026, 11, 26, tzinfo=UTC), "told": {**ids, "what": ["步" * length]}}
        for length in (6_000, 7_000)
    )
    assert json.loads(body_of(fits))["data"] == fits["told"]
    sent = json.loads(body_of(whole))
    documents.shape(sent, "Happening")
    assert sent["data"] == {**ids, "read": "/api/v1/tickets/7"}


def test_everything_that_can_be_told_can_be_read_under_a_path_of_the_document() -> None:
    assert {type_.partition(".")[0] for type_ in Type} == set(READ)
    named = {"conversation": "{id}", "ticket": "{id}", "subject": "ticket", "subject_id": "{id}"}
    for path in READ.values():
        documents.operation("get", path.format_map(named).partition("?")[0])


async def test_a_subscriber_gets_a_large_happening_thin_rather_than_not_at_all(scene: Scene) -> None:
    await scene.subscribe(Type.TICKET_CHANGED)
    told = {"ticket": 7, "contact": 12, "what": ["noted"] * 4_000}
    await scene.stage.pool.execute(SQL["tell"], [Type.TICKET_CHANGED], [datetime.now(UTC)], [json.dumps(told)])
    await scene.deliverer.round()
    assert [one["data"] for one in scene.receiver.told] == [{"ticket": 7, "contact": 12, "read": "/api/v1/tickets/7"}]
