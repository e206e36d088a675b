"""The name under which a row of the outbox goes to a platform that knows a message again by its name."""

import re
from datetime import datetime

_KEY = re.compile(r"(?P<id>[0-9]{1,15})-(?P<second>[0-9]{10})(?:r(?P<renamed>[1-9][0-9]?))?")


def key_of(outbox_id: int, said: datetime, renamed: int = 0) -> str:
    """The name of a row.

    Args:
        outbox_id: its id.
        said: when it was written; that tells it from the row of that id in an earlier database of ours.
        renamed: how often it has got a new name, because the platform had taken the one before.
    """
    return f"{outbox_id}-{int(said.timestamp())}" + (f"r{renamed}" if renamed else "")


def row_of(key: str) -> tuple[int, int, int] | None:
    """The id of a row, the second in which it was written, and how often it was renamed; None where it is no name."""
    found = _KEY.fullmatch(key)
    return None if found is None else (int(found["id"]), int(found["second"]), int(found["renamed"] or 0))
