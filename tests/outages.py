"""Every way in which a platform's API can fail, for stand-ins of such APIs."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import web


class Outage(StrEnum):
    """What happens to a call instead of an answer."""

    DROPPED = "dropped"
    """The connection is cut before anything was done."""
    SWALLOWED = "swallowed"
    """Everything is done, and the connection cut instead of an answer."""
    GARBAGE = "garbage"
    """A page of a proxy with status 200."""
    LIST = "list"
    """JSON, but no object."""
    HANG = "hang"
    """No answer before ``released``."""
    DRIP = "drip"
    """An answer that comes a byte at a time and never ends before ``released``."""


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Failure = int | Outage | None
"""An HTTP status (100 to 599), any other number as an error code, an outage, or None for a call that succeeds."""


@dataclass
class Outages:
    """Failures are taken in order, one a call and path; after them, calls succeed."""

    waiting: defaultdict[str, deque[Failure]] = field(default_factory=lambda: defaultdict(deque))
    always: dict[str, Failure] = field(default_factory=dict)
    """A failure of every call of a path."""
    everything: Failure = None
    """A failure of every call of every path."""
    calls: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    """How often each path was called."""
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def next(self, path: str) -> Failure:
        """What happens to the next call of a path."""
        waiting = self.waiting[path]
        return waiting.popleft() if waiting else self.always.get(path, self.everything)

    def taking(self, path: str, handler: Handler, *, reads: bool = True) -> Handler:
        """The handler of a path, with the failures that wait for it; ``reads`` the body before anything else."""

        async def take(request: web.Request) -> web.StreamResponse:
            self.calls[path] += 1
            if reads:
                await request.read()
            failure = self.next(path)
            if failure is None or failure is Outage.SWALLOWED:
                answer = await handler(request)
                return answer if failure is None else cut(request)
            return await self.answer(request, failure)

        return take

    async def answer(self, request: web.Request, failure: int | Outage) -> web.StreamResponse:
        """Fail a call."""
        match failure:
            case Outage.DROPPED | Outage.SWALLOWED:
                return cut(request)
            case Outage.GARBAGE:
                return web.Response(text="<html>502 Bad Gateway</html>", content_type="text/html")
            case Outage.LIST:
                return web.json_response([1, 2])
            case Outage.HANG:
                await self.released.wait()
                return web.Response(status=504)
            case Outage.DRIP:
                return await self._drip(request)
            case _ if 100 <= failure < 600:
                return web.Response(status=failure, text="unavailable")
            case _:
                return refused(failure)

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        while not self.released.is_set():
            await response.write(b" ")
            await asyncio.sleep(0.01)
        return response


def cut(request: web.Request) -> web.Response:
    """Cut the connection."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def refused(code: int, says: str = "") -> web.Response:
    """An answer with an error code."""
    return web.json_response({"errcode": code, "errmsg": says or f"error {code} rid: stand-in"})
