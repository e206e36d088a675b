"""A stage for tests of the writer: a real database, a real Redis, one writer, and a customer who speaks."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from bot.aftermath import AfterCommit
from bot.bus import Bus
from bot.customers.proofs import Proofs
from bot.db import Pool, open_pool
from bot.deadlines.clock import Clock
from bot.deadlines.index import DeadlineIndex
from bot.deadlines.projection import Projection
from bot.doors.known import PUSHES
from bot.queues.assigner import Assigner
from bot.turns.hold import Hold
from bot.turns.memory import Memory
from bot.turns.standing import Standing
from bot.turns.understand import Understanding
from bot.turns.writer import Writer
from bot.wire import Wire
from channels.door import Address, Inbound, Receipt
from router.events import AgentAct, Closed, CustomerEvent, Found, Replied, Said
from router.world import Binding, World
from tests.dialog import FOUND, world

CUSTOMER = Address("web", "demo", "customer")
FOLLOWER = Address("wechat", "demo", "follower")
SILENT = 36
"""Minutes after which a chat with the bot has ended: half an hour, moved up to full five minutes."""
PROOFS = Proofs("the secret of this stage", Binding.DEMO)


@dataclass
class Surveys:
    """Notes which surveys the job is asked for."""

    requested: list[int] = field(default_factory=list)

    def request(self, ids: Sequence[int]) -> None:
        """Note them."""
        self.requested.extend(ids)


@dataclass
class Files:
    """Notes which files are to be fetched."""

    requested: list[str] = field(default_factory=list)

    def request(self, ids: Sequence[str]) -> None:
        """Note them."""
        self.requested.extend(ids)


class Honest(Memory):
    """A memory that holds what it recalls against the rows, at the end of each test."""

    def __init__(self) -> None:
        super().__init__()
        self.contacts: dict[int, int] = {}

    def keep(self, where: Standing, version: int) -> None:
        """Remember, and note whom."""
        super().keep(where, version)
        self.contacts[where.contact.id] = version

    async def hold_against(self, pool: Pool) -> None:
        """Compare all that would be recalled now with what a batch would read."""
        async with pool.acquire() as connection, connection.transaction():
            hold = Hold(connection, Memory())
            for contact_id in self.contacts:
                version = await connection.fetchval("SELECT xmin FROM contacts WHERE id = $1", contact_id)
                remembered = self.recall(contact_id, version)
                if remembered is not None:
                    assert remembered == (await hold.read([contact_id]))[contact_id]


@dataclass
class Stage:
    """Everything a test of the writer needs."""

    pool: Pool
    wire: Wire
    bus: Bus
    writer: Writer
    index: DeadlineIndex
    surveys: Surveys
    files: Files
    worlds: list[World]
    """The world as it now stands, last."""
    subscribed: set[str]
    """What somebody is told of by webhooks, as far as the writer knows."""
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def world(self) -> World:
        """The world as it now stands."""
        return self.worlds[-1]

    def see(self, world: World) -> None:
        """Have everybody look at another world from now on."""
        self.worlds.append(world)

    @property
    def clock(self) -> Clock:
        """A clock that is driven by hand."""
        return Clock(self.pool, self.wire, self.index, self.writer)

    @property
    def projection(self) -> Projection:
        """A projection that is driven by hand."""
        return Projection(self.pool, self.wire)

    @property
    def assigner(self) -> Assigner:
        """An assigner that is driven by hand."""
        return Assigner(self.pool, self.wire, self.bus, self.writer, lambda: self.world.routing)

    async def say(
        self,
        text: str,
        who: Address = CUSTOMER,
        *,
        source_id: str = "",
        choice: str = "",
        event: CustomerEvent | None = None,
        language: str = "",
    ) -> Receipt:
        """Have a customer say something."""
        said = event or Said(text, choice=choice)
        return await self.writer.take(Inbound(who, source_id or f"m{next(self._ids)}", said, language=language))

    async def act(self, contact_id: int, act: AgentAct, *, source_id: str = "") -> Receipt:
        """Have an agent do something."""
        return await self.writer.act(contact_id, source_id or f"a{next(self._ids)}", act)

    async def reply(self, contact_id: int, agent: int, text: str = "您好") -> Receipt:
        """Have an agent answer in the open conversation."""
        return await self.act(contact_id, Replied(agent, "王芳", text, await self.version(contact_id)))

    async def close(self, contact_id: int, agent: int) -> Receipt:
        """Have an agent end the open conversation."""
        return await self.act(contact_id, Closed(agent, "王芳", await self.version(contact_id), "billing"))

    async def version(self, contact_id: int) -> int:
        """The version of the open conversation."""
        found: int = await self.pool.fetchval(
            "SELECT version FROM conversations WHERE contact_id = $1 AND closed IS NULL", contact_id
        )
        return found

    async def hire(self, login: str = "wangfang", *, skills: Sequence[str] = (), capacity: int = 5) -> int:
        """Take in an agent who is online."""
        found: int = await self.pool.fetchval(
            "INSERT INTO agents (login, name, password_hash, role, skills, capacity, presence)"
            " VALUES ($1, $1, '', 'agent', $2, $3, 'online') RETURNING id",
            login,
            list(skills),
            capacity,
        )
        return found

    async def shift(self, minutes: float) -> None:
        """Let time pass for every running deadline."""
        await shift(self.pool, self.wire, self.projection, minutes)


async def shift(pool: Pool, wire: Wire, projection: Projection, minutes: float) -> None:
    """Let time pass for every running deadline and open chat: all their moments move into the past by so much."""
    marks = "opened", "spoke", "returned", "queued", "assigned", "waiting_since", "answered", "reminded", "told"
    moved = ", ".join(f"{mark} = {mark} - $1::float8 * interval '1 minute'" for mark in marks)
    await pool.execute(f"UPDATE conversations SET {moved} WHERE closed IS NULL", minutes)  # noqa: S608 - names of ours
    await pool.execute(
        "UPDATE deadlines SET opened = opened - $1::float8 * interval '1 minute', due = due - $1::float8 * interval"
        " '1 minute', next_at = next_at - $1::float8 * interval '1 minute',"
        " steps = ARRAY(SELECT s - $1::float8 * interval '1 minute' FROM unnest(steps) s)"
        " WHERE met IS NULL AND voided IS NULL",
        minutes,
    )
    await pool.execute("UPDATE contacts SET last_event = last_event")
    await wire.settled()
    await projection.project()


@asynccontextmanager
async def open_stage(database_url: str, redis_url: str, *, at: World | None = None) -> AsyncIterator[Stage]:
    """Open a stage on an empty database with one queue."""
    pool = await open_pool(database_url, size=6)
    worlds = [at or world()]
    await pool.execute(
        "INSERT INTO queues (id, name_zh, name_en, required) VALUES ('service', '客服', 'Service', '{}'),"
        " ('broadband', '宽带', 'Broadband', '{broadband}')"
        " ON CONFLICT (id) DO UPDATE SET name_zh = excluded.name_zh, required = excluded.required"
    )
    understanding = Understanding(_match)
    try:
        async with Wire(redis_url) as wire, Bus(redis_url) as bus:
            index, surveys, files, memory = DeadlineIndex(wire), Surveys(), Files(), Honest()
            aftermath = AfterCommit(index, bus, surveys, files)
            subscribed: set[str] = set()
            async with Writer(
                pool,
                lambda: worlds[-1],
                understanding,
                aftermath,
                PUSHES,
                memory=memory,
                proofs=PROOFS,
                subscribed=lambda: frozenset(subscribed),
            ) as writer:
                yield Stage(pool, wire, bus, writer, index, surveys, files, worlds, subscribed)
            await memory.hold_against(pool)
    finally:
        understanding.close()
        await pool.close()


def _match(texts: Sequence[str]) -> list[Found]:
    return [FOUND.get(text, Found()) for text in texts]
