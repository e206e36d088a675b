"""Work that comes due by itself: round after round until cancelled, through outages of what it needs."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn

import structlog

from bot.db import UNREACHABLE

POLL = 1.0
"""Seconds between two rounds."""

log = structlog.get_logger()


async def rounds(
    work: Callable[[], Awaitable[int]],
    *,
    full: int | None = None,
    waits: str,
    away: tuple[type[Exception], ...] = UNREACHABLE,
) -> NoReturn:
    """Work until cancelled.

    Args:
        work: one round; returns how much it took.
        full: a round that took so much is followed by the next one at once; None: each is followed by a pause.
        waits: the event that is logged when what the work needs is away.
        away: what it raises then.
    """
    while True:
        taken = 0
        try:
            taken = await work()
        except away as error:
            log.warning(waits, error=type(error).__name__)
        await asyncio.sleep(0 if taken == full else POLL)
