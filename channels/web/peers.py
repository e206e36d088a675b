"""From which address on the network a request comes, behind proxies that the operator trusts."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import structlog
from aiohttp import web

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
HOME = 64
"""Bits of an IPv6 address that one customer's line has in common."""
MOST_HOPS = 16

log = structlog.get_logger()


class Peers:
    """Tells addresses.

    Args:
        trusted: networks of the operator's own proxies, whose ``X-Forwarded-For`` is believed.
    """

    def __init__(self, trusted: Sequence[Network] = ()) -> None:
        self._trusted = trusted
        self._warned = False

    def of(self, request: web.Request) -> str | None:
        """The client's address, of IPv6 its line; None where the request comes from this machine itself.

        Behind a proxy on this machine that is not trusted all customers look alike, so nothing is told of any.
        """
        peer = _address(request.remote or "")
        self._warn(request, peer)
        hops = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")[-MOST_HOPS:]
        while peer is not None and hops and self._trusts(peer):
            before = _address(hops.pop())
            if before is None:
                break
            peer = before
        return None if peer is None or peer.is_loopback else _line(peer)

    def _warn(self, request: web.Request, peer: Address | None) -> None:
        """Say once that a proxy seems to stand before us that no setting names."""
        if "X-Forwarded-For" in request.headers and not self._warned and (peer is None or not self._trusts(peer)):
            self._warned = True
            log.warning("web.proxy_not_trusted", setting="HUIYING_TRUSTED_PROXIES")

    def _trusts(self, peer: Address) -> bool:
        return any(peer in network for network in self._trusted)


def _address(text: str) -> Address | None:
    try:
        found = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _line(address: Address) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((address, HOME), strict=False))
    return str(address)
