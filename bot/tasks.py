"""Ending tasks for certain."""

import asyncio


async def end(*tasks: "asyncio.Task[None]") -> None:
    """Cancel tasks until they have ended.

    Once is not enough: a cancellation that meets the end of a Redis call can get lost inside the client.
    """
    waiting = {task for task in tasks if not task.done()}
    while waiting:
        for task in waiting:
            task.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=0.2)
