"""Finds published questions while a customer is still typing; no conversation is opened for it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from bot.lru import Lru
from channels.door import Busy
from router.faq.index import Index
from router.faq.normalise import normalise
from router.world import Article

MOST_FOUND = 6
LONGEST = 60
"""Characters of a search; what is longer is cut, for it is a question to the bot."""
LIKELY = 0.2
"""From this chance on, an entry that the index finds stands above those that merely hold the words."""
UNLIKELY = 0.02
"""Below this chance an entry is left out."""
MOST_CACHED = 2_000
MOST_WAITING = 16
"""Searches under way beyond which the next is told to come back: typing must not hold up answering."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Edition:
    """The published knowledge of one moment."""

    index: Index | None
    knowledge: Mapping[str, Article]
    plain: Mapping[str, str] = field(init=False)
    """Each entry's question, normalised and without spaces."""

    def __post_init__(self) -> None:
        plain = {one.id: _plain(one.question) for one in self.knowledge.values()}
        object.__setattr__(self, "plain", plain)

    def find(self, text: str, least: float) -> tuple[Article, ...]:
        """The entries that a text may mean with such a chance at least, best first; it runs on a thread."""
        typed = _plain(text)
        if not typed:
            return ()
        candidates = self.index.match(text).candidates if self.index is not None else ()
        chances = {one.entry: one.confidence for one in candidates}
        holding = sorted(
            (entry for entry, question in self.plain.items() if typed in question),
            key=lambda entry: (-chances.get(entry, 0.0), self.plain[entry].index(typed), len(self.plain[entry]), entry),
        )
        likely = [entry for entry, chance in chances.items() if chance >= LIKELY]
        others = [entry for entry, chance in chances.items() if chance >= least]
        ranked = dict.fromkeys([*likely, *holding, *others])
        return tuple(self.knowledge[entry] for entry in ranked if entry in self.knowledge)[:MOST_FOUND]


class Search:
    """Searches the published knowledge, one search at a time on a thread of its own, and remembers what it found.

    Args:
        published: the index and the knowledge that hold now.
    """

    def __init__(self, published: Callable[[], tuple[Index | None, Mapping[str, Article]]]) -> None:
        self._published = published
        self._edition: Edition | None = None
        self._found: Lru[tuple[str, float], tuple[Article, ...]] = Lru(MOST_CACHED)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="search")
        self._waiting = 0

    async def find(self, text: str, least: float = UNLIKELY) -> Sequence[Article]:
        """The questions that a text may mean, best first. Raises: Busy when too many search.

        Args:
            text: as it was typed so far.
            least: the chance below which an entry that does not hold the text is left out.
        """
        typed = text.strip()[:LONGEST]
        edition = await self._present()
        known = self._found.get((typed, least))
        if known is None:
            known = await self._run(lambda: edition.find(typed, least))
            if edition is self._edition:
                self._found.put((typed, least), known)
        return known

    def close(self) -> None:
        """Let the thread go."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _present(self) -> Edition:
        index, knowledge = self._published()
        held = self._edition
        if held is None or held.knowledge is not knowledge or held.index is not index:
            held = await self._run(lambda: Edition(index, knowledge))
            self._edition, self._found = held, Lru(MOST_CACHED)
        return held

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= MOST_WAITING:
            raise Busy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self._waiting -= 1


def _plain(text: str) -> str:
    return normalise(text).replace(" ", "")
