"""Looking things up in the knowledge for a customer, and whether it helped (clause knowledge.success)."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.chat.search import LIKELY, Search
from bot.db import Statements
from bot.sql import load
from router.faq.index import Index
from router.faq.match import Verdict
from router.faq.normalise import normalise
from router.wording.personal import veil
from router.world import Article

SQL = load(__file__, "lookups.sql")
Published = Callable[[], tuple[Index | None, Mapping[str, Article]]]
"""The index and the knowledge that hold now."""

UNLIKELY = 0.05
"""Below this chance an entry is not suggested."""
SHORTEST = 4
"""Characters of a question that can be looked up."""


class Kind(StrEnum):
    """Who looked."""

    SUGGESTION = "suggestion"
    """The desk, by the customer's last question."""
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that may be the answer."""

    article: Article
    score: int | None
    """Its chance in per cent; None where its words were merely found."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What was found to a question, best first."""

    text: str = ""
    hits: tuple[Hit, ...] = ()


class Lookups:
    """Finds entries for agents.

    Args:
        pool: connections to PostgreSQL.
        published: the knowledge.
        calls: messages that only ask for a person.
    """

    def __init__(self, pool: Statements, published: Published, calls: Sequence[str]) -> None:
        self._pool = pool
        self._published = published
        self._calls = calls
        self._search = Search(published)

    async def suggest(self, conversation: int) -> Answers:
        """Entries for the customer's last question."""
        asked = [row["text"] for row in await self._pool.fetch(SQL["asked"], conversation, self._calls)]
        text = next((one for one in asked if _tells(one)), asked[0] if asked else "")
        index, knowledge = self._published()
        if index is None or not text:
            return Answers(text)
        match = await asyncio.to_thread(index.match, text)
        if match.verdict is Verdict.NOTHING:
            return Answers(text)
        likely = [one for one in match.candidates if one.confidence >= UNLIKELY]
        hits = [(knowledge.get(one.entry), one.confidence) for one in likely]
        return Answers(text, tuple(Hit(one, round(100 * score)) for one, score in hits if one is not None))

    async def search(self, text: str) -> Answers:
        """Entries for an agent's words. Raises: Busy when too many search."""
        return Answers(text, tuple(Hit(article, None) for article in await self._search.find(text)))

    async def likely(self, text: str) -> Sequence[Article]:
        """Entries that an agent's words mean or hold, mere chances left out. Raises: Busy when too many search."""
        return await self._search.find(text, least=LIKELY)

    def known(self, entry: str) -> bool:
        """Whether an entry is published."""
        return entry in self._published()[1]

    async def keep(
        self, agent: int, conversation: int, kind: Kind, answers: Answers, *, used: str | None = None,
        missing: bool = False,
    ) -> int:  # fmt: skip
        """Write down what was looked up, personal data masked; its number."""
        found = [hit.article.id for hit in answers.hits]
        values = agent, conversation, kind.value, veil(answers.text), found, used, missing
        number: int = await self._pool.fetchval(SQL["keep"], *values)
        return number

    async def use(self, lookup: int, agent: int, conversation: int, entry: str) -> bool:
        """What was found went into the answer; false where there is no such lookup of theirs."""
        return await self._pool.fetchval(SQL["use"], lookup, agent, conversation, entry) is not None

    async def miss(self, lookup: int, agent: int, conversation: int) -> str | None:
        """Nothing of it is an answer: what was asked; None where that is no news."""
        text: str | None = await self._pool.fetchval(SQL["miss"], lookup, agent, conversation)
        return text

    def close(self) -> None:
        """Let the search's thread go."""
        self._search.close()


def _tells(text: str) -> bool:
    """Whether it is more than a nod or a call, such as 好的 or 在吗: then the question stands before it."""
    return len(normalise(text).replace(" ", "")) >= SHORTEST


def asks(text: str) -> bool:
    """Whether there is anything to look up."""
    return bool(normalise(text))
