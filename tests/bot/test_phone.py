"""A phone on a bad network: all it writes is stored once and in order, and all that is said to it arrives once."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random

import jwt
import pytest
from aiohttp import ClientSession, web

from bot.db import Row
from bot.reach.reaches import Reaches
from bot.threads import Threads
from bot.web_sessions import WebSessions
from channels.accounts import AppAccount
from channels.door import Address
from channels.web.door import WebDoor
from tests.bad_network import Fate, Network, bad_network
from tests.bot.stage import Stage, open_stage
from tests.channels.drawer import Drawer
from tests.phone import Phone

ACCOUNT = AppAccount("demo", jwt_secret="the secret of the operator of these tests", audience="app")
ALICE = Address("app", "demo", "u:alice")
LETTERS = 14
"""Fewer than what makes a contact flood."""
ANSWERS = 12
SOON = 90.0


def proof() -> str:
    claims = {"sub": "alice", "aud": "app", "exp": int(time.time()) + 300}
    return jwt.encode(claims, ACCOUNT.jwt_secret, algorithm="HS256")


async def at_once(_seconds: float) -> None:
    """A pause that passes at once."""
    await asyncio.sleep(0)


@dataclass
class Office:
    """A served app door in front of a real writer, and an agent who answers."""

    stage: Stage
    port: int
    reaches: Reaches

    async def thread(self) -> list[Row]:
        """All that stands in the phone's thread, as it may be seen there."""
        return await self.stage.pool.fetch(
            "SELECT m.seq, m.sender, m.text FROM messages m JOIN contacts c ON c.id = m.contact_id"
            " WHERE c.channel = 'app' AND c.address = 'u:alice' AND m.sender <> 'note' ORDER BY m.seq"
        )

    async def contact(self) -> int | None:
        found: int | None = await self.stage.pool.fetchval("SELECT id FROM contacts WHERE address = 'u:alice'")
        return found

    async def serve(self, answers: int) -> None:
        """Wait until the customer asks for a person, then answer so many times."""
        agent = await self.stage.hire()
        while not await self.stage.pool.fetchval(  # noqa: ASYNC110 - the phone asks when its network lets it
            "SELECT count(*) FROM conversations WHERE status = 'queued'"
        ):
            await asyncio.sleep(0.02)
        await self.stage.assigner.round()
        contact = await self.contact()
        assert contact is not None
        for number in range(answers):
            await self.stage.reply(contact, agent, f"第 {number} 句回答")
            await asyncio.sleep(0.01)


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


