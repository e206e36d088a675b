"""The job that makes a file of a list of tickets: RQ carries its number, and its row says whether it is due."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, tzinfo
from secrets import token_hex
from urllib.parse import parse_qsl

import structlog

from bot.db import Pool, Row
from bot.desk.render import veiled
from bot.files.storage import Storage
from bot.people.agent import Agent
from bot.people.people import People
from bot.people.rights import Permission
from bot.sql import load
from bot.tickets.claim import claim
from bot.tickets.exports.sheets import SHEETS, Cell
from bot.tickets.query import beyond, sized
from bot.tickets.row import read_about
from bot.tickets.rules import read_rules
from bot.tickets.wanted import wanted_of
from bot.words import words
from router.tickets.about import About
from router.tickets.rules import TicketRules

SQL = load(__file__, "exports.sql")
EXPORTER: ContextVar[Callable[[int], None]] = ContextVar("exporter")
"""Set by the process of the jobs before it takes any: makes one file and returns when that is kept."""
JOB_SECONDS = 600
"""The longest that one try may last."""
MOST = 50_000
"""Rows of a file."""
AT_ONCE = 1_000
"""Rows between two lines of progress."""
HEADS = (
    "number", "kind", "business", "text", "about_number", "about_place", "about_day", "about_time", "grade", "customer",
    "channel", "department", "handler", "owner", "state", "created", "due", "archived",
)  # fmt: skip

log = structlog.get_logger()


def make_export(export_id: int) -> None:
    """Make a file; what RQ calls. Called again, it changes nothing."""
    EXPORTER.get()(export_id)


@dataclass(frozen=True, slots=True)
class Exporter:
    """Makes files of lists."""

    pool: Pool
    people: People
    storage: Storage
    zone: tzinfo
    """The operator's, in which moments are written."""

    async def make(self, export_id: int) -> bool:
        """Make a file of what its asker may see now; returns whether it was due.

        Raises:
            StorageFull: there is no room.
            OSError: PostgreSQL or the storage are away.
        """
        right = Permission.TICKETS
        claimed = await claim(self.pool, self.people, SQL, export_id, seconds=JOB_SECONDS, right=right)
        if claimed is None:
            return False
        row, agent = claimed
        await self._write(export_id, agent, row)
        return True

    async def _write(self, export_id: int, agent: Agent, row: Row) -> None:
        said, rules = words(agent.language), await read_rules(self.pool)
        sheet = SHEETS[row["format"]]([said[f"desk.tickets.export.{head}"] for head in HEADS])
        written = 0
        async for rows in self._rows(export_id, agent, row["query"]):
            about = {
                one["id"]: read_about(one) for one in await self.pool.fetch(SQL["abouts"], [one["id"] for one in rows])
            }
            cells = [_cells(one, about[one["id"]], said, agent.language, self.zone, rules) for one in rows]
            await asyncio.to_thread(sheet.add, cells)
            written += len(rows)
            await self.pool.execute(SQL["written"], export_id, written)
        content, place = await asyncio.to_thread(sheet.content), token_hex(16)
        await self.storage.put(place, content)
        if await self.pool.fetchval(SQL["made"], export_id, place, len(content), written) is None:
            await self.storage.remove(place)
        log.info("exports.made", export=export_id, rows=written)

    async def _rows(self, export_id: int, agent: Agent, query: str) -> AsyncIterator[Sequence[Row]]:
        """The tickets in order of their numbers: what changes meanwhile stands in the file once at the most."""
        wanted = wanted_of(dict(parse_qsl(query)), (await read_rules(self.pool)).departments)
        await self.pool.execute(SQL["begun"], export_id, await sized(self.pool, agent, wanted, MOST))
        last = 0
        for _ in range(MOST // AT_ONCE):
            rows = await beyond(self.pool, agent, wanted, last, AT_ONCE)
            if rows:
                yield rows
            if len(rows) < AT_ONCE:
                return
            last = rows[-1]["id"]


def _cells(
    row: Row, about: About, said: Mapping[str, str], language: str, zone: tzinfo, rules: TicketRules
) -> list[Cell]:
    return [
        row["id"],
        said[f"desk.ticket.kind.{row['kind']}"],
        rules.title(row["business"], language),
        row["text"],
        about.masked.number,
        about.masked.place,
        about.day.isoformat() if about.day else "",
        about.time,
        said[f"desk.ticket.grade.{row['grade']}"] if row["grade"] else "",
        veiled(row["name"]),
        said.get(f"desk.channel.{row['channel']}", row["channel"]),
        rules.department(row["department"], language),
        row["handler_name"] or "",
        row["owner_name"] or "",
        said[f"desk.ticket.state.{row['state']}"],
        *(_local(row[name], zone) for name in ("created", "next_due", "archived")),
    ]


def _local(at: datetime | None, zone: tzinfo) -> datetime | None:
    return None if at is None else at.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
