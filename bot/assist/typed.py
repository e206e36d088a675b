"""Suggestions while an agent types: how canned replies and the knowledge go on, and answers to what is typed."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.canned import canned
from bot.db import Statements
from bot.knowledge.lookups import Lookups, Published
from bot.people.agent import Agent
from channels.door import Busy
from router.wording.starts import Continued, Starts, parts
from router.world import Article

MOST = 2
"""Suggestions at a time."""
LONGEST = 200
"""Characters before the caret that are looked at."""
SHORTEST = 3
"""Characters of a question to the knowledge."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be put where the caret is."""

    text: str
    title: str
    replaces: int = 0
    """How much before the caret it takes the place of, as browsers count: in units of UTF-16."""
    canned: int = 0
    """The canned reply that it is from; 0 for none."""
    entry: str = ""
    """The knowledge entry that it is from."""


@dataclass(frozen=True, slots=True)
class Known:
    """The answers of one edition of the knowledge."""

    knowledge: Mapping[str, Article]
    articles: tuple[Article, ...]
    starts: Starts


class Typed:
    """Finds what may go on where an agent has come to.

    Args:
        pool: knows the canned replies.
        lookups: finds knowledge, on a thread of its own.
        published: the knowledge that holds now.
    """

    def __init__(self, pool: Statements, lookups: Lookups, published: Published) -> None:
        self._pool = pool
        self._lookups = lookups
        self._published = published
        self._known: Known | None = None

    async def offers(self, agent: Agent, typed: str, fields: Sequence[tuple[str, str]]) -> list[Offer]:
        """What to suggest, best first: canned replies that go on so, answers that do, answers to what is typed.

        Args:
            agent: who types.
            typed: what stands before the caret.
            fields: what the ``{name}`` fields of canned replies stand for.
        """
        begun = parts(typed[-LONGEST:])
        if not begun:
            return []
        found = [*await self._canned(agent, typed[-LONGEST:], fields), *await self._going_on(typed[-LONGEST:])]
        if len(found) < MOST and len(begun[0].strip()) >= SHORTEST:
            found += await self._answers(begun[0], {one.entry for one in found})
        return found[:MOST]

    async def _canned(self, agent: Agent, typed: str, fields: Sequence[tuple[str, str]]) -> list[Offer]:
        replies = await canned.read(self._pool, agent, fields)
        going_on = Starts([one.text for one in replies]).continued(typed, MOST)
        return [Offer(one.rest, replies[one.place].title, canned=replies[one.place].id) for one in going_on]

    async def _going_on(self, typed: str) -> list[Offer]:
        """Answers of the knowledge of which a sentence begins so."""
        known = await self._present()
        return [_of(known.articles[one.place], one) for one in known.starts.continued(typed, MOST)]

    async def _answers(self, asked: str, but: set[str]) -> list[Offer]:
        """Answers to what is typed, in its place; none while too many search."""
        try:
            likely = await self._lookups.likely(asked)
        except Busy:
            return []
        units = len(asked.encode("utf-16-le", "surrogatepass")) // 2
        return [Offer(one.answer, one.question, units, entry=one.id) for one in likely if one.id not in but]

    async def _present(self) -> Known:
        _, knowledge = self._published()
        held = self._known
        if held is None or held.knowledge is not knowledge:
            articles = tuple(knowledge.values())
            starts = await asyncio.to_thread(Starts, [one.answer for one in articles])
            self._known = held = Known(knowledge, articles, starts)
        return held


def _of(article: Article, going_on: Continued) -> Offer:
    return Offer(going_on.rest, article.question, entry=article.id)
