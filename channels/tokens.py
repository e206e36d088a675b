"""Keeps the access token of each account of a platform, and lets one caller at a time fetch a new one.

    get → read what is held → good: use it
                            → being fetched, by us or by another process: wait for the outcome
                            → neither: claim the fetch; whoever wins the claim fetches

A claim is noted before the call, so that no account fetches more often than every ``LEAST_PAUSE``, whatever the calls
come back with and whoever dies meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from channels.door import DoorError, TryAgain, Undeliverable

LEAST_PAUSE = timedelta(seconds=30)
"""No account fetches tokens more often, whatever its calls come back with."""
MARGIN = timedelta(minutes=5)
"""A token is renewed so long before its end; WeChat lets the old one live on beside the new one meanwhile."""
LOOK = 0.1
"""Seconds between two looks at a fetch that another process has begun."""
MOST_LOOKS = 100
LONGEST_FETCH = timedelta(seconds=10)
"""A fetch that takes longer is not waited for: its process may have died."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

Refresh = Callable[[], Awaitable[tuple[str, timedelta]]]
"""Fetches a token, and how long it lives."""


class TokenCache(Protocol):
    """The access tokens of our accounts."""

    async def get(self, account: str, refresh: Refresh, stale: str | None = None) -> str:
        """A token that is believed to be good.

        Args:
            account: whose; the app id of an official account, the corp id of a company.
            refresh: called by one caller at a time where no good token is held.
            stale: a token that the platform has just refused. Where it comes back all the same, it was fetched
                a moment ago, and the caller should wait.

        Raises:
            TryAgain, Undeliverable: as ``refresh`` did, now or a moment ago; TryAgain also where another process is
                still fetching.
        """
        ...


class Failure(Struct, frozen=True):
    """A fetch that failed, as it is kept and raised again."""

    reason: str
    final: bool
    """Whether a repeat changes nothing: the platform refused, or we are not allowed."""
    after: float | None = None
    """Seconds."""
    trouble: str = ""
    all_wait: bool = False

    def error(self) -> DoorError:
        """What to raise."""
        if self.final:
            return Undeliverable(self.reason, trouble=self.trouble)
        after = None if self.after is None else timedelta(seconds=self.after)
        return TryAgain(self.reason, after=after, trouble=self.trouble, all_wait=self.all_wait)


def failure(error: TryAgain | Undeliverable) -> Failure:
    """A fetch that failed in this way."""
    if isinstance(error, Undeliverable):
        return Failure(error.reason, final=True, trouble=error.trouble)
    after = None if error.after is None else error.after.total_seconds()
    return Failure(error.reason, final=False, after=after, trouble=error.trouble, all_wait=error.all_wait)


class Held(Struct, frozen=True):
    """What is held for one account. Times are aware and in UTC."""

    tried: datetime = LONG_AGO
    """When a fetch was last begun."""
    pending: bool = False
    """Whether its outcome is still to come."""
    token: str = ""
    until: datetime = LONG_AGO
    """When the token is to be renewed."""
    ends: datetime = LONG_AGO
    """When it dies."""
    failure: Failure | None = None
    """Of the last fetch."""

    def resting(self, now: datetime) -> bool:
        """Whether the last fetch was begun so short a time ago that no other may begin."""
        return timedelta() <= now - self.tried < LEAST_PAUSE

    def good(self, now: datetime, stale: str | None) -> bool:
        """Whether the token needs no renewal."""
        return bool(self.token) and self.token != stale and now < self.until

    def answer(self, now: datetime, stale: str | None) -> str:
        """The token. Raises: what the last fetch raised, unless the token before it still lives."""
        if self.failure is not None and (self.token == stale or now >= self.ends):
            raise self.failure.error()
        return self.token


class TokenShelf(Protocol):
    """Where tokens lie."""

    async def read(self, account: str) -> Held:
        """What is held for an account."""
        ...

    async def claim(self, account: str, seen: Held, begun: Held) -> bool:
        """Put ``begun`` in the place of ``seen``; False where something else lies there by now."""
        ...

    async def put(self, account: str, held: Held) -> None:
        """Put the outcome of a fetch down."""
        ...


class MemoryShelf:
    """The shelf of one process."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}

    async def read(self, account: str) -> Held:
        """What is held for an account."""
        return self._held.get(account, Held())

    async def claim(self, account: str, seen: Held, begun: Held) -> bool:
        """Put ``begun`` in the place of ``seen``."""
        if self._held.get(account, Held()) != seen:
            return False
        self._held[account] = begun
        return True

    async def put(self, account: str, held: Held) -> None:
        """Put the outcome of a fetch down."""
        self._held[account] = held


class Tokens:
    """Gives out tokens from a shelf, and has them fetched.

    Args:
        shelf: where they lie; several processes may share it.
        clock: the time (aware).
        look: seconds between two looks at a fetch of another process.
    """

    def __init__(self, shelf: TokenShelf, clock: Callable[[], datetime], *, look: float = LOOK) -> None:
        self._shelf = shelf
        self._clock = clock
        self._look = look
        self._locks: dict[str, asyncio.Lock] = {}

    async def get(self, account: str, refresh: Refresh, stale: str | None = None) -> str:
        """A token that is believed to be good; see ``TokenCache``."""
        async with self._locks.setdefault(account, asyncio.Lock()):
            for _ in range(MOST_LOOKS):
                held, now = await self._shelf.read(account), self._clock()
                if held.resting(now):
                    if not held.pending:
                        return held.answer(now, stale)
                    if now - held.tried > LONGEST_FETCH:
                        break
                    await asyncio.sleep(self._look)
                elif held.good(now, stale):
                    return held.token
                elif await self._shelf.claim(account, held, begun := replace(held, tried=now, pending=True)):
                    held = await self._fetched(refresh, begun)
                    await self._shelf.put(account, held)
                    return held.answer(now, stale)
        raise TryAgain("token_pending", after=LEAST_PAUSE)

    async def _fetched(self, refresh: Refresh, begun: Held) -> Held:
        """What is held after a fetch; a failure leaves the token before it as it is."""
        try:
            token, lifetime = await refresh()
        except (TryAgain, Undeliverable) as error:
            return replace(begun, pending=False, failure=failure(error))
        until = begun.tried + max(lifetime - MARGIN, lifetime / 2)
        return Held(begun.tried, token=token, until=until, ends=begun.tried + lifetime)


class MemoryTokens(Tokens):
    """The tokens of one process.

    Args:
        clock: the time (aware).
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(MemoryShelf(), clock)
