"""How far the lists that platforms keep for us have been read: moved on only together with what was read."""

from collections.abc import Sequence

from bot.db import Statements
from bot.sql import load
from channels.door import Cursor

SQL = load(__file__, "cursors.sql")


async def advance(cursors: Sequence[Cursor], database: Statements) -> None:
    """Move the cursors on; one that has been moved by somebody else since stays where it is."""
    await database.execute(
        SQL["advance"],
        [one.channel for one in cursors],
        [one.account for one in cursors],
        [one.source for one in cursors],
        [one.before for one in cursors],
        [one.after for one in cursors],
    )
