"""The demo knowledge is complete, free of collisions and of real operators, and fits into a message."""

import re
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure

FILE = Path(__file__).parents[2] / "templates" / "demo" / "knowledge.toml"
WECHAT_TEXT_BYTES = 2048
REAL_OPERATORS = re.compile(
    r"中国移动|联通|中国电信|电信天翼|天翼|广电|铁通|动感地带|神州行|全球通|沃家庭|China\s?(Mobile|Unicom|Telecom)"
    r"|(?<!\d)100(00|10|50|86|99)(?!\d)",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://|www\.|[a-z0-9-]+\.(com|cn|net|org|example)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as the file states it."""

    id: str
    category: str
    question: str
    similar: tuple[str, ...]
    answer: str
    hot: bool

    @property
    def phrasings(self) -> tuple[str, ...]:
        """All the ways in which the entry is asked for."""
        return (self.question, *self.similar)


def read() -> list[Entry]:
    """The entries in the order of the file."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return [
        Entry(
            id=str(row["id"]),
            category=str(row["category"]),
            question=str(row["question"]),
            similar=tuple(str(phrase) for phrase in row["similar"]),
            answer=str(row["answer"]),
            hot=row.get("hot", False) is True,
        )
        for row in table["entry"]
    ]


ENTRIES = read()


def normal(text: str) -> str:
    """A phrasing without width, case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())


def test_there_are_at_least_60_entries_with_3_similar_questions_each() -> None:
    assert len(ENTRIES) >= 60
    assert [entry.id for entry in ENTRIES if len(entry.similar) < 3] == []


def test_every_id_is_a_slug_and_occurs_once() -> None:
    ids = Counter(entry.id for entry in ENTRIES)
    assert [name for name, count in ids.items() if count > 1] == []
    assert [name for name in ids if not re.fullmatch(r"[a-z0-9]+(\.[a-z0-9_]+)+", name)] == []


def test_no_phrasing_occurs_twice_once_it_is_normalised() -> None:
    asked = Counter(normal(phrase) for entry in ENTRIES for phrase in entry.phrasings)
    assert [phrase for phrase, count in asked.items() if count > 1] == []
    assert "" not in asked


def test_every_answer_fits_into_one_wechat_text() -> None:
    assert [entry.id for entry in ENTRIES if not entry.answer.strip() or not entry.category.strip()] == []
    assert [entry.id for entry in ENTRIES if len(entry.answer.encode()) > WECHAT_TEXT_BYTES] == []
    assert [entry.id for entry in ENTRIES if len(entry.answer) > 300] == []


def test_no_real_operator_is_named() -> None:
    named = [(entry.id, found.group()) for entry in ENTRIES for found in REAL_OPERATORS.finditer(text_of(entry))]
    assert named == []


def test_no_address_but_the_example_one_is_given() -> None:
    given = {found.group().lower() for entry in ENTRIES for found in ADDRESS.finditer(text_of(entry))}
    assert given <= {"huitong.example"}


def test_the_questions_asked_most_fill_a_welcome() -> None:
    assert 6 <= sum(entry.hot for entry in ENTRIES) <= 12


def text_of(entry: Entry) -> str:
    """Everything in an entry that somebody reads."""
    return "\n".join((*entry.phrasings, entry.answer))
