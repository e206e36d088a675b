"""The snapshot of the world that this process decides by, kept fresh: standard, knowledge, phrases, staffing."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import structlog

from bot import heap
from bot.business.forms import shipped_forms, shipped_phrases
from bot.db import UNREACHABLE, Pool, Row
from bot.sql import load
from bot.turns.understand import MatchMany, Understanding
from bot.words import LANGUAGES, phrases
from router.dialogue import plain
from router.events import Found
from router.faq.index import Index
from router.faq.match import Entry
from router.routing import Routing
from router.routing import parse as parse_routing
from router.standard import Standard, parse
from router.world import Article, Manners, Phrases, Staffing, World

SQL = load(__file__, "knowledge/knowledge.sql")
QUEUES = load(__file__, "queues/queues.sql")
REFRESH = 1.0
"""Seconds between two looks at staffing and publications."""

log = structlog.get_logger()


class Snapshot:
    """The present ``World`` of this process and the index behind its understanding.

    Args:
        pool: connections to PostgreSQL.
        shipped: the standard that holds where none has been published.
        routing: the routing that holds where none has been published.
        manners: the dialogue's numbers.
        answers: whether questions are matched here, so that the index is built.
    """

    def __init__(self, pool: Pool, shipped: Standard, manners: Manners, routing: Routing, *, answers: bool) -> None:
        self._pool = pool
        self._answers = answers
        self._versions: Mapping[str, int] = {}
        forms, begun = shipped_forms(), shipped_phrases()
        self.world = World(shipped, manners, all_phrases(), routing=routing, forms=forms, form_phrases=begun)
        self.understanding = Understanding(_nothing)
        self.index: Index | None = None
        """The published knowledge, ready to be asked; None where this process does not answer."""
        self.categories: Mapping[str, str] = {}

    async def start(self) -> None:
        """Read everything once. Raises: OSError when PostgreSQL is away."""
        await self.refresh()

    async def run(self) -> None:
        """Keep it fresh until cancelled."""
        while True:
            await asyncio.sleep(REFRESH)
            try:
                await self.refresh()
            except UNREACHABLE as error:
                log.debug("snapshot.waits", error=type(error).__name__)

    async def refresh(self) -> None:
        """Read staffing, and whatever has been published since the last look."""
        versions = {row["subject"]: row["version"] for row in await self._pool.fetch(SQL["versions"])}
        if versions.get("standard") != self._versions.get("standard"):
            await self._read_standard()
        if versions.get("routing") != self._versions.get("routing"):
            await self._read_routing()
        if versions.get("knowledge") != self._versions.get("knowledge"):
            await self._read_knowledge()
        self._versions = versions
        await self._count_staff()

    async def _read_standard(self) -> None:
        text = await self._pool.fetchval(SQL["standard"])
        if text is not None:
            self.world = replace(self.world, standard=parse(text))
            log.info("standard.read")

    async def _read_routing(self) -> None:
        text = await self._pool.fetchval(QUEUES["routing"])
        if text is not None:
            self.world = replace(self.world, routing=parse_routing(text))
            log.info("routing.read")

    async def _read_knowledge(self) -> None:
        """Build the new index beside the old one, which answers until this one is ready."""
        rows = await self._pool.fetch(SQL["published"])
        articles = {
            row["id"]: Article(row["id"], row["question"], row["answer"], row["category"], row["form"]) for row in rows
        }
        hot = tuple(row["id"] for row in rows if row["hot"])
        self.world = replace(self.world, knowledge=MappingProxyType(articles), hot=hot)
        if self._answers:
            index = await asyncio.to_thread(_build, rows)
            self.index = index
            self.understanding.replace(_matcher(index))
            heap.keep()
        log.info("knowledge.read", entries=len(rows))

    async def _count_staff(self) -> None:
        rows = await self._pool.fetch(QUEUES["staffing"])
        counted = {row["id"]: Staffing(row["on_duty"], row["waiting"], row["longest"]) for row in rows}
        if counted != self.world.staffing:
            self.world = replace(self.world, staffing=MappingProxyType(counted))


def all_phrases() -> Phrases:
    """The phrases of every language together: customers mix them."""
    merged: dict[str, frozenset[str]] = {}
    for language in LANGUAGES:
        for key, said in phrases(language).items():
            merged[key] = merged.get(key, frozenset()) | {plain(one) for one in said}
    return Phrases(**{key: said for key, said in merged.items() if key in Phrases.__slots__})


def _build(rows: Sequence[Row]) -> Index:
    return Index.build([Entry(row["id"], row["question"], tuple(row["variants"]), row["answer"]) for row in rows])


def _matcher(index: Index) -> MatchMany:
    """Matching with one edition of the index."""

    def match_many(texts: Sequence[str]) -> list[Found]:
        return [match.found for match in index.match_many(list(texts))]

    return match_many


def _nothing(texts: Sequence[str]) -> list[Found]:
    return [Found() for _ in texts]
