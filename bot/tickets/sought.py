"""Words that tickets are searched by: how they are compared with texts, and what an index is asked for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import normalize

SPACE = re.compile(r"[ \t\n\x0b\f\r]+")
OUTSIDE = re.compile(r"(?=[^0-9]*[0-9])[!-~]{1,60}")
"""What tickets of other systems can be called: so words that name one are told apart."""
NUMBER = re.compile(r"#?([0-9]{1,15})")
RARE = re.compile(r"[0-9]{5,}")
"""A number that few texts have: its pieces alone find them."""
MEANT = re.compile(r"([%_\\])")
"""What would stand for other characters in a pattern."""
ESCAPED = r"\\\1"
LAST_ASCII = "~"


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for: a ticket by its number, or texts that have every one of some words."""

    said: str
    """As it was typed; it may name a ticket of another system."""

    @property
    def number(self) -> int:
        """The number of a ticket; 0 where words are meant."""
        found = NUMBER.fullmatch(self.said)
        return int(found[1]) if found else 0

    @property
    def outside(self) -> bool:
        """Whether a ticket of another system can be called so."""
        return OUTSIDE.fullmatch(self.said) is not None

    @property
    def words(self) -> list[str]:
        """The words, plain."""
        return [word for word in SPACE.split(lowered(self.said)) if word]

    @property
    def patterns(self) -> list[str]:
        """What a plain text is like that has each of the words."""
        return [f"%{MEANT.sub(ESCAPED, word)}%" for word in self.words]

    @property
    def pieces(self) -> list[str]:
        """Pieces of the words that the index holds, each once."""
        return list(dict.fromkeys(piece for word in self.words for piece in _pieces(word)))

    @property
    def rare(self) -> bool:
        """Whether few texts can have them, so that it is not worth a look at some texts first."""
        return any(RARE.search(word) for word in self.words)


def lowered(said: str) -> str:
    """One form of each character, and small letters of ASCII, as the database's function ``plain`` makes them."""
    return normalize("NFKC", said).encode(errors="replace").lower().decode()


def _pieces(word: str) -> Iterator[str]:
    """The rarest kinds of pieces that cover a word; more of them would say little that is new, and take time."""
    if number := RARE.search(word):
        yield from _covering(number[0], 4)
    elif len(word) > 1:
        yield from _covering(word, min(len(word), 3))
    elif word > LAST_ASCII:
        yield word


def _covering(word: str, size: int) -> Iterator[str]:
    """Pieces of one size that leave out nothing; the last may overlap with the one before."""
    yield from (word[at : at + size] for at in range(0, len(word) - size, size))
    yield word[-size:]
