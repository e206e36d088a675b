"""The screen that every file passes before it is kept: its size, its type by its bytes, its pixels, its viruses."""

import asyncio
from dataclasses import dataclass

from bot.files.pictures import FORMATS, Picture, Unreadable, redraw
from bot.files.scanner import Scanner
from bot.files.sniff import sniff

AT_ONCE = 2
"""Pictures that are drawn anew at the same time."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A file as it may be kept."""

    content: bytes
    type: str
    width: int | None = None
    """Pixels; None for what is no picture."""
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not kept: empty, too_large, type, broken, pixels or virus."""

    reason: str


class Screen:
    """Looks at files.

    Args:
        limit: bytes that a file may have.
        scanner: knows viruses; None where the operator has none.
    """

    def __init__(self, limit: int, scanner: Scanner | None = None) -> None:
        self.limit = limit
        self._scanner = scanner
        self._drawing = asyncio.Semaphore(AT_ONCE)

    async def look(self, content: bytes) -> Passed | Refusal:
        """What becomes of a file.

        Raises:
            ScannerAway: nobody can say whether it carries a virus.
        """
        if not content or len(content) > self.limit:
            return Refusal("too_large" if content else "empty")
        type_ = await asyncio.to_thread(sniff, content)
        if not type_:
            return Refusal("type")
        if self._scanner is not None and await self._scanner.finds(content):
            return Refusal("virus")
        if type_ not in FORMATS:
            return Passed(content, type_)
        try:
            picture = await self._redrawn(content, type_)
        except Unreadable as error:
            return Refusal(error.reason)
        return Passed(picture.content, type_, picture.width, picture.height)

    async def _redrawn(self, content: bytes, type_: str) -> Picture:
        async with self._drawing:
            return await asyncio.to_thread(redraw, content, type_)
