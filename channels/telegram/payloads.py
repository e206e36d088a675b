"""Reads the JSON that Telegram posts."""

import json
from collections.abc import Mapping

from channels.door import Malformed


def as_object(body: bytes) -> Mapping[str, object]:
    """Parse a JSON object.

    Raises:
        Malformed: it is something else, or nested too deep to parse.
    """
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("not_json") from None
    if not isinstance(parsed, dict):
        raise Malformed("not_an_object")
    return parsed
