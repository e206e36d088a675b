"""Who comes to the web door: whose session a request carries, and whether it asks too much."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from channels.door import Address, Malformed
from channels.web.house import Sessions
from channels.web.limits import STRANGERS, Limit, Limits
from channels.web.peers import Peers

Bearer = Callable[[web.Request], Awaitable[Address]]
"""Whose session a request carries; raises Malformed where it carries none, TooMany where it asks too much."""


class Admission:
    """Lets requests of one channel in.

    Args:
        channel: ``web`` or ``app``.
        sessions: knows tokens.
        peers: tells from where a request comes.
        limits: how much a client may ask.
    """

    def __init__(self, channel: str, sessions: Sessions, *, peers: Peers, limits: Limits) -> None:
        self._channel = channel
        self._sessions = sessions
        self._peers = peers
        self._limits = limits

    async def bearer(self, request: web.Request) -> Address:
        """Whose session a request carries. Raises: Malformed where it carries none, TooMany for who tries many."""
        address = await self.find(token_of(request), request.match_info["account"])
        if address is None:
            self.count(STRANGERS, request)
            raise Malformed("token_unknown", status=401)
        return address

    def within(self, limit: Limit) -> Bearer:
        """Whose session a request carries, as long as that contact does not ask too much."""

        async def bearer(request: web.Request) -> Address:
            address = await self.bearer(request)
            self._limits.take(limit, address)
            return address

        return bearer

    def count(self, limit: Limit, request: web.Request) -> None:
        """Count a request for the address that it comes from. Raises: TooMany."""
        peer = self._peers.of(request)
        if peer is not None:
            self._limits.take(limit, peer)

    async def find(self, token: str, account: str) -> Address | None:
        """The contact of a token that was issued for this very account."""
        address = await self._sessions.find(token)
        if address is None or (address.channel, address.account) != (self._channel, account):
            return None
        return address


def token_of(request: web.Request) -> str:
    """The token that a request carries; empty for none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
