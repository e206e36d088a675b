"""A trip: a browser goes to a provider to prove who it is, and comes back once."""

from dataclasses import dataclass
from secrets import token_urlsafe

from bot.db import Pool
from bot.login.oidc.id_token import Identity, Unproved
from bot.login.oidc.identities import SQL
from bot.login.oidc.provider import Provider
from bot.people.people import TOKEN_BYTES, TOKEN_LENGTH, hash_of


@dataclass(frozen=True, slots=True)
class Trip:
    """A trip that has begun."""

    state: str
    """For a cookie: whoever comes back with it is the browser that set out."""
    address: str
    """Where it goes."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A trip that has ended well."""

    identity: Identity
    linker: int | None
    """Who set out to link it; None for a log-in."""


class Trips:
    """Sends browsers out and takes them back.

    Args:
        pool: connections to PostgreSQL.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def set_out(self, provider: Provider, redirect: str, linker: int | None = None) -> Trip:
        """Begin a trip. Raises: Unproved where the provider does not answer."""
        state, nonce, verifier = (token_urlsafe(TOKEN_BYTES) for _ in range(3))
        address = await provider.address(redirect, state=state, nonce=nonce, verifier=verifier)
        await self._pool.execute(SQL["forget_trips"])
        values = hash_of(state), provider.account.name, nonce, verifier, linker
        await self._pool.execute(SQL["set_out"], *values)
        return Trip(state, address)

    async def come_back(self, provider: Provider, redirect: str, *, state: str, code: str) -> Arrival:
        """End a trip, which counts once whatever comes of it.

        Raises:
            Unproved: there is no such trip, or the provider does not prove who it is.
        """
        if len(state) != TOKEN_LENGTH or not state.isascii():
            raise Unproved("state")
        row = await self._pool.fetchrow(SQL["come_back"], hash_of(state), provider.account.name)
        if row is None:
            raise Unproved("state")
        if not code:
            raise Unproved("no_code")
        identity = await provider.identify(code, redirect, nonce=row["nonce"], verifier=row["verifier"])
        return Arrival(identity, row["agent_id"])
