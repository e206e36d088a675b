"""Subscriptions: which systems are told of what, and the secrets that sign what they are told."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address
from secrets import token_bytes
from urllib.parse import urlsplit

from bot.audit.audit import By, Deed, note
from bot.db import Pool, Row, Statements
from bot.login.vault import Vault
from bot.sql import load
from bot.subscriptions.events import Type
from bot.webhooks import may_reach
from channels.webhooks import PREFIX

SQL = load(__file__, "subscriptions.sql")
KNOWLEDGE = load(__file__, "../knowledge/knowledge.sql")
SUBJECT = "subscriptions"
PURPOSE = "subscriptions"
SECRET_BYTES = 32
"""Of a secret; the specification wants 24 to 64."""
LONGEST = 64
LONGEST_URL = 500


class Off(StrEnum):
    """Why a subscription is disabled."""

    GONE = "gone"
    """The receiver said 410."""
    BY_HAND = "by_hand"


class Misfit(StrEnum):
    """Why there can be no such subscription."""

    NAME = "name"
    URL = "url"
    EVENTS = "events"


SAID = {
    Misfit.NAME: f"a name has 1 to {LONGEST} characters",
    Misfit.URL: "a webhook goes to https://, to no address of this house's own network unless the settings allow it",
    Misfit.EVENTS: "choose at least one event",
}


class Unfit(Exception):
    """There can be no such subscription; the message says why."""

    def __init__(self, why: Misfit) -> None:
        super().__init__(SAID[why])
        self.why = why


@dataclass(frozen=True, slots=True)
class Draft:
    """A subscription to be."""

    name: str
    url: str
    events: frozenset[Type]


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Keeps subscriptions.

    Args:
        pool: connections to PostgreSQL.
        secret_key: the house's own; seals the secrets.
        private: whether systems of the operator's own network may be told.
    """

    pool: Pool
    secret_key: str
    private: bool

    @property
    def vault(self) -> Vault:
        """Seals secrets."""
        return Vault(self.secret_key, PURPOSE)

    async def add(self, draft: Draft, by: By) -> tuple[int, str]:
        """Subscribe; returns the id and the secret, which nobody can be shown again.

        Raises:
            Unfit: it cannot be so.
        """
        if not 0 < len(draft.name) <= LONGEST:
            raise Unfit(Misfit.NAME)
        if not fits(draft.url, private=self.private):
            raise Unfit(Misfit.URL)
        if not draft.events:
            raise Unfit(Misfit.EVENTS)
        secret = new_secret()
        async with self.pool.acquire() as connection, connection.transaction():
            made: int = await connection.fetchval(SQL["add"], draft.name, draft.url, sorted(draft.events))
            await connection.execute(SQL["seal"], made, self.vault.seal(made, secret.encode()))
            await _noted(connection, made, by, Deed.HOOK_ADDED, f"{draft.url} {' '.join(sorted(draft.events))}")
        return made, secret

    async def rotate(self, number: int, by: By) -> tuple[str, datetime] | None:
        """Make a new secret, beside which the present one signs on for a day; None where nobody has that number."""
        secret = new_secret()
        async with self.pool.acquire() as connection, connection.transaction():
            until = await connection.fetchval(SQL["rotate"], number, self.vault.seal(number, secret.encode()))
            if until is None:
                return None
            await note(connection, by, Deed.HOOK_ROTATED, f"webhook:{number}")
        return secret, until

    async def disable(self, number: int, by: By) -> bool:
        """Tell no more; False where nobody was told."""
        async with self.pool.acquire() as connection, connection.transaction():
            done = await connection.fetchval(SQL["disable"], number, Off.BY_HAND) is not None
            if done:
                await _noted(connection, number, by, Deed.HOOK_DISABLED)
        return done

    async def enable(self, number: int, by: By) -> bool:
        """Tell again what happens from now on; False where that was so."""
        async with self.pool.acquire() as connection, connection.transaction():
            done = await connection.fetchval(SQL["enable"], number) is not None
            if done:
                await _noted(connection, number, by, Deed.HOOK_ENABLED)
        return done

    async def replay(self, number: int, delivery: int | None, by: By) -> int:
        """Tell one thing again, or all that was given up; returns how many that are."""
        async with self.pool.acquire() as connection, connection.transaction():
            if delivery is None:
                rows = await connection.fetch(SQL["replay_failed"], number)
            else:
                rows = await connection.fetch(SQL["replay"], delivery, number)
            if rows:
                what = f"{len(rows)} given up" if delivery is None else f"delivery:{delivery}"
                await note(connection, by, Deed.HOOK_REPLAYED, f"webhook:{number}", detail=what)
        return len(rows)

    async def all(self) -> Sequence[Row]:
        """All subscriptions with how their deliveries stand."""
        return await self.pool.fetch(SQL["all"])

    async def log(self, number: int, before: int, most: int) -> Sequence[Row]:
        """What one subscriber was told, the latest first; ``before`` a delivery, or 0."""
        return await self.pool.fetch(SQL["log"], number, before, most)


def fits(url: str, *, private: bool) -> bool:
    """Whether a webhook may go there, as far as its address tells; where a name leads is looked at with each call."""
    try:
        found = urlsplit(url)
        host, _ = found.hostname, found.port
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_URL
    schemes = ("https", "http") if private else ("https",)
    if not plain or not host or found.scheme not in schemes or found.username is not None or found.fragment:
        return False
    try:
        ip_address(host)
    except ValueError:
        return True
    return may_reach(host, private=private)


def new_secret() -> str:
    """A secret as the specification spells it."""
    return PREFIX + b64encode(token_bytes(SECRET_BYTES)).decode()


async def _noted(database: Statements, number: int, by: By, deed: Deed, detail: str = "") -> None:
    """Put a change on record, and have all processes look at who is told of what."""
    await note(database, by, deed, f"webhook:{number}", detail=detail)
    await database.fetchval(KNOWLEDGE["publish"], SUBJECT)
