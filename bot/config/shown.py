"""The effective settings as they may be shown: every secret masked."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.config.urls import joined
from bot.settings import Settings
from channels.accounts import Accounts

MASK = "********"


def document(settings: Settings) -> dict[str, object]:
    """All settings as one JSON document."""
    return {
        "host": settings.host,
        "port": settings.port,
        "data_dir": str(settings.data_dir),
        "database_url": without_password(settings.database_url),
        "redis_url": without_password(settings.redis_url),
        "config": str(settings.config) if settings.config is not None else None,
        "demo": settings.demo,
        "public_url": settings.public_url or settings.base_url,
        "secret_key": MASK,
        "time_zone": settings.zone.key,
        "file_limit": settings.file_limit,
        "trusted_proxies": [str(network) for network in settings.trusted_proxies],
        "clamd": settings.clamd,
        "private_webhooks": settings.private_webhooks,
        "wording": _plain(settings.workbench.wording),
        "assist": None if settings.workbench.assist is None else _account(settings.workbench.assist),
        "leaves_the_country": abroad(settings.accounts),
        "accounts": _accounts(settings.accounts),
    }


def abroad(accounts: Accounts) -> list[str]:
    """The accounts on which what customers write leaves the country."""
    return [f"telegram.{name}" for name in sorted(accounts.telegram)]


def without_password(url: str | None) -> str | None:
    """A URL whose password, if any, is masked; in its query too."""
    if url is None:
        return None
    parts = urlsplit(url)
    account, at, host = parts.netloc.rpartition("@")
    name, colon, _ = account.partition(":")
    pairs = [pair.partition("=") for pair in parts.query.split("&")] if parts.query else []
    query = "&".join(f"{key}={MASK if key == 'password' else value}" for key, _, value in pairs)
    return joined(parts._replace(netloc=f"{name}{colon}{MASK if colon else ''}{at}{host}", query=query))


def _accounts(accounts: Accounts) -> dict[str, object]:
    channels: Mapping[str, Mapping[str, Any]] = {one.name: getattr(accounts, one.name) for one in fields(accounts)}
    return {
        channel: {name: _account(account) for name, account in held.items()}
        for channel, held in channels.items()
        if held
    }


def _account(account: Any) -> dict[str, object]:
    """An account's fields; what it keeps out of its own representation is masked."""
    return {
        one.name: _plain(getattr(account, one.name)) if one.repr else (MASK if getattr(account, one.name) else "")
        for one in fields(account)
        if one.name != "name"
    }


def _plain(value: Any) -> object:
    """What JSON knows; of tables within a table, what the operator has filled in."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if not is_dataclass(value):
        return value
    inner = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return {name: one for name, one in inner.items() if one}
