"""The space that texts of a knowledge base are compared in: its pieces, and how rare each of them is there."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat
from math import log, sqrt

import numpy as np

from router.faq.grams import MARKS, Block, Pieces
from router.faq.matrix import Floats, Ints

SHARES = {Block.UNITS: 0.25, Block.WORDS: 0.25, Block.NOTIONS: 0.07, Block.RUNS: 0.33, Block.BONDS: 0.22}
"""How much each kind of piece counts in the likeness of two texts."""


@dataclass(frozen=True, slots=True)
class Vector:
    """A text as a sparse vector: of length 1 if all of it is known, shorter by what is not."""

    columns: Ints
    """Block by block."""
    weights: Floats
    marks: int
    """How many of the columns are marks; they come first."""
    strangers: int
    """How many marks of the text are unknown to the knowledge base."""
    known: tuple[float, ...]
    """For each block, the share of the text's weight that the knowledge base knows, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A text's known pieces, block by block: numbers within the block, times, and how many pieces are unknown."""

    numbers: tuple[Ints, ...]
    times: tuple[Floats, ...]
    strangers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Space:
    """Number and rarity of each piece; its column is the first of its block plus its number."""

    vocabularies: tuple[dict[str, int], ...]
    firsts: tuple[int, ...]
    rarity: Floats
    strange: float
    """The rarity of a piece that was never seen."""
    usual: tuple[float, ...] = (0.0,) * len(Block)
    """The mean length of the knowledge base's own texts in each block. A text with less in a block (a question of one
    common word, say) is not blown up to length 1 there: a likeness in next to nothing counts next to nothing."""

    @property
    def width(self) -> int:
        """How many pieces there are."""
        return len(self.rarity)

    @property
    def marks(self) -> int:
        """How many marks there are; their columns are the first."""
        return self.firsts[MARKS]

    def vector(self, pieces: Pieces) -> Vector:
        """Where a text lies, given its pieces."""
        return self.placed(counted(pieces, self.vocabularies))

    def placed(self, text: Counted) -> Vector:
        """Where a text lies, given its counted pieces."""
        columns = [numbers + first for numbers, first in zip(text.numbers, self.firsts, strict=True)]
        weights = []
        known = []
        length = 0.0
        for block in Block:
            raw = self.rarity[columns[block]] * (1.0 + np.log(text.times[block]))
            mass = float(raw @ raw)
            whole = mass + text.strangers[block] * self.strange**2
            scale = max(sqrt(whole), self.usual[block], 1e-9)
            weights.append(raw * (sqrt(SHARES[block]) / scale))
            length += SHARES[block] * whole / scale**2
            known.append(mass / whole if mass else 0.0)
        flat = np.concatenate(weights)
        marks = sum(map(len, columns[:MARKS]))
        place = np.concatenate(columns).astype(np.int32, copy=False)
        return Vector(
            place, (flat / (sqrt(length) or 1.0)).astype(np.float32), marks, sum(text.strangers[:MARKS]), tuple(known)
        )


def counted(pieces: Pieces, vocabularies: tuple[dict[str, int], ...]) -> Counted:
    """The pieces as numbers."""
    numbers, times, strangers = [], [], []
    for counter, vocabulary in zip(pieces, vocabularies, strict=True):
        found = np.fromiter(map(vocabulary.get, counter, repeat(-1)), np.int32, len(counter))
        count = np.fromiter(counter.values(), np.float32, len(counter))
        if strange := int((found < 0).sum()):
            found, count = found[found >= 0], count[found >= 0]
        numbers.append(found)
        times.append(count)
        strangers.append(strange)
    return Counted(tuple(numbers), tuple(times), tuple(strangers))


def space_of(texts: Iterable[Pieces]) -> tuple[Space, list[Vector]]:
    """The space that these texts span, pieces numbered in the order of first sight, and where each of them lies."""
    vocabularies: tuple[dict[str, int], ...] = tuple({} for _ in Block)
    taken: list[Counted] = []
    for pieces in texts:
        for counter, vocabulary in zip(pieces, vocabularies, strict=True):
            for piece in counter:
                vocabulary.setdefault(piece, len(vocabulary))
        taken.append(counted(pieces, vocabularies))
    sizes = [len(vocabulary) for vocabulary in vocabularies]
    firsts = tuple(sum(sizes[:block]) for block in Block)
    parts = [
        np.bincount(np.concatenate([text.numbers[block] for text in taken]), minlength=sizes[block]) for block in Block
    ]
    rarity = (np.log((1 + len(taken)) / (1 + np.concatenate(parts))) + 1).astype(np.float32)
    usual = tuple(_mean_length(taken, rarity[firsts[block] :], block) for block in Block)
    space = Space(vocabularies, firsts, rarity, log(1 + len(taken)) + 1, usual)
    return space, [space.placed(text) for text in taken]


def _mean_length(texts: list[Counted], rarity: Floats, block: Block) -> float:
    owner = np.repeat(np.arange(len(texts)), [len(text.numbers[block]) for text in texts])
    numbers = np.concatenate([text.numbers[block] for text in texts])
    times = np.concatenate([text.times[block] for text in texts])
    squares = (rarity[numbers] * (1.0 + np.log(times))).astype(np.float64) ** 2
    return float(np.sqrt(np.bincount(owner, squares, len(texts))).mean())
