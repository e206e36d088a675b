"""The bot says the same things in both languages, and its phrases are written as they are compared."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.words import words

pytestmark = pytest.mark.pure

WORDS = Path(__file__).parents[2] / "templates" / "words"
LANGUAGES = ("zh", "en")
LISTS = {"angry", "human", "cancel", "thanks", "greetings", "place", "bind", "unbind", "resume", "yes", "no"}
OUTER = "。.!！?？~～,，、… "


def said(language: str) -> dict[str, str]:
    """The bot's words of a language by key."""
    table = tomllib.loads((WORDS / language / "bot.toml").read_text(encoding="utf-8"))
    return {key: str(text) for key, text in table.items()}


def phrases(language: str) -> dict[str, list[str]]:
    """The phrase lists of a language by name."""
    table = tomllib.loads((WORDS / language / "phrases.toml").read_text(encoding="utf-8"))
    return {name: [str(phrase) for phrase in listed] for name, listed in table.items()}


def fields(text: str) -> set[str]:
    """The names of the fields of a text."""
    return set(re.findall(r"\{(\w+)\}", text))


def test_both_languages_have_the_same_keys_with_the_same_fields() -> None:
    chinese, english = said("zh"), said("en")
    assert set(chinese) == set(english)
    assert [key for key in chinese if fields(chinese[key]) != fields(english[key])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_keeps_a_brace_once_it_is_filled(language: str) -> None:
    filled = {key: re.sub(r"\{\w+\}", "x", text) for key, text in said(language).items()}
    assert [key for key, text in filled.items() if not text.strip() or set(text) & set("{}")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_phrases_stand_as_they_are_compared(language: str) -> None:
    assert set(phrases(language)) == LISTS
    for name, listed in phrases(language).items():
        assert [phrase for phrase in listed if phrase != phrase.strip(OUTER).lower()] == [], name
        assert len(listed) == len(set(listed)), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_means_two_things(language: str) -> None:
    listed = [phrase for listed in phrases(language).values() for phrase in listed]
    assert len(listed) == len(set(listed))


def test_readers_of_traditional_characters_have_every_word_in_them() -> None:
    chinese, converted = words("zh"), words("zh-TW")
    assert set(chinese) == set(converted)
    assert [key for key in chinese if fields(chinese[key]) != fields(converted[key])] == []
    assert converted["phone.choice.start"] == "綁定手機號"
    assert "「人工」" in converted["welcome"]
    assert [key for key in said("zh") if set(converted[key]) & set("请给这来对话说认问题“”")] == []
