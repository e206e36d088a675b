"""Calls to the operator's own systems: one signed POST at a time, to no address that it was not meant for.

    POST url    webhook-id, webhook-timestamp, webhook-signature: Standard Webhooks 1.0 (symmetric)

A name may resolve to anything, so the address is looked at when the socket is made, behind all resolving.
"""

import socket
import time
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

from channels.webhooks import key_of, sign

PATIENCE = ClientTimeout(total=5)
LARGEST_ANSWER = 16 * 1024
"""Bytes of an answer that are read."""
NAT64 = ip_network("64:ff9b::/96")
"""IPv6 addresses that stand for IPv4 ones (RFC 6052)."""


class Forbidden(OSError):
    """An address of a network that the call must not reach."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a call."""

    taken: bool
    reason: str = ""
    """A constant word or the HTTP status, where it was not taken."""
    after: float = 0.0
    """Seconds that the other side asks to be left alone."""
    said: bytes = b""
    """What it answered, as far as anybody reads it."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where to call, and the secrets (``whsec_`` and base64) that sign."""

    url: str
    secret: str
    former: str = ""
    """The secret before, which signs as well while the other side changes over; empty for none."""

    async def post(self, session: ClientSession, number: str, body: bytes) -> Outcome:
        """Call once. A repeat carries the same number, so that the other side knows it.

        Args:
            session: decides which addresses may be reached.
            number: names the message.
            body: JSON.
        """
        now = int(time.time())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": number,
            "webhook-timestamp": str(now),
            "webhook-signature": " ".join(sign(key_of(one), number, now, body) for one in self._secrets),
        }
        try:
            async with session.post(self.url, data=body, headers=headers, allow_redirects=False) as response:
                if response.status // 100 == 2:
                    return Outcome(taken=True, said=await _said(response))
                return Outcome(
                    taken=False, reason=str(response.status), after=_after(response.headers.get("Retry-After"))
                )
        except (ClientError, TimeoutError) as error:
            return Outcome(taken=False, reason=_reason(error))

    @property
    def _secrets(self) -> tuple[str, ...]:
        return (self.secret, self.former) if self.former else (self.secret,)


def caller(*, private: bool, patience: ClientTimeout = PATIENCE) -> ClientSession:
    """A session for such calls.

    Args:
        private: whether addresses of the operator's own network may be reached; those of this link never.
        patience: how long one call may take.
    """

    def make(info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        if not may_reach(address[0], private=private):
            raise Forbidden(f"{address[0]} is no address for a call from here")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made

    return ClientSession(timeout=patience, connector=TCPConnector(socket_factory=make), cookie_jar=DummyCookieJar())


class Calling:
    """Whoever calls others: open it before the first call, so that its sessions are there.

    Args:
        patience: how long one call may take.
    """

    def __init__(self, patience: ClientTimeout = PATIENCE) -> None:
        self._patience = patience

    async def __aenter__(self) -> Self:
        self._sessions = {private: caller(private=private, patience=self._patience) for private in (False, True)}
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in self._sessions.values():
            await session.close()

    def session(self, *, private: bool) -> ClientSession:
        """The session for those in the operator's own network, or for all others."""
        return self._sessions[private]


def may_reach(address: str, *, private: bool) -> bool:
    """Whether a call may go to an IP address."""
    ip = _meant(ip_address(address.partition("%")[0]))
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or (ip.is_reserved and not ip.is_loopback):
        return False
    return private or ip.is_global


def _meant(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The address that one of another family stands for."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


async def _said(response: ClientResponse) -> bytes:
    said = b""
    while chunk := await response.content.read(LARGEST_ANSWER - len(said)):
        said += chunk
    return said


def _reason(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, Forbidden):
            return "address_forbidden"
        cause = cause.__cause__
    return type(error).__name__


def _after(header: str | None) -> float:
    return float(header) if header and header.isascii() and header.isdigit() and len(header) < 6 else 0.0
