"""The name under which a row of the outbox goes to a platform that knows a message again by its name."""

import re
from datetime import datetime

_KEY = re.compile(r"(?P<id>[0-9]{1,15})-(?P<second>[0-9]{10})")


def key_of(outbox_id: int, said: datetime) -> str:
    """The name of a row; the time tells it from the row of that id in an earlier database of ours."""
    return f"{outbox_id}-{int(said.timestamp())}"


def row_of(key: str) -> tuple[int, int] | None:
    """The id of a row and the second in which it was written; None where the name is none of ours."""
    found = _KEY.fullmatch(key)
    return None if found is None else (int(found["id"]), int(found["second"]))
