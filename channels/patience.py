"""Ends waits that last too long, with one timer for all of them: a timer of its own costs a request dear."""

import asyncio
from types import TracebackType
from typing import Any, Self

LOOK = 0.1
"""Seconds between two looks at who has waited too long."""


class Patience:
    """A block that lasts so many seconds at most; a task is in one at a time.

    Args:
        seconds: the limit; a block ends up to ``LOOK`` seconds later.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waits: dict[asyncio.Task[Any], float] = {}
        """When each has waited too long, in seconds of the loop's clock: all wait as long, so the first ends first."""
        self._looking = False

    def __enter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._waits[_this_task(loop)] = loop.time() + self._seconds
        if not self._looking:
            self._looking = True
            loop.call_later(LOOK, self._look, loop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raises: TimeoutError where the block has been ended for lasting too long."""
        task = _this_task(asyncio.get_running_loop())
        if self._waits.pop(task, None) is not None:
            return
        if task.uncancel() <= 0 and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        late = []
        for task, until in self._waits.items():
            if until > now:
                break
            late.append(task)
        for task in late:
            del self._waits[task]
            task.cancel()
        self._looking = bool(self._waits)
        if self._looking:
            loop.call_later(LOOK, self._look, loop)


def _this_task(loop: asyncio.AbstractEventLoop) -> asyncio.Task[Any]:
    task = asyncio.current_task(loop)
    assert task is not None
    return task
