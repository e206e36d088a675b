"""Beginnings of sentences: what somebody types is continued by those texts of which a sentence begins so."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from router.wording.personal import WIDE

FEWEST, FEWEST_LETTERS = 2, 4
"""Characters that have to be typed before anything is offered; of plain letters it takes more."""
_END = re.compile(r"[。！？!?；;\n]\s*|\.\s+")
_PAUSE = re.compile(r"[，,、：:]\s*")
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Continued:
    """A text that goes on where somebody has come to."""

    place: int
    """Of the text among those that were given."""
    rest: str
    """What is not typed yet."""


class Starts:
    """The sentences of some texts by how they begin; read-only once made.

    Args:
        texts: in the order in which they are offered.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = tuple(texts)
        found = [(folded[at:], place, at) for place, text in enumerate(texts) for folded, at in _sentences(text)]
        self._starts = sorted(found)

    def continued(self, typed: str, most: int) -> list[Continued]:
        """Texts that go on where the typed one ends, the longest part of it that any begins with counting."""
        for part in parts(typed):
            if found := self._beginning(_folded(part), len(part)):
                return found[:most]
        return []

    def _beginning(self, part: str, length: int) -> list[Continued]:
        """Texts with a sentence that begins so and is not at its end there, each once."""
        first, last = (bisect_left(self._starts, (end,)) for end in (part, part + _LAST))
        ends: dict[int, int] = {}
        for _, place, at in self._starts[first:last]:
            ends[place] = min(at + length, ends.get(place, at + length))
        left = [Continued(place, self._texts[place][end:]) for place, end in sorted(ends.items())]
        return [one for one in left if one.rest.strip()]


def parts(typed: str) -> list[str]:
    """The typed text from its last sentence on, and from the last pause in it, as far as they are long enough."""
    sentence = _after(_END, typed)
    told = dict.fromkeys((sentence, _after(_PAUSE, sentence)))
    return [part for part in told if len(part) >= (FEWEST_LETTERS if part.isascii() else FEWEST)]


def _after(mark: re.Pattern[str], text: str) -> str:
    ends = [found.end() for found in mark.finditer(text)]
    return text[ends[-1] :] if ends else text.lstrip()


def _sentences(text: str) -> list[tuple[str, int]]:
    """The text as it is compared, with where each of its sentences begins."""
    folded = _folded(text)
    begins = [0, *(found.end() for found in _END.finditer(text))]
    return [(folded, at) for at in dict.fromkeys(begins) if at < len(text)]


def _folded(text: str) -> str:
    """Half width and in lower case, a character for a character."""
    plain = text.translate(WIDE)
    return low if len(low := plain.lower()) == len(text) else plain
