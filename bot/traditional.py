"""Chinese for those who read traditional characters: stored text is written once, in simplified ones, and converted."""

import tomllib
from functools import cache, lru_cache
from pathlib import Path

from opencc import OpenCC

TAIWAN = "zh-TW"
CORRECTIONS = Path(__file__).parent.parent / "templates" / "words" / TAIWAN / "corrections.toml"
MOST_KEPT = 8_192
"""Converted texts that are remembered; each converts in some tens of microseconds."""


def as_read(text: str, language: str) -> str:
    """Stored text as readers of a language read it: converted for zh-TW, as it is for all others."""
    return traditional(text) if language == TAIWAN else text


@lru_cache(MOST_KEPT)
def traditional(text: str) -> str:
    """The traditional characters and the words of Taiwan (OpenCC's s2twp), with this trade's corrections."""
    converted: str = _converter().convert(text)
    for found, meant in _corrections().items():
        converted = converted.replace(found, meant)
    return converted


@cache
def _converter() -> OpenCC:
    return OpenCC("s2twp")


@cache
def _corrections() -> dict[str, str]:
    table: dict[str, str] = tomllib.loads(CORRECTIONS.read_text(encoding="utf-8"))["corrections"]
    return table
