"""What a subscriber is sent of something that happened, and where to read it where all of it would be too much.

{"type": "ticket.changed", "timestamp", "data": ids and states}
{"type": "ticket.changed", "timestamp", "data": ids and "read": "/api/v1/tickets/7"}    beyond LARGEST bytes
"""

import json
from collections.abc import Mapping
from datetime import UTC
from types import MappingProxyType

from bot.db import Row

LARGEST = 20_000
"""Bytes of a body at the most, as Standard Webhooks 1.0 recommends."""
READ: Mapping[str, str] = MappingProxyType(
    {
        "conversation": "/api/v1/conversations/{conversation}",
        "message": "/api/v1/conversations/{conversation}/messages",
        "survey": "/api/v1/surveys",
        "deadline": "/api/v1/deadlines?subject={subject}&subject_id={subject_id}",
        "ticket": "/api/v1/tickets/{ticket}",
    }
)
"""Where a program with a key reads of what happened, by the first word of its type."""


def body_of(row: Row) -> bytes:
    """What is told, as it is sent: whole, or thin where the whole is too large; never cut and never left out."""
    body = _body(row, row["told"])
    return body if len(body) <= LARGEST else _body(row, thin(row["type"], row["told"]))


def thin(type_: str, told: Mapping[str, object]) -> Mapping[str, object]:
    """The numbers of what is told, and the path of ``/api/v1`` under which the rest is read."""
    numbers = {name: value for name, value in told.items() if value is None or isinstance(value, int)}
    return {**numbers, "read": READ[type_.partition(".")[0]].format_map(told)}


def _body(row: Row, told: Mapping[str, object]) -> bytes:
    at = row["at"].astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"type": row["type"], "timestamp": at, "data": told}, ensure_ascii=False).encode()
