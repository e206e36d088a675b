"""The snapshot of the world that this process decides by, kept fresh: standard, knowledge, phrases, staffing."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

import structlog

from bot import heap
from bot.business.forms import read_editions, shipped_forms, shipped_phrases
from bot.db import UNREACHABLE, Pool, Row
from bot.sql import load
from bot.standards.shelf import Shelf
from bot.surveys.questionnaires import read_questionnaires, shipped_questionnaires
from bot.tickets.rules import read_rules, shipped_rules
from bot.turns.understand import MatchMany, Understanding
from bot.words import LANGUAGES, phrases
from router.calendar import SHANGHAI
from router.dialogue import plain
from router.events import Found
from router.faq.index import Index
from router.faq.match import Entry
from router.routing import Routing
from router.routing import parse as parse_routing
from router.standard import Standard
from router.world import Article, Manners, Phrases, Staffing, World

SQL = load(__file__, "knowledge/knowledge.sql")
SUBSCRIPTIONS = load(__file__, "subscriptions/subscriptions.sql")
QUEUES = load(__file__, "queues/queues.sql")
REFRESH = 1.0
"""Seconds between two looks at staffing and publications."""
MEASURE = 60.0
"""Seconds between two looks at how long conversations take."""
MEASURED = 50
"""The latest conversations of a queue that tell how long one takes."""
FEWEST = 5
"""Fewer tell nothing."""

log = structlog.get_logger()


class Snapshot:
    """The present ``World`` of this process and the index behind its understanding.

    Args:
        pool: connections to PostgreSQL.
        shipped: the standard that holds where none has been published.
        routing: the routing that holds where none has been published.
        manners: the dialogue's numbers.
        answers: whether questions are matched here, so that the index is built.
        zone: the operator's, for standards that name none.
    """

    def __init__(
        self,
        pool: Pool,
        shipped: Standard,
        manners: Manners,
        routing: Routing,
        *,
        answers: bool,
        zone: ZoneInfo = SHANGHAI,
    ) -> None:
        self._pool = pool
        self._shelf = Shelf(shipped, zone)
        self._answers = answers
        self._versions: Mapping[str, int] = {}
        forms, begun = shipped_forms(), shipped_phrases()
        self.world = World(
            shipped,
            manners,
            all_phrases(),
            routing=routing,
            forms=forms,
            form_phrases=begun,
            tickets=shipped_rules(),
            questionnaires=shipped_questionnaires(),
        )
        self._handling: Mapping[str, float] = {}
        self._measure_at = 0.0
        self.understanding = Understanding(_nothing)
        self.index: Index | None = None
        """The published knowledge, ready to be asked; None where this process does not answer."""
        self.subscribed: frozenset[str] = frozenset()
        """What somebody is told of by webhooks."""
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
        rows = await self._pool.fetch(SQL["versions"])
        versions = {row["subject"]: row["version"] for row in rows}
        if versions.get("standard") != self._versions.get("standard"):
            await self._shelf.read(self._pool)
            log.info("standard.read", editions=len(self._shelf.editions.editions))
        if rows:
            self._measure_by(rows[0]["now"])
        if versions.get("routing") != self._versions.get("routing"):
            await self._read_routing()
        if versions.get("forms") != self._versions.get("forms"):
            await self._read_forms()
        if versions.get("questionnaire") != self._versions.get("questionnaire"):
            self.world = replace(self.world, questionnaires=await read_questionnaires(self._pool))
        if versions.get("tickets") != self._versions.get("tickets"):
            self.world = replace(self.world, tickets=await read_rules(self._pool))
        if versions.get("subscriptions") != self._versions.get("subscriptions"):
            self.subscribed = frozenset(row["type"] for row in await self._pool.fetch(SUBSCRIPTIONS["subscribed"]))
        if versions.get("knowledge") != self._versions.get("knowledge"):
            await self._read_knowledge()
        self._versions = versions
        await self._count_staff()

    def _measure_by(self, now: datetime) -> None:
        """Take up the editions; one that was published ahead comes into force with its day."""
        editions = self._shelf.editions
        standard = next(iter(editions.in_force(now))).standard
        if editions is not self.world.editions or standard is not self.world.standard:
            self.world = replace(self.world, standard=standard, editions=editions)

    async def _read_routing(self) -> None:
        text = await self._pool.fetchval(QUEUES["routing"])
        if text is not None:
            self.world = replace(self.world, routing=parse_routing(text))
            log.info("routing.read")

    async def _read_forms(self) -> None:
        found = await read_editions(self._pool)
        self.world = replace(self.world, forms=found.latest, form_phrases=found.phrases, form_editions=found.all)
        log.info("forms.read", forms=len(found.latest))

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
        if time.monotonic() >= self._measure_at:
            found = await self._pool.fetch(QUEUES["handling"], MEASURED, FEWEST)
            self._handling = {row["id"]: row["minutes"] for row in found}
            self._measure_at = time.monotonic() + MEASURE
        rows = await self._pool.fetch(QUEUES["staffing"])
        counted = {row["id"]: _staffing(row, self._handling.get(row["id"])) for row in rows}
        if counted != self.world.staffing:
            self.world = replace(self.world, staffing=MappingProxyType(counted))


def _staffing(row: Row, minutes: float | None) -> Staffing:
    """Who serves a queue, and how much of an agent's time a conversation takes.

    Args:
        row: of the statement ``staffing``.
        minutes: from the assignment to the close, as measured; None where too few have been served.
    """
    counted = Staffing(row["on_duty"], row["waiting"], row["longest"])
    if minutes is None or not row["places"]:
        return counted
    return replace(counted, minutes_each=minutes * row["on_duty"] / row["places"])


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
