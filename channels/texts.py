"""Makes long texts fit: each platform counts in units of its own, people read sentences."""

import re
from collections.abc import Callable

SENTENCE_ENDS = re.compile(r"[。！？!?；;…\n]+[”’」』）)]*|\.(?=\s)")
MOST_UNITS = 4
"""Units of one character at the most: its bytes in UTF-8."""

Size = Callable[[str], int]
"""How long a text is as the platform counts: 1 to 4 units a character."""


def split(text: str, limit: int, size: Size = len) -> list[str]:
    """The text in parts of at most ``limit`` units that end with sentences where they can.

    Args:
        text: anything; nothing but white space at the joints is lost.
        limit: at least as many units as one character may have.
        size: counts units.
    """
    parts: list[str] = []
    while len(text) > limit or size(text) > limit:
        part = beginning(text, limit, size)
        parts.append(part.rstrip())
        text = text[len(part) :].lstrip()
    return [part for part in (*parts, text) if part.strip()]


def beginning(text: str, limit: int, size: Size = len) -> str:
    """Whole sentences that fill at least half of what fits; else as many characters as fit."""
    room = text[:limit]
    while (over := size(room) - limit) > 0:
        room = room[: -max(1, over // MOST_UNITS)]
    ends = [match.end() for match in SENTENCE_ENDS.finditer(room)]
    return room[: ends[-1]] if ends and ends[-1] >= len(room) // 2 else room
