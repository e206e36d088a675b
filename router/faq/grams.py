"""Cuts a normalised question into pieces: units, words, notions, longer runs, and pairs."""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import IntEnum
from itertools import combinations, pairwise

from router.faq.concepts import Spans, spans
from router.faq.normalise import is_han
from router.faq.stems import stem

Pieces = tuple[Counter[str], ...]
"""How often each piece occurs in a text, one counter a block."""


class Block(IntEnum):
    """The kinds of pieces, each weighed and normalised for itself."""

    UNITS = 0
    """Han characters, and the stems of other words."""
    WORDS = 1
    """Two neighbouring Han characters or stems, and other words as they are."""
    NOTIONS = 2
    """What stands for one thing in customers' language, however it is said."""
    RUNS = 3
    """Three or four neighbouring letters of a word other than Han."""
    BONDS = 4
    """Any two notions of the question."""


MARKS = 3
"""The first blocks: pieces that a person would name when asked in what two questions differ."""


def grams(text: str, told: Spans | None = None) -> Pieces:
    """The pieces of a normalised text; ``told`` are its spans where they are known already."""
    words = text.split()
    meanings = [notion for _, notions in told or spans(text) for notion in notions]
    units: list[str] = []
    runs: list[str] = []
    whole: list[str] = []
    stems: list[str] = []
    for word in words:
        if is_han(word):
            units.extend(word)
            whole.extend(_slices(word, 2))
        else:
            stems.append(stem(word))
            whole.append(word)
            for length in (3, 4):
                runs.extend(_slices(f"<{word}>", length))
    whole.extend(f"{one} {other}" for one, other in pairwise(stems))
    units.extend(stems)
    pieces = (units, whole, meanings, runs, _pairs(meanings))
    return tuple(Counter(each) for each in pieces)


def _slices(word: str, length: int) -> Iterator[str]:
    return (word[start : start + length] for start in range(len(word) - length + 1))


def _pairs(items: Iterable[str]) -> Iterator[str]:
    return (f"{one}&{other}" for one, other in combinations(sorted(set(items)), 2))
