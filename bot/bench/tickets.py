"""How fast tickets are found and saved among a million: a filtered page, a save with its ledger, the counts."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import count

import asyncpg

from bot.bench import report
from bot.bench.ground import Ground
from bot.bench.plain import Plain
from bot.bench.timed import Figure, figure, show, timed
from bot.business.forms import shipped_forms
from bot.db import Pool
from bot.demo.basics import demo_standard
from bot.doors.known import PUSHES
from bot.people.agent import ROOT, Agent, Presence
from bot.people.rights import Role
from bot.sql import load
from bot.tickets.query import counted, listed
from bot.tickets.rules import shipped_rules
from bot.tickets.shown import SQL as SHOWN
from bot.tickets.wanted import Wanted
from bot.turns.understand import Understanding
from bot.turns.writer import Writer
from router.events import TicketActed
from router.standard import parse
from router.tickets.acts import Reported
from router.world import World

SQL = load(__file__, "tickets.sql")
GOAL_MS = 50.0
"""The 95th percentile of each."""
CHUNK = 20_000
"""Tickets of one statement."""
EACH = 5
"""Tickets of one customer."""
PAGES = (
    Wanted({}),
    Wanted({"department": "network", "kind": "complaint"}),
    Wanted({"grade": "major", "due": "late"}),
    Wanted({"state": "in_hand", "department": "billing"}),
    Wanted({"state": "archived", "kind": "suggestion"}),
    Wanted({"words": "宽带断了两天，编号12345"}),
    Wanted({"words": "宽带断了"}),
)
SAVERS = 1
"""People who save at once: one, so that the figure is what one person waits for."""


def run(*, as_json: bool, tickets: int = 1_000_000, rounds: int = 200) -> int:
    """Measure and print; returns the exit code, 1 where a 95th percentile is above 50 ms.

    Args:
        as_json: print one JSON document.
        tickets: how many lie in the database.
        rounds: how often each page and each save is done.
    """
    figures = asyncio.run(_measured(tickets, rounds))
    return show(figures, "tickets", tickets, goal_ms=GOAL_MS, as_json=as_json)


async def _measured(tickets: int, rounds: int) -> list[Figure]:
    async with Ground() as ground:
        await _fill(ground.servers.database_url, tickets)
        return await _figures(ground.pool, rounds)


async def _fill(url: str, tickets: int) -> None:
    """Fill the database over a connection of its own, whose statements may take as long as they need."""
    connection = await asyncpg.connect(url)
    try:
        with report.progress() as bar:
            task = bar.add_task("filling", total=tickets)
            await connection.execute(SQL["add_contacts"], tickets // EACH)
            await connection.execute(SQL["add_people"])
            await connection.execute(SQL["before"])
            for first in range(1, tickets + 1, CHUNK):
                last = min(first + CHUNK - 1, tickets)
                await connection.execute(SQL["add_tickets"], first, last, tickets // EACH)
                bar.advance(task, last - first + 1)
            bar.update(task, description="the ledger")
            await connection.execute("SET maintenance_work_mem = '256MB'")
            await connection.execute(SQL["after"])
            await connection.execute(SQL["add_lines"])
            await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _figures(pool: Pool, rounds: int) -> list[Figure]:
    leader, handler = await _person(pool, Role.ADMIN), await _person(pool, Role.HANDLER)
    pages = [(leader, wanted) for wanted in PAGES] + [(handler, PAGES[0])]
    turns = count()
    figures = []
    for who, wanted in pages:
        name = f"list {who.role.value} {wanted.query or 'open'}"
        figures.append(await timed(name, rounds, partial(listed, pool, who, wanted)))

    async def counts() -> None:
        await counted(pool, (leader, handler)[next(turns) % 2])

    async def waiting() -> None:
        await pool.fetchval(SHOWN["waiting"], leader.id, "")

    return [
        *figures,
        await timed("counts", rounds, counts),
        await timed("waiting", rounds, waiting),
        await _saves(pool, rounds),
    ]


async def _saves(pool: Pool, rounds: int) -> Figure:
    """Progress reports through the writer, of several people at once."""
    standard = parse(demo_standard())
    world = World(standard, forms=shipped_forms(), tickets=shipped_rules())
    rows = await pool.fetch(SQL["open"], rounds)
    took: list[float] = []
    async with AsyncExitStack() as stack:
        understanding = Understanding(lambda texts: [])
        stack.callback(understanding.close)
        writer = await stack.enter_async_context(Writer(pool, lambda: world, understanding, Plain(), PUSHES))
        waiting = iter(rows)

        async def saver() -> None:
            for row in waiting:
                act = TicketActed(1, "王芳", row["id"], row["version"], Reported("已派单"))
                began = time.perf_counter()
                receipt = await writer.act(row["contact_id"], f"bench:{row['id']}", act)
                took.append(time.perf_counter() - began)
                if receipt.refused:
                    raise RuntimeError(receipt.refused)

        async with asyncio.TaskGroup() as tasks:
            for _ in range(SAVERS):
                tasks.create_task(saver())
    return figure("save", took)


async def _person(pool: Pool, role: Role) -> Agent:
    number: int = await pool.fetchval("SELECT min(id) FROM agents WHERE login LIKE 'bench%'")
    now = datetime.now(UTC)
    agent = Agent(number, "bench", "", role, "", (), 5, {}, "zh", Presence.ONLINE, now, "", None, ROOT)
    return replace(agent, department="network") if role is Role.HANDLER else agent
