"""Sessions of web pages and apps: a random token, of which only the hash is stored, speaks for one contact."""

import asyncio
from hashlib import sha256
from secrets import token_hex, token_urlsafe

from bot.bus import Bus
from bot.customers.recognition import Recognition
from bot.db import UNREACHABLE, Pool
from bot.ear import topic_of
from bot.lru import Lru
from bot.sql import load
from channels.door import Address, Busy

SQL = load(__file__, "web_sessions.sql")
TOKEN_BYTES = 32
TOKEN_LENGTH = 43
"""Characters of 32 bytes in URL-safe base64."""
VISITOR_BYTES = 16
MOST_KNOWN = 50_000
KNOWN_SECONDS = 600.0
"""How long a session is trusted without looking again. One that is ended lapses at once where the hint arrives, and
within this time where it is lost."""
ENDED = "sessions"
"""The topic that tells all processes to look again."""


class WebSessions:
    """Opens and finds sessions in PostgreSQL, with those of the last minutes in memory.

    Args:
        pool: connections to PostgreSQL.
        bus: tells all processes of sessions that are ended.
        recognition: is told who opened a session by a signed subject; None where no sessions are opened.
    """

    def __init__(self, pool: Pool, bus: Bus, recognition: Recognition | None = None) -> None:
        self._pool = pool
        self._bus = bus
        self._recognition = recognition
        self._ear = bus.ear()
        self._ear.follow(ENDED)
        self._known: Lru[bytes, tuple[Address, float]] = Lru(MOST_KNOWN)

    async def open(
        self, channel: str, account: str, subject: str | None, *, name: str = "", language: str = ""
    ) -> tuple[str, str]:
        """Open a session for a subject, or for a visitor without a name. Raises: Busy when PostgreSQL is away."""
        token = token_urlsafe(TOKEN_BYTES)
        contact = f"v:{token_hex(VISITOR_BYTES)}" if subject is None else f"u:{subject}"
        try:
            await self._pool.execute(SQL["open"], _hash(token), channel, account, contact)
        except UNREACHABLE as error:
            raise Busy from error
        if subject is not None and self._recognition is not None:
            await self._recognition.recognise(Address(channel, account, contact), subject, name=name, language=language)
        return token, contact

    async def find(self, token: str) -> Address | None:
        """The contact that a token speaks for, None where it has lapsed. Raises: Busy when PostgreSQL is away."""
        if len(token) != TOKEN_LENGTH or not token.isascii():
            return None
        token_hash, now = _hash(token), asyncio.get_running_loop().time()
        if self._ear.take():
            self._known = Lru(MOST_KNOWN)
        known = self._known.get(token_hash)
        if known is not None and known[1] > now:
            return known[0]
        address = await self._read(token_hash)
        if address is not None:
            self._known.put(token_hash, (address, now + KNOWN_SECONDS))
        return address

    async def agree(self, token: str, notice: str) -> bool:
        """Put on record what the holder of a token has agreed to; False for a token that is unknown or has lapsed.

        Args:
            token: of the session.
            notice: the address of the privacy notice that was shown.

        Raises:
            Busy: PostgreSQL is away.
        """
        try:
            return await self._pool.fetchval(SQL["agree"], _hash(token), notice) is not None
        except UNREACHABLE as error:
            raise Busy from error

    async def end(self, token: str) -> None:
        """Let a token speak for nobody any more. Raises: Busy when PostgreSQL is away."""
        address = await self.find(token)
        if address is not None:
            await self._end("end", address, _hash(token))

    async def end_all(self, address: Address) -> None:
        """End all sessions of a contact. Raises: Busy when PostgreSQL is away."""
        await self._end("end_all", address, *address)

    async def _end(self, statement: str, address: Address, *args: object) -> None:
        try:
            contact = await self._pool.fetchval(SQL[statement], *args)
        except UNREACHABLE as error:
            raise Busy from error
        topic = topic_of(address) if contact is None else f"contact:{contact}"
        self._bus.announce([ENDED, f"{topic}#ended"])

    async def _read(self, token_hash: bytes) -> Address | None:
        try:
            row = await self._pool.fetchrow(SQL["find"], token_hash)
        except UNREACHABLE as error:
            raise Busy from error
        return None if row is None else Address(row["channel"], row["account"], row["address"])


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
