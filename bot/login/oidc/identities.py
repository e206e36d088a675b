"""Who people at the desk are at providers: linked by issuer and subject only, on record."""

from collections.abc import Sequence

from bot.audit.audit import By, Deed, note
from bot.db import Pool, Row
from bot.login.oidc.id_token import Identity
from bot.sql import load
from channels.accounts import OidcAccount

SQL = load(__file__, "identities.sql")


def means_of(account: OidcAccount) -> str:
    """How the trail and sessions name a log-in at a provider."""
    return f"oidc:{account.name}"


async def owner_of(pool: Pool, identity: Identity) -> Row | None:
    """Whose an identity is: ``id`` and ``login``; None where nobody has linked it."""
    return await pool.fetchrow(SQL["owner"], identity.issuer, identity.subject)


async def identities_of(pool: Pool, agent_id: int) -> Sequence[Row]:
    """Who somebody is at providers: ``issuer``, ``subject`` and since when it is ``linked``."""
    return await pool.fetch(SQL["of"], agent_id)


async def link(pool: Pool, agent_id: int, identity: Identity, by: By) -> bool:
    """Let an identity log somebody in; False where it is linked already, or they are somebody else at this provider."""
    async with pool.acquire() as connection, connection.transaction():
        if await connection.fetchval(SQL["link"], identity.issuer, identity.subject, agent_id) is None:
            return False
        detail = f"{identity.issuer} {identity.subject}"
        await note(connection, by, Deed.IDENTITY_LINKED, f"agent:{agent_id}", detail=detail)
    return True


async def unlink(pool: Pool, agent_id: int, issuer: str, means: str, by: By) -> bool:
    """Take somebody's identity at a provider away; log-ins by it end. False where there is none.

    Args:
        pool: connections to PostgreSQL.
        agent_id: whose.
        issuer: the provider's, as the settings name it.
        means: how sessions that it opened are marked.
        by: who does it.
    """
    async with pool.acquire() as connection, connection.transaction():
        subject = await connection.fetchval(SQL["unlink"], agent_id, issuer, means)
        if subject is None:
            return False
        await note(connection, by, Deed.IDENTITY_UNLINKED, f"agent:{agent_id}", detail=f"{issuer} {subject}")
    return True
