"""How fast tickets are found and saved among a million: a filtered page, a save with its ledger, the counts."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import count

import asyncpg

from bot.bench import report
from bot.bench.ground import Ground
from bot.bench.plain import Plain
from bot.bench.timed import REFERENCES, Figure, Work, references, show, timed
from bot.business.forms import shipped_forms
from bot.db import Pool
from bot.demo.basics import demo_standard
from bot.doors.known import PUSHES
from bot.people.agent import ROOT, Agent, Presence
from bot.people.rights import Role
from bot.sql import load
from bot.tickets.query import beyond, boarded, counted, counted_by_state, listed
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
PAGES: tuple[Mapping[str, str], ...] = (
    {},
    {"department": "network", "kind": "complaint"},
    {"grade": "major", "due": "late"},
    {"state": "in_hand", "department": "billing"},
    {"state": "archived", "kind": "suggestion"},
    {"state": "archived", "department": "market", "grade": "major"},
    {"state": "merged"},
    {"words": "宽带断了两天，编号12345"},
    {"words": "宽带断了"},
    {"words": "没有写过的话"},
    {"words": "灯"},
    {"words": "编号99", "state": "archived"},
    {"words": "宽带断了", "department": "market"},
    {"words": "宽带断了", "department": "billing", "state": "archived"},
    {"words": "宽带断了", "state": "in_hand"},
    {"words": "宽带断了", "who": "nobody"},
)
BY_LEADERS: tuple[Mapping[str, str], ...] = (
    {},
    {"grade": "major"},
    {"state": "archived"},
    {"words": "宽带断了两天，编号12345"},
    {"words": "宽带断了", "department": "market"},
)
LEAFED: tuple[Mapping[str, str], ...] = (
    {},
    {"state": "archived", "kind": "suggestion"},
    {"words": "宽带断了"},
    {"words": "灯"},
    {"words": "宽带断了", "department": "market"},
)
"""Lists that are leafed through, a page at each round."""
EXPORTED = 500
"""Tickets that an export reads at once."""
EXPORT = "export, its next tickets"
"""Nobody waits for it."""


def run(*, as_json: bool, tickets: int = 1_000_000, rounds: int = 200) -> int:
    """Measure and print; returns the exit code, 1 where a 95th percentile is above 50 ms.

    Args:
        as_json: print one JSON document.
        tickets: how many lie in the database.
        rounds: how often each page and each save is done.
    """
    figures = asyncio.run(_measured(tickets, rounds))
    return show(figures, "tickets", tickets, goal_ms=GOAL_MS, as_json=as_json, excused=[EXPORT, *REFERENCES])


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
    people = await _people(pool)
    pages = [("admin", page) for page in PAGES] + [("leader", page) for page in BY_LEADERS] + [("handler", {})]
    works: dict[str, Work] = {
        f"list {who} {_called(page)}": partial(listed, pool, people[who], Wanted(page)) for who, page in pages
    }
    works |= {f"next page {_called(page)}": partial(_leaf, pool, people["admin"], [Wanted(page)]) for page in LEAFED}
    works |= {f"board {who}": partial(_board, pool, people[who]) for who in ("admin", "leader")}
    works |= {f"counts {who}": partial(counted, pool, people[who]) for who in people}
    works["waiting"] = partial(pool.fetchval, SHOWN["waiting"], people["admin"].id, "")
    works[EXPORT] = partial(_exported, pool, people["admin"], count(step=EXPORTED))
    async with AsyncExitStack() as stack:
        works["save"] = await _save(pool, rounds, stack)
        return await timed({**works, **await references(pool)}, rounds)


def _called(page: Mapping[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in page.items()) or "open"


async def _leaf(pool: Pool, who: Agent, reached: list[Wanted]) -> None:
    """The page that follows the one before; behind the last one comes the first again."""
    wanted = reached.pop()
    page = await listed(pool, who, wanted)
    reached.append(replace(wanted, after=page.next_after(wanted)))


async def _board(pool: Pool, who: Agent) -> None:
    await boarded(pool, who, Wanted({}))
    await counted_by_state(pool, who, Wanted({}))


async def _exported(pool: Pool, who: Agent, last: Iterator[int]) -> None:
    await beyond(pool, who, Wanted({"kind": "complaint"}), next(last), EXPORTED)


async def _save(pool: Pool, rounds: int, stack: AsyncExitStack) -> Work:
    """Progress reports through the writer, one after the other: what one person waits for."""
    standard = parse(demo_standard())
    world = World(standard, forms=shipped_forms(), tickets=shipped_rules())
    understanding = Understanding(lambda texts: [])
    stack.callback(understanding.close)
    writer = await stack.enter_async_context(Writer(pool, lambda: world, understanding, Plain(), PUSHES))
    rows = iter(await pool.fetch(SQL["open"], rounds))

    async def save() -> None:
        row = next(rows)
        act = TicketActed(1, "王芳", row["id"], row["version"], Reported("已派单"))
        receipt = await writer.act(row["contact_id"], f"bench:{row['id']}", act)
        if receipt.refused:
            raise RuntimeError(receipt.refused)

    return save


async def _people(pool: Pool) -> Mapping[str, Agent]:
    """Somebody who sees everything, somebody who leads a team, and somebody of a department."""
    first = await pool.fetchrow(SQL["first"])
    assert first is not None
    now = datetime.now(UTC)
    admin = Agent(first["id"], "bench", "", Role.ADMIN, "", (), 5, {}, "zh", Presence.ONLINE, now, "", None, ROOT)
    return {
        "admin": admin,
        "leader": replace(admin, role=Role.LEADER, unit=first["path"]),
        "handler": replace(admin, role=Role.HANDLER, department="network"),
    }
