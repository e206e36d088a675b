"""Which CRM an operator has: their own, or the built-in one."""

from datetime import UTC, datetime

from aiohttp import ClientSession

from bot.crm.built_in import BuiltIn
from bot.crm.remote import Remote
from bot.customers.proofs import Proofs
from bot.db import Pool
from channels.accounts import Accounts


def _now() -> datetime:
    return datetime.now(UTC)


def remote(accounts: Accounts, pool: Pool, session: ClientSession, proofs: Proofs) -> Remote | None:
    """The operator's own CRM; None where there is none."""
    account = next(iter(accounts.crm.values()), None)
    return None if account is None else Remote(account, session, BuiltIn(pool), _now, proofs)
