"""Makes texts fit: WeChat counts bytes of UTF-8, people read sentences."""

import re

SENTENCE_ENDS = re.compile(r"[。！？!?；;…\n]+[”’」』）)]*|\.(?=\s)")
ELLIPSIS = "…"
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that no XML document may hold."""


def size(text: str) -> int:
    """Bytes of UTF-8."""
    return len(text.encode("utf-8", "replace"))


def shortened(text: str, limit: int) -> str:
    """The text, or its longest beginning of whole sentences and an ellipsis, within ``limit`` bytes."""
    if size(text) <= limit:
        return text
    return _beginning(text, limit - size(ELLIPSIS)).rstrip() + ELLIPSIS


def split(text: str, limit: int) -> list[str]:
    """The text in parts of at most ``limit`` bytes that end with sentences where they can.

    Args:
        text: anything; nothing but white space at the joints is lost.
        limit: 4 or more.
    """
    parts: list[str] = []
    while size(text) > limit:
        part = _beginning(text, limit)
        parts.append(part.rstrip())
        text = text[len(part) :].lstrip()
    return [part for part in (*parts, text) if part]


def clean(text: str) -> str:
    """The text as a CDATA section can hold it."""
    if FORBIDDEN.search(text) is not None:
        text = FORBIDDEN.sub("", text)
    # Some readers take a section that is split in two for two texts: another sign is safer than a split.
    return text.replace("]]>", "]]＞") if "]]>" in text else text


def _beginning(text: str, limit: int) -> str:
    """Whole sentences that fill at least half of ``limit`` bytes; else as many characters as fit."""
    room = text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")
    ends = [match.end() for match in SENTENCE_ENDS.finditer(room)]
    return room[: ends[-1]] if ends and ends[-1] >= len(room) // 2 else room
