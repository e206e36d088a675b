"""Generic thesaurus of customers' language: different words for one notion, in Chinese and English."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from router.faq import chinese, english
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


_TABLE = _table(chinese.LINES + english.LINES)
_LONGEST_RUN = max(len(word) for word in _TABLE if is_han(word))
_LONGEST_PHRASE = max(word.count(" ") for word in _TABLE) + 1


def spans(words: list[str]) -> Iterator[tuple[Sequence[str], tuple[str, ...]]]:
    """A text's words cut into known ones and single units, read from the left, longest known word or phrase first.

    Yields:
        The units (Han characters, or stems of other words), and the notions that they stand for together.
    """
    for han, run in groupby(words, is_han):
        if han:
            for word in run:
                yield from _read(word, _LONGEST_RUN, "")
        else:
            yield from _read([stem(word) for word in run], _LONGEST_PHRASE, " ")


def _read(units: Sequence[str], longest: int, joint: str) -> Iterator[tuple[Sequence[str], tuple[str, ...]]]:
    start = 0
    while start < len(units):
        for end in range(min(start + longest, len(units)), start, -1):
            if known := _TABLE.get(joint.join(units[start:end])):
                yield units[start:end], known
                break
        else:
            end = start + 1
            yield units[start:end], ()
        start = end
