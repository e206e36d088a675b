"""Log-in in two steps: a password, or the word of a provider, and a code where there is a second factor."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex, token_urlsafe

import structlog

from bot.audit.audit import By, Deed, note
from bot.db import Pool, Row
from bot.login.factors import Factors, Proof
from bot.people.agent import Agent
from bot.people.passwords import Passwords
from bot.people.people import SESSIONS, TOKEN_BYTES, TOKEN_LENGTH, Session, hash_of
from bot.sql import load

SQL = load(__file__, "log_in.sql")
TRIES = 5
"""Wrong passwords and codes in a row until an account pauses: 30 s, doubled by each further, 15 min at most."""
TRIES_FROM, WINDOW = 100, timedelta(minutes=10)
"""Failed log-ins from one address in such a time; more are refused unread until it has passed. An office of many people
may share an address, so it takes more than one person's bad morning."""
PASSWORD = "password"  # noqa: S105

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Peer:
    """Where somebody logs in from."""

    origin: str = ""
    """The browser's address on the network, for the trail."""
    address: str | None = None
    """The same where it tells browsers apart; it pauses after many wrong passwords."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session has begun."""

    token: str
    """For the cookie."""
    codes: tuple[str, ...] = ()
    """Recovery codes, to be shown this once, where a second factor was set up on the way."""


@dataclass(frozen=True, slots=True)
class Halfway:
    """The first thing was right, and a code is still to come."""

    token: str
    """For a cookie of its own; good for ten minutes and for one log-in."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A log-in that has come halfway."""

    agent_id: int
    login: str
    language: str
    means: str
    """What the first thing was."""
    sets_up: bool
    """Whether a second factor is to be set up first, because the role needs one."""


