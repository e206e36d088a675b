"""Several steps at once."""

import asyncio
from collections.abc import Coroutine, Iterable


async def together(steps: Iterable[Coroutine[None, None, None]]) -> None:
    """Take steps at once; where one fails, the others are given up and its error is raised."""
    tasks = [asyncio.create_task(step) for step in steps]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
