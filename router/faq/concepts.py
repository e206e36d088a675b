"""Generic thesaurus of customers' language: different words for one notion, in Chinese and English."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from router.faq import chinese, english, names
from router.faq.normalise import is_han
from router.faq.stems import stem


def _spelled(word: str) -> str:
    return word if is_han(word) else " ".join(map(stem, word.split("_")))


def _table(lines: list[str]) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(lines):
        for word in dict.fromkeys(map(_spelled, line.split())):
            table[word] = (*table.get(word, ()), f"#{number}")
    return table


def _reach(words: Iterable[str]) -> dict[str, int]:
    reach: dict[str, int] = {}
    for word in words:
        units = list(word) if is_han(word) else word.split()
        reach[units[0]] = max(reach.get(units[0], 0), len(units))
    return reach


_TABLE = _table(chinese.LINES + english.LINES + names.LINES)
_REACH = _reach(_TABLE)
"""How many units the longest known word has that begins with a unit."""

Spans = list[tuple[Sequence[str], tuple[str, ...]]]
"""A text's words cut into known ones and single units: the units of each (Han characters, or stems of other words), and
the notions that they stand for together."""


def spans(text: str) -> Spans:
    """Cut a normalised text, from the left, longest known word or phrase first."""
    found: Spans = []
    for han, run in groupby(text.split(), is_han):
        if han:
            for word in run:
                found.extend(_read(word, ""))
        else:
            found.extend(_read([stem(word) for word in run], " "))
    return found


def _read(units: Sequence[str], joint: str) -> Iterator[tuple[Sequence[str], tuple[str, ...]]]:
    start = 0
    while start < len(units):
        for end in range(min(start + _REACH.get(units[start], 0), len(units)), start, -1):
            if known := _TABLE.get(joint.join(units[start:end])):
                yield units[start:end], known
                break
        else:
            end = start + 1
            yield units[start:end], ()
        start = end