class LogIns:
    """Lets people in.

    Wrong passwords and wrong codes count together; unknown log-ins and pauses look like wrong ones.

    Args:
        pool: connections to PostgreSQL.
        passwords: checks them.
        factors: the second factors.
    """

    def __init__(self, pool: Pool, passwords: Passwords, factors: Factors) -> None:
        self._pool = pool
        self._passwords = passwords
        self._factors = factors

    async def by_password(self, login: str, password: str, peer: Peer) -> Opened | Halfway | None:
        """Check a password; None where it is wrong, or whoever it is has to wait."""
        login = login.strip().lower()
        row = await self._tried(login, peer)
        kept = row["password_hash"] if row else None
        if not await self._passwords.check(kept, password) or row is None:
            await self._refuse(row, login, PASSWORD, peer)
            return None
        if self._passwords.outdated(kept or ""):
            await self._pool.execute(SQL["rehash"], row["id"], await self._passwords.hash(password))
        return await self.go_on(row["id"], login, PASSWORD, peer)

    async def go_on(
        self, agent_id: int, login: str, means: str, peer: Peer, *, strong: bool = False
    ) -> Opened | Halfway:
        """After the first thing was right: open a session, or ask for a code.

        Args:
            agent_id: whose.
            login: the same, as the trail names them.
            means: what the first thing was.
            peer: from where.
            strong: whether it proved a second factor as well.
        """
        standing = await self._factors.standing(agent_id)
        if strong or not (standing.has or standing.required):
            return await self._open(agent_id, login, means, peer, strong=strong)
        await self._forgive(agent_id, peer)
        await self._pool.execute(SQL["forget_halfway"])
        token = token_urlsafe(TOKEN_BYTES)
        await self._pool.execute(SQL["halt"], hash_of(token), agent_id, means)
        return Halfway(token)

    async def waiting(self, token: str) -> Waiting | None:
        """The log-in that has come halfway under a token; None where there is none any more."""
        if len(token) != TOKEN_LENGTH or not token.isascii():
            return None
        row = await self._pool.fetchrow(SQL["halfway"], hash_of(token))
        if row is None:
            return None
        standing = await self._factors.standing(row["id"])
        return Waiting(row["id"], row["login"], row["language"], row["means"], not standing.has)

    async def by_code(self, token: str, code: str, now: datetime, peer: Peer) -> Opened | None:
        """Go on with a code of the second factor, or a recovery code; None where it is wrong."""
        one = await self.waiting(token)
        if one is None or await self._proved(one.agent_id, one.login, code, now, peer) is None:
            return None
        return await self._finish(token, one, peer)

    async def by_setting_up(self, token: str, code: str, now: datetime, peer: Peer) -> Opened | None:
        """Go on by the first code of the second factor that was just set up; None where it is wrong."""
        one = await self.waiting(token)
        if one is None or not one.sets_up:
            return None
        codes = await self._factors.confirm(one.agent_id, code, now, By(one.agent_id, one.login, peer.origin))
        return None if codes is None else await self._finish(token, one, peer, codes)

    async def confirms(self, agent: Agent, password: str, peer: Peer) -> bool:
        """Whether somebody who is logged in knows their password; tries count like those to log in."""
        row = await self._tried(agent.login, peer)
        if row is None or not await self._passwords.check(row["password_hash"], password):
            await self._refuse(row, agent.login, PASSWORD, peer)
            return False
        await self._forgive(agent.id, peer)
        return True

    async def proves(self, agent: Agent, code: str, now: datetime, peer: Peer) -> bool:
        """Whether somebody who is logged in has their second factor at hand; tries count like those to log in."""
        if await self._proved(agent.id, agent.login, code, now, peer) is None:
            return False
        await self._forgive(agent.id, peer)
        return True

    async def renew(self, session: Session, *, strong: bool = False) -> str:
        """Give a session another token and end all others of this person; returns the token for the cookie."""
        token = token_urlsafe(TOKEN_BYTES)
        values = session.token_hash, hash_of(token), session.agent.id, strong
        await self._pool.execute(SQL["renew"], *values)
        return token

    async def _finish(self, token: str, one: Waiting, peer: Peer, codes: tuple[str, ...] = ()) -> Opened | None:
        if await self._pool.fetchval(SQL["go_on"], hash_of(token)) is None:
            return None
        opened = await self._open(one.agent_id, one.login, one.means, peer, strong=True)
        return Opened(opened.token, codes)

    async def _open(self, agent_id: int, login: str, means: str, peer: Peer, *, strong: bool) -> Opened:
        await self._pool.execute(SESSIONS["forget"])
        await self._pool.execute(SQL["forget_tries"])
        if peer.address is not None:
            await self._pool.execute(SQL["succeed_from"], peer.address)
        token = token_urlsafe(TOKEN_BYTES)
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(SQL["admit"], agent_id)
            await connection.execute(SESSIONS["open"], hash_of(token), agent_id, token_hex(TOKEN_BYTES), strong, means)
            await note(connection, By(agent_id, login, peer.origin), Deed.LOG_IN, f"agent:{agent_id}", detail=means)
        log.info("people.logged_in", agent=agent_id)
        return Opened(token)

    async def _proved(self, agent_id: int, login: str, code: str, now: datetime, peer: Peer) -> Proof | None:
        """Take a code, counted as a try; a recovery code leaves a mark on the trail."""
        row = await self._tried(login, peer)
        proof = None if row is None else await self._factors.accept(agent_id, code, now)
        if proof is None:
            await self._refuse(row, login, Proof.CODE, peer)
        if proof is Proof.RECOVERY:
            await self._note(agent_id, login, Deed.RECOVERY_USED, "", peer)
        return proof

    async def _tried(self, login: str, peer: Peer) -> Row | None:
        """Count a try; None while the account or the address pauses, or there is no such account."""
        may = peer.address is None or await self._pool.fetchval(SQL["try_from"], peer.address, TRIES_FROM, WINDOW)
        return await self._pool.fetchrow(SQL["try"], login, TRIES) if may else None

    async def _forgive(self, agent_id: int, peer: Peer) -> None:
        await self._pool.execute(SQL["forgive"], agent_id)
        if peer.address is not None:
            await self._pool.execute(SQL["succeed_from"], peer.address)

    async def _refuse(self, row: Row | None, login: str, means: str, peer: Peer) -> None:
        log.info("people.login_refused")
        if row is not None:
            await self._note(row["id"], login, Deed.LOG_IN_REFUSED, means, peer)

    async def _note(self, agent_id: int, login: str, deed: Deed, detail: str, peer: Peer) -> None:
        await note(self._pool, By(agent_id, login, peer.origin), deed, f"agent:{agent_id}", detail=detail)
