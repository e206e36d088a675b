"""Makes texts fit: Telegram counts UTF-16 units, people read sentences."""

import re

SENTENCE_ENDS = re.compile(r"[。！？!?；;…\n]+[”’」』）)]*|\.(?=\s)")
LAST_OF_BMP = "\uffff"


def units(text: str) -> int:
    """UTF-16 units: two for each character beyond the basic plane, such as most emoji."""
    return len(text) + sum(letter > LAST_OF_BMP for letter in text)


def split(text: str, limit: int) -> list[str]:
    """The text in parts of at most ``limit`` units that end with sentences where they can.

    Args:
        text: anything; nothing but white space at the joints is lost.
        limit: 2 or more.
    """
    parts: list[str] = []
    while len(text) > limit or units(text) > limit:
        part = _beginning(text, limit)
        parts.append(part.rstrip())
        text = text[len(part) :].lstrip()
    return [part for part in (*parts, text) if part.strip()]


def _beginning(text: str, limit: int) -> str:
    """Whole sentences that fill at least half of what fits; else as many characters as fit."""
    room = text[:limit]
    while (over := units(room) - limit) > 0:
        room = room[: -((over + 1) // 2)]
    ends = [match.end() for match in SENTENCE_ENDS.finditer(room)]
    return room[: ends[-1]] if ends and ends[-1] >= len(room) // 2 else room
