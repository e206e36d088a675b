"""The door for outlets: people at counters fill in a form at the desk, and tell customers what comes back."""

from collections.abc import Iterable

from aiohttp import web

from channels.door import Capabilities, Outbound, Undeliverable
from channels.outlet.parse import CHANNEL


class OutletDoor:
    """Has no routes of its own: its form is a page of the desk."""

    name = CHANNEL
    capabilities = Capabilities(text_limit=0, choices=False, pushes=False)

    def routes(self) -> Iterable[web.RouteDef]:
        """None; nobody reaches us here but through the desk."""
        return ()

    async def send(self, outbound: Outbound) -> str:
        """Nothing can be written to somebody who stood at a counter: people tell them, or call.

        Raises:
            Undeliverable: always.
        """
        raise Undeliverable("called_back_by_people")
