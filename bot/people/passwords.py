"""Passwords are kept as argon2id hashes; hashing is slow on purpose, so it runs on threads, few at a time."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2
"""Hashes computed side by side at the most: a wave of log-ins must not starve the customers."""
SHORTEST = 8
"""Characters of a password at least."""
LONGEST = 256
"""Characters of a password; longer ones are refused unread."""
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""With the parameters that OWASP names for argon2id: 19 MiB, 2 passes, 1 lane."""


@cache
def nobodys() -> str:
    """A hash to check where there is no such log-in; made once in a process."""
    return HASHER.hash("nobody has this password")


class Passwords:
    """Makes and checks hashes, ``AT_ONCE`` at the most."""

    def __init__(self) -> None:
        nobodys()  # Not at the first log-in that is unknown, which it would slow.
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """The hash to keep of a password."""
        async with self._turns:
            return await asyncio.to_thread(HASHER.hash, password)

    async def check(self, kept: str | None, password: str) -> bool:
        """Whether the password is the one; an unknown log-in (None) takes as long as a wrong password."""
        if len(password) > LONGEST:
            return False
        async with self._turns:
            right = await asyncio.to_thread(self._verify, kept, password)
        return right and kept is not None

    def outdated(self, kept: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return HASHER.check_needs_rehash(kept)

    def _verify(self, kept: str | None, password: str) -> bool:
        try:
            return HASHER.verify(kept or nobodys(), password)
        except (VerificationError, InvalidHashError):
            return False
