"""Generic thesaurus of customers' language: different words for one notion, in Chinese and English."""

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


def notions(words: list[str]) -> list[str]:
    """The notions that a text's words stand for; read from the left, longest known word or phrase first."""
    found: list[str] = []
    stems: list[str] = []
    for word in words:
        if is_han(word):
            found.extend(_phrases(stems))
            stems = []
            found.extend(_read(word, _LONGEST_RUN))
        else:
            stems.append(stem(word))
    found.extend(_phrases(stems))
    return found


def _read(run: str, longest: int) -> list[str]:
    found: list[str] = []
    start = 0
    while start < len(run):
        for length in range(min(longest, len(run) - start), 0, -1):
            if known := _TABLE.get(run[start : start + length]):
                found.extend(known)
                break
        else:
            length = 1
        start += length
    return found


def _phrases(stems: list[str]) -> list[str]:
    found: list[str] = []
    start = 0
    while start < len(stems):
        for length in range(min(_LONGEST_PHRASE, len(stems) - start), 0, -1):
            if known := _TABLE.get(" ".join(stems[start : start + length])):
                found.extend(known)
                break
        else:
            length = 1
        start += length
    return found
