"""The job that checks a file of tickets, and later takes it in: RQ carries its number, and its row says what is due."""

import asyncio
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import tzinfo

import structlog

from bot.audit.audit import By
from bot.db import UNREACHABLE, Pool, Row
from bot.files.storage import Storage
from bot.people.agent import Agent
from bot.people.people import People
from bot.people.rights import Permission
from bot.spreadsheets import Wrong, WrongFile
from bot.sql import load
from bot.tasks import end
from bot.tickets.claim import claim
from bot.tickets.imports.known import count_known, known_now
from bot.tickets.imports.sheet import Brought, read
from bot.tickets.imports.taking import take
from bot.tickets.rules import read_rules
from channels.door import Receive

SQL = load(__file__, "imports.sql")
IMPORTER: ContextVar[Callable[[int], None]] = ContextVar("importer")
"""Set by the process of the jobs before it takes any: does what is due of one file and returns when that is kept."""
JOB_SECONDS = 1800
"""The longest that one try may last."""
MOST_NAMED = 200
"""Wrong rows that are kept with what is wrong in them."""
BETWEEN = 0.5
"""Seconds between two lines of progress."""

log = structlog.get_logger()


def work_on_import(import_id: int) -> None:
    """Check a file or take it in; what RQ calls. Called again, it changes nothing."""
    IMPORTER.get()(import_id)


@dataclass(frozen=True, slots=True)
class Importer:
    """Checks files of tickets and takes them in."""

    pool: Pool
    people: People
    storage: Storage
    receive: Receive
    zone: tzinfo
    """The operator's, in which moments stand that name no other."""
    accounts: Sequence[str]
    """Those of the hotline, on one of which the customers are found or begin."""

    async def work(self, import_id: int) -> bool:
        """Do what is due of a file for whoever handed it in; returns whether anything was.

        Raises:
            Busy: the writer cannot take a row now.
            OSError: PostgreSQL or the file is away.
        """
        right = Permission.IMPORT
        claimed = await claim(self.pool, self.people, SQL, import_id, seconds=JOB_SECONDS, right=right)
        if claimed is None:
            return False
        row, agent = claimed
        if row["place"] is None:
            await self.pool.execute(SQL["barred"], import_id)
            return False
        try:
            good, wrong = await self._read(row)
        except WrongFile as error:
            await self.pool.execute(SQL["unread"], import_id, [error.what, error.value])
            await self.storage.remove(row["place"])
            return True
        if row["state"] == "checking":
            known = await count_known(self.pool, good)
            await self.pool.execute(SQL["checked"], import_id, len(good), known, len(wrong), _named(wrong))
        else:
            await self._take(import_id, row, agent, good, wrong)
        return True

    async def _read(self, row: Row) -> tuple[list[Brought], list[Wrong]]:
        """The rows of a file that hold, and those that do not. Raises: WrongFile."""
        if not self.accounts:
            raise WrongFile("hotline")
        if row["account"] and row["account"] not in self.accounts:
            raise WrongFile("account", row["account"])
        known = await known_now(self.pool, await read_rules(self.pool), self.zone, row["name"])
        content = b"".join([piece async for piece in self.storage.read(row["place"])])
        rows = await asyncio.to_thread(read, content, known)
        return [one for one in rows if isinstance(one, Brought)], [one for one in rows if isinstance(one, Wrong)]

    async def _take(
        self, import_id: int, row: Row, agent: Agent, good: Sequence[Brought], wrong: Sequence[Wrong]
    ) -> None:
        """Take the rows in. A second try finds those of the first one here, and does not count them as known."""
        known = row["known"] if row["tries"] > 1 else await count_known(self.pool, good)
        await self.pool.execute(SQL["begun"], import_id, len(good), known)
        done: list[None] = []
        following = asyncio.create_task(self._follow(import_id, done))
        try:
            taken = await take(
                good,
                self.receive,
                self.pool,
                By(agent.id, agent.login, row["origin"]),
                account=row["account"] or self.accounts[0],
                source=row["name"],
                tell=lambda: done.append(None),
            )
        finally:
            await end(following)
        found = [*wrong, *taken.wrong]
        await self.pool.execute(SQL["taken"], import_id, len(taken.wrong), len(found), _named(found))
        await self.storage.remove(row["place"])
        log.info("imports.taken", number=import_id, new=taken.new, known=taken.known, wrong=len(found))

    async def _follow(self, import_id: int, done: Sequence[None]) -> None:
        """Write down how far it is until cancelled; a line that is lost is made up by the next."""
        while True:
            await asyncio.sleep(BETWEEN)
            try:
                await self.pool.execute(SQL["done"], import_id, len(done))
            except UNREACHABLE as error:
                log.debug("imports.progress_waits", error=type(error).__name__)


def _named(wrong: Sequence[Wrong]) -> list[list[str | int]]:
    """The first wrong rows as they are kept."""
    first = sorted(wrong, key=lambda one: one.line)[:MOST_NAMED]
    return [[one.line, one.column, one.what, one.value] for one in first]
