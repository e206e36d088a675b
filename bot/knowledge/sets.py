"""Question sets for measuring: a knowledge base and questions with the entry that answers each, read from a folder."""

import json
import random
from dataclasses import dataclass
from pathlib import Path

from router.faq.match import Entry

_PAD_SIMILAR = 1


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
    """The entries, filled up to ``size`` with generated ones: their own texts' words and letters, shuffled.

    They are as long as the real ones and their letters are as frequent, so they cost what real entries cost; what they
    say is nonsense, so few questions are nearer to them than to a real one.
    """
    chance = random.Random(seed)  # noqa: S311
    texts = [text for entry in entries for text in (entry.question, *entry.similar)]
    made = []
    for number in range(len(entries), size):
        said = tuple(_shuffled(chance.sample(texts, 2), chance) for _ in range(1 + _PAD_SIMILAR))
        made.append(Entry(f"pad.{number}", said[0], said[1:]))
    return (*entries, *made)


def _shuffled(texts: list[str], chance: random.Random) -> str:
    """Half of the pieces of two texts, in any order: words where there are spaces, else letters in twos."""
    pieces: list[str] = []
    for text in texts:
        words = text.split() if " " in text.strip() else [text[start : start + 2] for start in range(0, len(text), 2)]
        pieces.extend(chance.sample(words, (len(words) + 1) // 2))
    chance.shuffle(pieces)
    return (" " if any(" " in text for text in texts) else "").join(pieces)
