"""Question sets for measuring: a knowledge base and questions with the entry that answers each, read from a folder."""

import json
import random
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from router.faq.match import Entry

_SHARED = 40
"""Words that generated entries share with the real ones, as entries of all fields do."""
_FIELDS = 50
"""Fields that generated entries speak of."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the id of the entry that answers it, or None where none does."""

    text: str
    gold: str | None


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A knowledge base with questions that were never in it."""

    name: str
    entries: tuple[Entry, ...]
    questions: tuple[Asked, ...]


def read_sets(folder: Path) -> list[QuestionSet]:
    """The sets of every folder in ``folder`` that holds ``knowledge.jsonl`` and ``queries.jsonl``, by name.

    Raises:
        OSError, ValueError, KeyError: A set cannot be read.
    """
    homes = sorted(home for home in folder.iterdir() if home.is_dir())
    return [
        _read(home) for home in homes if (home / "knowledge.jsonl").is_file() and (home / "queries.jsonl").is_file()
    ]


def _read(home: Path) -> QuestionSet:
    entries = []
    for line in _lines(home / "knowledge.jsonl"):
        row = json.loads(line)
        entries.append(Entry(str(row["id"]), str(row["question"]), tuple(map(str, row.get("similar") or ()))))
    questions = []
    for line in _lines(home / "queries.jsonl"):
        row = json.loads(line)
        questions.append(Asked(str(row["query"]), None if row["gold"] is None else str(row["gold"])))
    return QuestionSet(home.name, tuple(entries), tuple(questions))


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").split("\n") if line.strip()]


def padded(entries: tuple[Entry, ...], size: int, *, seed: int = 1) -> tuple[Entry, ...]:
    """The entries, filled up to ``size`` with generated ones that speak of other things.

    A generated entry is built like the real ones: the halves of two of their texts, in two orders, with each word (or
    Han character) but the most frequent ones exchanged for another of theirs. So lengths and frequencies are those of
    real entries and it costs what they cost, but it says what none of them says.
    """
    chance = random.Random(seed)  # noqa: S311
    texts = [_cut(text) for entry in entries for text in (entry.question, *entry.similar)]
    often = Counter(chain.from_iterable(texts))
    common = {word for word, _ in often.most_common(_SHARED)}
    rare = sorted(set(often) - common)
    fields = [dict(zip(rare, chance.sample(rare, len(rare)), strict=True)) for _ in range(_FIELDS)]
    made = []
    for number in range(len(entries), size):
        one, other = chance.sample(texts, 2)
        field = chance.choice(fields)
        first, second = one[: -(-len(one) // 2)], other[len(other) // 2 :]
        said = [_joined([field.get(word, word) for word in words]) for words in (first + second, second + first)]
        made.append(Entry(f"pad.{number}", said[0], (said[1],)))
    return (*entries, *made)


def _cut(text: str) -> list[str]:
    return text.split() if " " in text.strip() else list(text)


def _joined(words: list[str]) -> str:
    return (" " if sum(map(len, words)) > 2 * len(words) else "").join(words)
