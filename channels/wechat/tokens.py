"""Keeps the access token of each account, and lets one caller at a time fetch a new one."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from channels.door import DoorError

LEAST_PAUSE = timedelta(seconds=30)
"""No account fetches tokens more often, whatever its calls come back with."""
MARGIN = timedelta(minutes=5)
"""A token is given up so long before its end; WeChat lets the old one live on beside the new one meanwhile."""

Refresh = Callable[[], Awaitable[tuple[str, timedelta]]]
"""Fetches a token, and how long it lives."""


class TokenCache(Protocol):
    """The access tokens of our accounts."""

    async def get(self, account: str, refresh: Refresh, stale: str | None = None) -> str:
        """A token that is believed to be good.

        Args:
            account: whose.
            refresh: called by one caller at a time where no good token is held.
            stale: a token that the platform has just refused. Where it comes back all the same, it was fetched
                a moment ago, and the caller should wait.

        Raises:
            TryAgain, Undeliverable: as ``refresh`` did, now or a moment ago.
        """
        ...


class _Held(NamedTuple):
    token: str
    fetched: datetime
    until: datetime
    failure: DoorError | None = None


class MemoryTokens:
    """The tokens of one process.

    Args:
        clock: the time (aware).
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._held: dict[str, _Held] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def get(self, account: str, refresh: Refresh, stale: str | None = None) -> str:
        """A token that is believed to be good; see ``TokenCache``."""
        async with self._locks.setdefault(account, asyncio.Lock()):
            held, now = self._held.get(account), self._clock()
            if held is None or not self._stands(held, stale, now):
                held = self._held[account] = await self._fetch(refresh, now)
        if held.failure is not None:
            raise held.failure.with_traceback(None)
        return held.token

    def _stands(self, held: _Held, stale: str | None, now: datetime) -> bool:
        """Whether there is nothing to fetch: the token is good, or the last fetch is too recent."""
        if now < held.fetched + LEAST_PAUSE:
            return True
        return held.failure is None and held.token != stale and now < held.until

    async def _fetch(self, refresh: Refresh, now: datetime) -> _Held:
        try:
            token, lifetime = await refresh()
        except DoorError as failure:
            return _Held("", now, now, failure)
        return _Held(token, now, now + max(lifetime - MARGIN, lifetime / 2))