@pytest.fixture
async def office(stage: Stage) -> AsyncIterator[Office]:
    threads = Threads(stage.pool, stage.bus)
    reaches = Reaches(stage.pool, stage.bus, threads.ids)
    door = WebDoor(
        "app",
        accounts={"demo": ACCOUNT},
        receive=stage.writer.take,
        sessions=WebSessions(stage.pool, stage.bus),
        threads=threads,
        files=Drawer(),
        reaches=reaches,
    )
    app = web.Application()
    app.router.add_routes(door.routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield Office(stage, runner.addresses[0][1], reaches)
    await door.close()
    await runner.cleanup()


@asynccontextmanager
async def switched_on(phone: Phone) -> AsyncIterator[Phone]:
    """A phone that runs for the length of the block."""
    running = asyncio.create_task(phone.run())
    try:
        async with asyncio.timeout(SOON):
            yield phone
    finally:
        running.cancel()
        outcome = (await asyncio.gather(running, return_exceptions=True))[0]
    assert isinstance(outcome, asyncio.CancelledError), outcome


def phone_on(network: Network, seed: int) -> Phone:
    return Phone(f"http://127.0.0.1:{network.port}/channels/app/demo", proof, Random(seed), at_once, doubt=0.2)


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_the_network_does_all_arrives_once_and_in_order(office: Office, seed: int) -> None:
    async with bad_network(office.port, seed) as network, switched_on(phone_on(network, seed)) as phone:
        phone.write("人工")
        for number in range(LETTERS):
            phone.write(f"第 {number} 句话")
        serving = asyncio.create_task(office.serve(ANSWERS))
        await phone.happened(lambda: len(phone.sent) > LETTERS // 2)
        network.heal()
        await phone.happened(lambda: not phone.queue)
        await serving
        stored = await office.thread()
        await phone.happened(lambda: phone.seq == stored[-1]["seq"])

        assert [row["text"] for row in stored if row["sender"] == "contact"] == [
            "人工",
            *(f"第 {number} 句话" for number in range(LETTERS)),
        ]
        assert [(one["seq"], one["sender"], one["text"]) for one in phone.thread] == [
            (row["seq"], row["sender"], row["text"]) for row in stored
        ]
        assert all(answer == letter.answers[0] for letter in phone.sent for answer in letter.answers)
        assert sum(network.met.values()) > network.met.get(Fate.CLEAN, 0)

        spoken = [row["seq"] for row in stored if row["sender"] != "contact"]
        assert await phone.unread() == len(spoken)
        await phone.look()
        while (await office.reaches.of(ALICE)).read < phone.seq:  # noqa: ASYNC110 - stored a moment later
            await asyncio.sleep(0.02)
        assert await phone.unread() == 0
        assert (await office.reaches.of(ALICE)).delivered == phone.seq


async def test_a_phone_that_comes_back_gets_what_was_said_meanwhile(office: Office) -> None:
    async with bad_network(office.port, 1) as network:
        network.heal()
        phone = phone_on(network, 1)
        async with switched_on(phone):
            phone.write("人工")
            await phone.happened(lambda: bool(phone.thread) and not phone.queue)
        await office.serve(3)
        async with switched_on(phone):
            last = (await office.thread())[-1]["seq"]
            await phone.happened(lambda: phone.seq == last)
        assert [one["text"] for one in phone.thread if one["sender"] == "agent"] == [f"第 {n} 句回答" for n in range(3)]
        assert phone.dropped == 0


async def test_a_half_open_socket_is_noticed_by_the_phone_and_left(office: Office) -> None:
    async with bad_network(office.port, 2) as network:
        network.heal()
        async with switched_on(phone_on(network, 2)) as phone:
            phone.write("人工")
            await phone.happened(lambda: bool(phone.thread) and not phone.queue)
            for line in network.lines:
                line.fate, line.left = Fate.SWALLOWED, 0
            await office.serve(1)
            last = (await office.thread())[-1]["seq"]
            await phone.happened(lambda: phone.seq == last)


async def test_an_id_that_comes_again_is_a_resend_whatever_it_says(office: Office) -> None:
    base = f"http://127.0.0.1:{office.port}/channels/app/demo"
    async with ClientSession() as session:
        async with session.post(f"{base}/sessions", json={"jwt": proof()}) as response:
            session.headers["Authorization"] = f"Bearer {(await response.json())['token']}"
        answers = []
        for text in ("话费", "话费", "流量"):
            async with session.post(f"{base}/messages", json={"client_msg_id": "same", "text": text}) as response:
                answers.append((response.status, await response.json()))
    first = answers[0][1]
    assert answers == [(201, first), (200, first), (200, first)]
    assert [row["text"] for row in await office.thread() if row["sender"] == "contact"] == ["话费"]


class Enough(Exception):
    """A phone has waited often enough."""


async def test_pauses_grow_and_no_two_phones_wait_alike() -> None:
    pauses: list[list[float]] = []
    for seed in (1, 2):
        waited: list[float] = []

        async def wait(seconds: float, waited: list[float] = waited) -> None:
            waited.append(seconds)
            if len(waited) == 9:
                raise Enough

        phone = Phone("http://127.0.0.1:1/channels/app/demo", None, Random(seed), wait)
        with pytest.raises(ExceptionGroup):
            await phone.run()
        pauses.append(waited)
    one, other = pauses
    assert all(0.5 * 2**place * 0.5 <= wait <= 0.5 * 2**place for place, wait in enumerate(one[:6]))
    assert max(one) <= 30
    assert one != other
