"""How far a thread has got on a device: receipts, the number of unread messages, and that the customer is writing."""

from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from channels.web import answers
from channels.web.admission import Bearer
from channels.web.bodies import parse_receipts, read_json
from channels.web.house import Reaches

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Progress:
    """Serves what is not said but done with messages.

    Args:
        reaches: takes and tells how far threads have got.
        bearer: whose session a request carries; raises Malformed where it carries none.
    """

    def __init__(self, reaches: Reaches, bearer: Bearer) -> None:
        self._reaches = reaches
        self._bearer = bearer

    def routes(self, base: str, guarded: Callable[[Handler], Handler]) -> Iterable[web.RouteDef]:
        """The routes below an account's address."""
        return [
            web.post(f"{base}/receipts", guarded(self._take_receipts)),
            web.get(f"{base}/receipts", guarded(self._show_receipts), allow_head=False),
            web.get(f"{base}/unread", guarded(self._show_unread), allow_head=False),
            web.post(f"{base}/typing", guarded(self._take_typing)),
        ]

    async def _take_receipts(self, request: web.Request) -> web.StreamResponse:
        address = await self._bearer(request)
        told = parse_receipts(await read_json(request))
        reach = await self._reaches.note(address, delivered=told.delivered, read=told.read)
        return answers.answer(answers.as_reach(reach))

    async def _show_receipts(self, request: web.Request) -> web.StreamResponse:
        return answers.answer(answers.as_reach(await self._reaches.of(await self._bearer(request))))

    async def _show_unread(self, request: web.Request) -> web.StreamResponse:
        return answers.answer({"unread": await self._reaches.unread(await self._bearer(request))})

    async def _take_typing(self, request: web.Request) -> web.StreamResponse:
        self._reaches.typing(await self._bearer(request))
        return web.Response(status=204, headers=answers.HEADERS)
