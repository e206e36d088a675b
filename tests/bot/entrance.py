"""A way in for tests that want a session and no browser."""

from typing import Protocol

from bot.db import Pool
from bot.login.factors import Factors
from bot.login.log_in import LogIns, Opened, Peer
from bot.login.vault import Vault
from bot.people.people import People


class Enter(Protocol):
    """Logs somebody in by password."""

    async def __call__(self, login: str, password: str, origin: str = "", *, address: str | None = None) -> str | None:
        """The session's token; None where there is none."""
        ...


def log_ins(pool: Pool, people: People) -> LogIns:
    """The log-in as the stage's desk has it."""
    return LogIns(pool, people.passwords, Factors(pool, Vault("the secret of this stage")))


def entrance(pool: Pool, people: People) -> Enter:
    """A way in."""
    made = log_ins(pool, people)

    async def log_in(login: str, password: str, origin: str = "", *, address: str | None = None) -> str | None:
        step = await made.by_password(login, password, Peer(origin, address))
        return step.token if isinstance(step, Opened) else None

    return log_in
