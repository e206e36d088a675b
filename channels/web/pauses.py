"""Pauses of listeners that wait for news: long polls and sockets, all of which end at once when the door closes."""

import asyncio
from contextlib import suppress

from channels.web.house import Changes


class Pauses:
    """Everyone who waits at this door."""

    def __init__(self) -> None:
        self.closing = False
        """Whether nobody is to wait any more."""
        self._open: set[asyncio.Timeout] = set()

    async def pause(self, changes: Changes, seconds: float) -> None:
        """Wait for news, for so many seconds at most, or until the door closes."""
        if self.closing:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(None) as limit:
                self._open.add(limit)
                try:
                    await changes.wait(seconds)
                finally:
                    self._open.discard(limit)

    def end(self) -> None:
        """End all pauses, now and later ones."""
        self.closing = True
        for limit in self._open:
            limit.reschedule(0)
