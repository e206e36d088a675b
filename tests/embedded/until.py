"""Waiting for what other processes do."""

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], bool], *, seconds: float = 60) -> None:
    """Wait until something holds. Raises: TimeoutError when it does not within these seconds."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - other processes set no event
            await asyncio.sleep(0.01)
