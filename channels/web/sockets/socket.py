"""The web door's socket: a client says who it is and what it has seen, then gets every newer message as it comes.

    client → {"type": "hello", "token", "after_seq"}            the first frame, within 10 s
    server → {"type": "message", "message": MESSAGE}            in the order of seq, none twice
    server → {"type": "standing", "status", "place", "agent"}   only if the hello carried "standing": true
    server → {"type": "typing", "sender": "agent"}              only if it carried "typing": true; holds for 5 s
    server → {"type": "read", "seq"}                            only if it carried "receipts": true
    client → {"type": "receipts", "delivered", "read"}          what has arrived, and what has been seen, up to a seq
    client → {"type": "typing"}                                 while the customer writes; one a second counts

A backlog is read a page at a time, and the next page only when the last one has left: so what waits for a slow reader
is one page, and a reader that does not take it within 10 s is dropped. An idle client has neither a task nor a timer.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from aiohttp import WSCloseCode, web

from channels.door import Address, Busy
from channels.web.house import Reaches, Threads
from channels.web.sockets.audiences import Audiences
from channels.web.sockets.cable import Cable, Handed, accept_of, hand_over
from channels.web.sockets.heartbeat import Heartbeat
from channels.web.sockets.reader import Reader
from channels.web.sockets.visit import TOKEN_UNKNOWN, Find, Hall, Visit


class Socket:
    """All open sockets of a door.

    Args:
        threads: reads messages.
        reaches: takes receipts.
        find: the contact of a token for an account.
        arrived: told up to which message a client has all.
    """

    def __init__(
        self, *, threads: Threads, reaches: Reaches, find: Find, arrived: Callable[[Address, int], None]
    ) -> None:
        self._find = find
        self._audiences = Audiences(threads, reaches, self._check)
        self._hall = Hall(self._audiences, reaches, find, arrived, self._forget)
        self._heartbeat = Heartbeat()
        self._open: set[Visit] = set()
        self._ended = asyncio.Event()
        self._checks: set[asyncio.Task[None]] = set()

    def serve(self, request: web.Request, account: str) -> web.StreamResponse:
        """Let a client in. Raises: Malformed where it asks for no socket; ConnectionError where it has gone."""
        transport = hand_over(request, accept_of(request))
        visit = Visit(self._hall, account)
        visit.cable = Cable(transport, self._heartbeat, visit)
        transport.set_protocol(visit.cable)
        self._open.add(visit)
        return Handed(status=101)

    def _forget(self, visit: Visit) -> None:
        """A client has gone."""
        self._open.discard(visit)
        if not self._open:
            self._ended.set()

    async def close(self) -> None:
        """Close all sockets: the process is about to stop."""
        await self._audiences.close()
        self._ended.clear()
        for visit in list(self._open):
            visit.cable.close(WSCloseCode.GOING_AWAY)
        if self._open:
            await self._ended.wait()
        await asyncio.gather(*self._checks, return_exceptions=True)

    def _check(self, address: Address, reader: Reader) -> None:
        """See whether a reader's session is among those of its contact that have been ended, and close it if so."""
        check = asyncio.create_task(self._close_ended(address, reader), name="socket.check")
        self._checks.add(check)
        check.add_done_callback(self._checks.discard)

    async def _close_ended(self, address: Address, reader: Reader) -> None:
        with suppress(Busy):
            if await self._find(reader.token, address.account) is None:
                reader.cable.close(TOKEN_UNKNOWN, "token_unknown")
