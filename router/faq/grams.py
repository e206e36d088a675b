"""Cuts a normalised question into weighted pieces: units, runs of letters, notions, and pairs of them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import IntEnum
from itertools import combinations, pairwise

from router.faq.concepts import notions
from router.faq.normalise import is_han
from router.faq.stems import stem

LONGEST_PAIRED = 40
"""Units of a question that are paired with each other; more would cost much and say little."""


class Block(IntEnum):
    """The kinds of pieces, each weighed and normalised for itself."""

    UNITS = 0
    """Han characters and stems of other words."""
    RUNS = 1
    """Neighbouring Han characters (2, 3), neighbouring stems, letters of words (2 to 5)."""
    NOTIONS = 2
    """What stands for one thing in customers' language, however it is said, alone and in pairs."""
    PAIRS = 3
    """Any two units, in whatever order and distance."""


def grams(text: str) -> tuple[Counter[str], ...]:
    """How often each piece occurs in a normalised text, one counter a block."""
    words = text.split()
    units = list(_units(words))
    meanings = notions(words)
    return (
        Counter(units),
        Counter(_runs(words)),
        Counter([*meanings, *_pairs(meanings)]),
        Counter(_pairs(units[:LONGEST_PAIRED])),
    )


def _units(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        if is_han(word):
            yield from word
        else:
            yield stem(word)


def _runs(words: list[str]) -> Iterator[str]:
    stems = [stem(word) for word in words if not is_han(word)]
    yield from (f"{one} {other}" for one, other in pairwise(stems))
    for word in words:
        if is_han(word):
            yield from _slices(word, (2, 3))
        else:
            yield word
            yield from _slices(f"<{word}>", (2, 3, 4, 5))


def _slices(word: str, lengths: Iterable[int]) -> Iterator[str]:
    for length in lengths:
        yield from (word[start : start + length] for start in range(len(word) - length + 1))


def _pairs(items: Iterable[str]) -> Iterator[str]:
    return (f"{one}&{other}" for one, other in combinations(sorted(set(items)), 2))
