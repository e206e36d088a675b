"""Watches are the ears of one process: who follows which topics, and what of them has changed.

A hint may say behind a ``#`` what has happened to its topic, such as ``contact:12#typing``: whoever follows the topic
hears the hint as it is. Such a hint is never made up when hints may have been lost.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress


class Watch:
    """A listener's ear: the topics that it follows and those of them that have changed since it last asked."""

    def __init__(self, listeners: "Listeners") -> None:
        self._listeners = listeners
        self._topics: set[str] = set()
        self._changed: set[str] = set()
        self._woken = asyncio.Event()

    def follow(self, *topics: str) -> None:
        """Follow more topics."""
        self._listeners.add(self, topics)
        self._topics.update(topics)

    def leave(self, *topics: str) -> None:
        """Follow these topics no more."""
        self._listeners.remove(self, topics)
        self._topics.difference_update(topics)

    def wake(self, topics: Iterable[str]) -> None:
        """Note changes and wake whoever waits."""
        self._changed.update(topics)
        self._woken.set()

    def wake_wholly(self) -> None:
        """Note a change of everything that is followed: hints may have been lost."""
        self.wake(self._topics)

    async def wait(self, seconds: float) -> frozenset[str]:
        """Wait for a change, and take those that were noted.

        Args:
            seconds: how long to wait at most.

        Returns:
            The topics that changed since the last call; empty when the time has passed without a change.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        return self.take()

    def take(self) -> frozenset[str]:
        """Take the changes that were noted since the last call, without waiting."""
        self._woken.clear()
        changed, self._changed = frozenset(self._changed), set()
        return changed

    def close(self) -> None:
        """Follow nothing any more."""
        self._listeners.remove(self, self._topics)
        self._topics.clear()


class Listeners:
    """All watches of a process, by topic."""

    def __init__(self) -> None:
        self._by_topic: dict[str, set[Watch]] = {}

    def ear(self) -> Watch:
        """An ear that follows nothing yet."""
        return Watch(self)

    @contextmanager
    def watch(self, *topics: str) -> Iterator[Watch]:
        """Follow topics for the length of the block."""
        watch = Watch(self)
        watch.follow(*topics)
        try:
            yield watch
        finally:
            watch.close()

    def add(self, watch: Watch, topics: Iterable[str]) -> None:
        """Let a watch follow topics."""
        for topic in topics:
            self._by_topic.setdefault(topic, set()).add(watch)

    def remove(self, watch: Watch, topics: Iterable[str]) -> None:
        """Let a watch follow topics no more."""
        for topic in topics:
            followers = self._by_topic[topic]
            followers.discard(watch)
            if not followers:
                del self._by_topic[topic]

    def tell(self, topics: Iterable[str]) -> None:
        """Wake whoever follows one of these topics, each once."""
        heard: dict[Watch, list[str]] = {}
        for topic in topics:
            for watch in self._by_topic.get(topic.partition("#")[0], ()):
                heard.setdefault(watch, []).append(topic)
        for watch, changed in heard.items():
            watch.wake(changed)

    def tell_all(self) -> None:
        """Wake everyone: hints may have been lost."""
        for watch in {watch for followers in self._by_topic.values() for watch in followers}:
            watch.wake_wholly()
