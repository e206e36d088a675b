"""A telephone system before the hotline's door."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

from channels.accounts import HotlineAccount
from channels.hotline.peer import Peer, Request
from tests.channels.stand import House

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
ACCOUNT = HotlineAccount("pbx", secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
NEXT_KEY = HotlineAccount("pbx", secret="whsec_bmV4dCBrZXkgZm9yIHRoZSB0ZWxlcGhvbmU=")
CALLER = "13800000001"


@dataclass
class Pbx:
    """A telephone system in front of the door."""

    client: TestClient[web.Request, web.Application]
    house: House
    peer: Peer = field(default_factory=lambda: Peer(ACCOUNT))

    async def post(self, request: Request, **headers: str) -> ClientResponse:
        """Post a request, with some headers changed."""
        return await self.client.post(request.path, data=request.body, headers={**request.headers, **headers})

    async def report(self, kind: str, number: int = 1, **data: object) -> ClientResponse:
        """Report something of one call."""
        told = {"call": "c1", "caller": CALLER, **data}
        return await self.post(self.peer.report(f"m{number}", kind, NOW, **told))
