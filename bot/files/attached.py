"""The file of a message, read from the row that a statement has joined it to."""

from bot.db import Row
from channels.door import Attachment


def attached(row: Row) -> Attachment | None:
    """The file of a message's row, from its columns ``file_…``; None where it has none."""
    if row["file_id"] is None:
        return None
    return Attachment(
        id=row["file_id"],
        name=row["file_name"],
        type=row["file_type"],
        size=row["file_size"] or 0,
        ready=row["file_state"] == "stored",
    )
