"""The languages of the customer's chat page, and how one is chosen for a visitor."""

import tomllib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from bot.words import TEMPLATES
from channels.web.languages import known_language

LANGUAGES = {"zh": "zh-CN", "zh-TW": "zh-TW", "en": "en"}
"""Folder of the words → tag of the language (BCP 47)."""
NAMES = {"zh": "简体中文", "zh-TW": "繁體中文", "en": "English"}
"""Each language's name for itself."""
DEFAULT = "zh"


def chat_words(language: str) -> Mapping[str, str]:
    """The words of the chat page in one of ``LANGUAGES``."""
    return words_of(language, "chat")


def widget_words(language: str) -> Mapping[str, str]:
    """The words of the widget in one of ``LANGUAGES``."""
    return words_of(language, "widget")


@cache
def words_of(language: str, area: str) -> Mapping[str, str]:
    """The words of a file for customers, such as ``survey``, in one of ``LANGUAGES``."""
    text = (TEMPLATES / "words" / language / f"{area}.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


def choose(wished: str, accepted: str) -> str:
    """The language to show.

    Args:
        wished: what the address asks for by ``?lang=``, such as ``en`` or ``zh-TW``; it wins if it is known.
        accepted: the browser's Accept-Language header (RFC 9110 §12.5.4).
    """
    known = (known_language(tag) for tag in (wished, *_by_weight(accepted)))
    return next((language for language in known if language), DEFAULT)


def _by_weight(accepted: str) -> list[str]:
    weighted = [_weighted(part) for part in accepted.split(",")[:20]]
    return [tag for weight, tag in sorted(weighted, key=lambda pair: -pair[0]) if weight > 0]


def _weighted(part: str) -> tuple[float, str]:
    tag, _, parameter = part.partition(";")
    try:
        return float(parameter.strip().removeprefix("q=") or "1"), tag
    except ValueError:
        return 0.0, tag
