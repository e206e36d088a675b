"""What the writer asks of the house once a batch is committed."""

from typing import Protocol

from bot.turns.rows import Rows


class Aftermath(Protocol):
    """What follows a commit outside PostgreSQL: the Redis index, waiting queues, hints, jobs."""

    def committed(self, rows: Rows) -> None:
        """Bring everything in line with these rows. Never blocks, never fails."""
        ...
