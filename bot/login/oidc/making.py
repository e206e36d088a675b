"""Makes the providers that the settings name."""

from collections.abc import Mapping
from datetime import UTC, datetime

from aiohttp import ClientSession

from bot.login.oidc.provider import Provider
from channels.accounts import Accounts


def make_providers(accounts: Accounts, session: ClientSession) -> Mapping[str, Provider]:
    """All providers, by name."""
    return {name: Provider(one, session, lambda: datetime.now(UTC)) for name, one in accounts.oidc.items()}
