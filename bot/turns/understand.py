"""Understanding a question before the writer sees it: cached by its plain text, matched in batches on a thread."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog

from router.events import NOTHING_FOUND, Found

log = structlog.get_logger()

MOST_CACHED = 20_000
LONGEST_CACHED = 200
"""Characters; longer texts hardly recur."""
BATCH = 32
"""Questions scored at once at the most."""

MatchMany = Callable[[Sequence[str]], list[Found]]


class Understanding:
    """Finds what the knowledge base says to a text.

    Args:
        match_many: scores several questions at once; it runs on a thread of its own and must be safe there.
    """

    def __init__(self, match_many: MatchMany) -> None:
        self._match_many = match_many
        self._cache: OrderedDict[str, Found] = OrderedDict()
        self._waiting: list[tuple[str, Callable[[Found], None]]] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="match")
        self._running: asyncio.Task[None] | None = None
        self._edition = 0

    def replace(self, match_many: MatchMany) -> None:
        """Take another index from now on; nothing that was found before counts any more."""
        self._match_many = match_many
        self._edition += 1
        self._cache.clear()

    def known(self, text: str) -> Found | None:
        """What is known of a text without work, else None. A bare number or an empty text is no question."""
        if not text or text.isdecimal():
            return NOTHING_FOUND
        return self._cache.get(text)

    def ask(self, text: str, answer: Callable[[Found], None]) -> None:
        """Have a text matched; ``answer`` is called on this loop. Never fails: a broken match finds nothing."""
        self._waiting.append((text, answer))
        if self._running is None or self._running.done():
            self._running = asyncio.get_running_loop().create_task(self._run(), name="understanding")

    def close(self) -> None:
        """Let the thread go."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            texts = list(dict.fromkeys(text for text, _ in batch))
            edition = self._edition
            try:
                found = dict(zip(texts, await loop.run_in_executor(self._thread, self._match_many, texts), strict=True))
            except Exception:
                log.exception("match.failed")
                found = {}
            for text, answer in batch:
                if edition == self._edition and text in found:
                    self._keep(text, found[text])
                answer(found.get(text, NOTHING_FOUND))

    def _keep(self, text: str, found: Found) -> None:
        if len(text) > LONGEST_CACHED:
            return
        self._cache[text] = found
        if len(self._cache) > MOST_CACHED:
            self._cache.popitem(last=False)
