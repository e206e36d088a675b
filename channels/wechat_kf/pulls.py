"""What is known of the lists that WeCom keeps for us, and what a puller asks of whoever keeps that."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from msgspec import Struct

from channels.door import Cursor


class Pending(Struct, frozen=True):
    """A list that is to be read. Times are aware and in UTC."""

    source: str
    """The ``open_kfid``."""
    cursor: str
    created: datetime
    """When we first knew of it."""
    token: str = ""
    noted: datetime | None = None
    """When WeCom last called about it."""


class Pulls(Protocol):
    """What is known of the lists of our accounts, kept where a crash does not reach it."""

    async def note(self, account: str, source: str, token: str) -> None:
        """WeCom has called about a list. Raises: Busy where that could not be written down."""
        ...

    async def learn(self, account: str, sources: Sequence[str]) -> None:
        """There are these lists."""
        ...

    async def pending(self, account: str, every: timedelta) -> Sequence[Pending]:
        """The lists that were called about, or not read for a while."""
        ...

    async def advance(self, cursor: Cursor) -> None:
        """Move a cursor on, unless it has been moved already."""
        ...

    async def finished(self, account: str, read: Pending) -> None:
        """A list was read to its end, with all that had been called about then."""
        ...

    async def wait(self, account: str) -> None:
        """Wait until a list may have to be read."""
        ...
