"""The space that texts of a knowledge base are compared in: its pieces, and how rare each of them is there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import log, sqrt

import numpy as np

from router.faq.grams import MARKS, Block, Pieces
from router.faq.matrix import Floats, Ints

SHARES = {Block.UNITS: 0.25, Block.WORDS: 0.25, Block.NOTIONS: 0.07, Block.RUNS: 0.33, Block.BONDS: 0.10}
"""How much each kind of piece counts in the likeness of two texts."""


_SAMPLED = 2_000


@dataclass(frozen=True, slots=True)
class Vector:
    """A text as a sparse vector of length 1 (0 if nothing of it is known)."""

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
class Space:
    """Column and rarity of each piece, one vocabulary a block."""

    columns: tuple[dict[str, int], ...]
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
        return sum(len(vocabulary) for vocabulary in self.columns[:MARKS])

    def vector(self, pieces: Pieces) -> Vector:
        """Where a text lies, given its pieces."""
        columns: list[int] = []
        times: list[int] = []
        ends = []
        strangers = []
        for vocabulary, counter in zip(self.columns, pieces, strict=True):
            before = len(columns)
            for piece, count in counter.items():
                column = vocabulary.get(piece)
                if column is not None:
                    columns.append(column)
                    times.append(count)
            ends.append(len(columns))
            strangers.append(len(counter) - len(columns) + before)
        place = np.array(columns, np.int32)
        raw = self.rarity[place] * (1.0 + np.log(np.array(times, np.float32)))
        known = []
        start = 0
        for block, end in enumerate(ends):
            part = raw[start:end]
            mass = float(part @ part)
            whole = mass + strangers[block] * self.strange**2
            part *= sqrt(SHARES[Block(block)]) / max(sqrt(whole), self.usual[block], 1e-9)
            known.append(mass / whole if mass else 0.0)
            start = end
        norm = sqrt(float(raw @ raw)) or 1.0
        weights = (raw / norm).astype(np.float32)
        return Vector(place, weights, ends[MARKS - 1], sum(strangers[:MARKS]), tuple(known))

    def lengths(self, pieces: Pieces) -> list[float]:
        """The length of a text of the knowledge base in each block, before it is scaled."""
        result = []
        for vocabulary, counter in zip(self.columns, pieces, strict=True):
            place = [vocabulary[piece] for piece in counter]
            raw = self.rarity[place] * (1.0 + np.log(np.array(list(counter.values()), np.float32)))
            result.append(sqrt(float(raw @ raw)))
        return result


def space_of(texts: Sequence[Pieces]) -> Space:
    """The space that these texts span; columns are numbered in the order of first sight."""
    counts: tuple[Counter[str], ...] = tuple(Counter() for _ in Block)
    for pieces in texts:
        for count, counter in zip(counts, pieces, strict=True):
            count.update(counter.keys())
    frequencies = np.fromiter(chain.from_iterable(count.values() for count in counts), np.float64)
    rarity = (np.log((1 + len(texts)) / (1 + frequencies)) + 1).astype(np.float32)
    columns: list[dict[str, int]] = []
    for count in counts:
        first = sum(len(done) for done in columns)
        columns.append({piece: number for number, piece in enumerate(count, first)})
    bare = Space(tuple(columns), rarity, log(1 + len(texts)) + 1)
    sample = texts[:: max(1, len(texts) // _SAMPLED)]
    lengths = np.array([bare.lengths(pieces) for pieces in sample])
    return replace(bare, usual=tuple(map(float, lengths.mean(axis=0))))
