"""Ends waits that last too long, with one timer for all of them: a timer of its own costs a request dear."""

import asyncio
from collections import deque
from types import TracebackType
from typing import Self

LOOK = 0.1
"""Seconds between two looks at who has waited too long."""


class Patience:
    """Lets blocks last so many seconds at most.

    Args:
        seconds: the limit; a block ends up to ``LOOK`` seconds later.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waits: deque[Wait] = deque()
        self._looking = False

    def wait(self) -> "Wait":
        """A block that is ended with ``TimeoutError`` when it has lasted too long."""
        loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        assert task is not None
        wait = Wait(task, loop.time() + self._seconds)
        self._waits.append(wait)
        if not self._looking:
            self._looking = True
            loop.call_later(LOOK, self._look)
        return wait

    def _look(self) -> None:
        """All waits are as long as each other, so the first that came is the first to end."""
        loop, waits = asyncio.get_running_loop(), self._waits
        now = loop.time()
        while waits and (waits[0].over or waits[0].until <= now):
            wait = waits.popleft()
            if not wait.over:
                wait.end()
        self._looking = bool(waits)
        if waits:
            loop.call_later(LOOK, self._look)


class Wait:
    """One block that may not last too long."""

    __slots__ = ("_ended", "_task", "over", "until")

    def __init__(self, task: asyncio.Task[object], until: float) -> None:
        self._task = task
        self._ended = False
        self.until = until
        """When it has lasted too long, in seconds of the loop's clock."""
        self.over = False
        """Whether the block has been left."""

    def end(self) -> None:
        """End the block, which has not been left yet."""
        self._ended = True
        self._task.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raises: TimeoutError where the block has been ended for lasting too long."""
        self.over = True
        if self._ended and self._task.uncancel() <= 0 and kind is asyncio.CancelledError:
            raise TimeoutError from error
