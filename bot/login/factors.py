"""Second factors: a secret that somebody's telephone holds, its codes, and recovery codes for who has lost it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from secrets import choice, token_bytes

import structlog

from bot.audit.audit import By, Deed, note
from bot.db import Pool, Statements
from bot.login.totp import DIGITS, SECRET_BYTES, matching
from bot.login.vault import Vault
from bot.sql import load

SQL = load(__file__, "factors.sql")
CODES = 10
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Of recovery codes: none that is easily taken for another."""
LONG = 10
"""Letters of a recovery code: 49 bits."""

log = structlog.get_logger()


class Proof(StrEnum):
    """What a code was."""

    CODE = "code"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands with a second factor."""

    has: bool
    required: bool
    """Whether their role needs one."""
    left: int
    """Recovery codes that still count."""


class Factors:
    """Keeps second factors.

    Args:
        pool: connections to PostgreSQL.
        vault: seals the secrets.
    """

    def __init__(self, pool: Pool, vault: Vault) -> None:
        self._pool = pool
        self._vault = vault

    async def standing(self, agent_id: int) -> Standing:
        """How somebody stands."""
        row = await self._pool.fetchrow(SQL["standing"], agent_id)
        return Standing(False, False, 0) if row is None else Standing(row["has"], row["required"], row["left"])

    async def begin(self, agent_id: int) -> bytes | None:
        """The secret that waits for its first code, made where there is none; None where a factor is in force.

        It stays the same until then, so that a page that is loaded again shows the same square.
        """
        await self._pool.execute(SQL["begin"], agent_id, self._vault.seal(agent_id, token_bytes(SECRET_BYTES)))
        found = await self.waiting(agent_id)
        if found is None and not (await self.standing(agent_id)).has:  # Sealed with a key that is gone.
            await self._pool.execute(SQL["drop"], agent_id)
            return await self.begin(agent_id)
        return found

    async def waiting(self, agent_id: int) -> bytes | None:
        """The secret that waits for its first code, None where none does."""
        row = await self._pool.fetchrow(SQL["secret"], agent_id)
        return None if row is None or row["confirmed"] else self._vault.open(agent_id, row["secret"])

    async def confirm(self, agent_id: int, code: str, now: datetime, by: By) -> tuple[str, ...] | None:
        """Put the waiting secret in force by its first code.

        Returns:
            Recovery codes, to be shown this once; None where the code is wrong.
        """
        secret = await self.waiting(agent_id)
        step = None if secret is None else matching(secret, plain(code), now)
        if step is None:
            return None
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(SQL["confirm"], agent_id, step) is None:
                return None
            await note(connection, by, Deed.FACTOR_SET, f"agent:{agent_id}")
            return await self._give_codes(connection, agent_id)

    async def accept(self, agent_id: int, code: str, now: datetime) -> Proof | None:
        """Take a code or a recovery code, each of which counts once; None where it is neither."""
        typed = plain(code)
        if len(typed) == DIGITS and typed.isdigit():
            return Proof.CODE if await self._spend_step(agent_id, typed, now) else None
        kept = self._vault.hash_of(agent_id, typed)
        return None if await self._pool.fetchval(SQL["spend_code"], agent_id, kept) is None else Proof.RECOVERY

    async def renew_codes(self, agent_id: int, by: By) -> tuple[str, ...]:
        """Give somebody recovery codes anew, to be shown this once; the former count no more."""
        async with self._pool.acquire() as connection, connection.transaction():
            await note(connection, by, Deed.RECOVERY_RENEWED, f"agent:{agent_id}")
            return await self._give_codes(connection, agent_id)

    async def drop(self, agent_id: int, by: By) -> bool:
        """Take somebody's second factor away; False where there is none."""
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(SQL["drop"], agent_id) is None:
                return False
            await note(connection, by, Deed.FACTOR_DROPPED, f"agent:{agent_id}")
        return True

    async def _spend_step(self, agent_id: int, code: str, now: datetime) -> bool:
        row = await self._pool.fetchrow(SQL["secret"], agent_id)
        if row is None or not row["confirmed"]:
            return False
        secret = self._vault.open(agent_id, row["secret"])
        if secret is None:
            log.warning("login.secret_sealed_with_another_key", agent=agent_id)
            return False
        step = matching(secret, code, now)
        return step is not None and await self._pool.fetchval(SQL["spend_step"], agent_id, step) is not None

    async def _give_codes(self, database: Statements, agent_id: int) -> tuple[str, ...]:
        codes = tuple("".join(choice(LETTERS) for _ in range(LONG)) for _ in range(CODES))
        await database.execute(SQL["forget_codes"], agent_id)
        await database.execute(SQL["give_codes"], agent_id, [self._vault.hash_of(agent_id, code) for code in codes])
        return tuple(f"{code[: LONG // 2]}-{code[LONG // 2 :]}" for code in codes)


def plain(code: str) -> str:
    """A code without what people put between its characters."""
    return "".join(letter for letter in code.lower() if letter.isascii() and letter.isalnum())
