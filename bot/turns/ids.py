"""Ids handed out in blocks of a PostgreSQL sequence, so that a row's id is known before it is written."""

from collections import deque

from bot.db import Statements

BLOCK = 64
"""How many ids one value of a sequence stands for (its INCREMENT)."""


class Ids:
    """Ids of one sequence; ids of a block that is not used up are lost, never given twice.

    Args:
        sequence: its name.
        ahead: how many blocks are fetched at once at the least; the more, the further are the ids of several processes
            from the order of time.
    """

    def __init__(self, sequence: str, *, ahead: int = 1) -> None:
        self._sequence = sequence
        self._ahead = ahead
        self._free: deque[int] = deque()

    async def reserve(self, count: int, connection: Statements) -> None:
        """Make sure that ``count`` ids can be taken without asking the server."""
        missing = count - len(self._free)
        if missing <= 0:
            return
        blocks = max(-(-missing // BLOCK), self._ahead)
        rows = await connection.fetch(
            "SELECT nextval($1::regclass) AS first FROM generate_series(1, $2)", self._sequence, blocks
        )
        for row in rows:
            self._free.extend(range(row["first"], row["first"] + BLOCK))

    def take(self) -> int:
        """The next id.

        Raises:
            IndexError: more were taken than reserved.
        """
        return self._free.popleft()
