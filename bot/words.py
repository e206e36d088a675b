"""The words that people read, by language and key; they live in ``templates/words``."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path
from types import MappingProxyType

from bot.traditional import TAIWAN, as_read, traditional
from router.calendar import SHANGHAI
from router.effects import Words

TEMPLATES = Path(__file__).parent.parent / "templates"
LANGUAGES = ("zh", "en")
OURS = frozenset({"operator", "form", "business", "department", "why"})
"""The fields that hold a text of ours; people's names and words stay as they are written."""


@cache
def words(language: str) -> Mapping[str, str]:
    """All words of a language; an unknown one reads Chinese, and zh-TW converted Chinese where it has no own."""
    if language == TAIWAN:
        converted = {key: traditional(text) for key, text in words(LANGUAGES[0]).items()}
        return MappingProxyType(converted | _written(TAIWAN))
    return MappingProxyType(_written(language if language in LANGUAGES else LANGUAGES[0]))


def _written(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted((TEMPLATES / "words" / language).glob("*.toml")):
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        found |= {key: value for key, value in table.items() if isinstance(value, str)}
    return found


@cache
def phrases(language: str) -> Mapping[str, frozenset[str]]:
    """Lists of phrases that mean something to the bot, such as the ways to ask for a person."""
    file = TEMPLATES / "words" / (language if language in LANGUAGES else LANGUAGES[0]) / "phrases.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return MappingProxyType({key: frozenset(value) for key, value in table.items() if isinstance(value, list)})


def fill(
    text: str, fields: Iterable[tuple[str, str | int | datetime]], language: str = "zh", zone: tzinfo = SHANGHAI
) -> str:
    """Put values into the ``{name}`` fields of a stored text; an unknown field stays as it is written.

    Args:
        text: with its fields.
        fields: names and values.
        language: in which moments are written.
        zone: the operator's, in which moments are told.
    """
    for name, value in fields:
        shown = moment(value, language, zone) if isinstance(value, datetime) else str(value)
        text = text.replace(f"{{{name}}}", shown)
    return text


def moment(at: datetime, language: str, zone: tzinfo) -> str:
    """A date and time of day as the language writes it, in the operator's zone."""
    local = at.astimezone(zone)
    return local.strftime(words(language)["format.moment"])


def render(said: Words | str, language: str, zone: tzinfo = SHANGHAI) -> str:
    """Turn words by key into text, moments in the operator's zone; stored text is returned as it is.

    Raises:
        KeyError: the key is in no words file.
    """
    if isinstance(said, str):
        return said
    fields = [
        (name, as_read(value, language) if name in OURS and isinstance(value, str) else value)
        for name, value in said.fields
    ]
    return fill(words(language)[said.key], fields, language, zone)
