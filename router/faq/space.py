"""The space that texts of a knowledge base are compared in: its pieces, and how rare each of them is there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import log, sqrt

import numpy as np

from router.faq.grams import Block
from router.faq.matrix import Floats

Pieces = tuple[Counter[str], ...]
"""How often each piece occurs in a text, one counter a block."""

SHARES = {Block.UNITS: 0.3, Block.RUNS: 0.4, Block.NOTIONS: 0.2, Block.PAIRS: 0.1}
"""How much each kind of piece counts in the likeness of two texts."""


@dataclass(frozen=True, slots=True)
class Vector:
    """A text as a sparse vector of length 1 (0 if nothing of it is known)."""

    columns: list[int]
    weights: list[float]
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

    def vector(self, pieces: Pieces) -> Vector:
        """Where a text lies, given its pieces."""
        columns: list[int] = []
        weights: list[float] = []
        known = []
        for block in Block:
            found, strange = self._block(block, pieces[block], columns)
            mass = sum(weight * weight for weight in found)
            length = sqrt(mass + strange)
            scale = sqrt(SHARES[block]) / max(length, self.usual[block], 1e-9)
            weights.extend(weight * scale for weight in found)
            known.append(mass / (mass + strange) if mass else 0.0)
        norm = sqrt(sum(weight * weight for weight in weights)) or 1.0
        return Vector(columns, [weight / norm for weight in weights], tuple(known))

    def length(self, block: Block, pieces: Counter[str]) -> float:
        """The length of a text in a block, before it is scaled."""
        found, strange = self._block(block, pieces, [])
        return sqrt(sum(weight * weight for weight in found) + strange)

    def _block(self, block: Block, pieces: Counter[str], columns: list[int]) -> tuple[list[float], float]:
        vocabulary, rarity = self.columns[block], self.rarity
        weights = []
        strange = 0.0
        for piece, times in pieces.items():
            column = vocabulary.get(piece)
            if column is None:
                strange += self.strange * self.strange
                continue
            columns.append(column)
            weights.append(float(rarity[column]) * (1.0 + log(times)))
        return weights, strange


def space_of(texts: Sequence[Pieces]) -> Space:
    """The space that these texts span; columns are numbered in the order of first sight."""
    counts: tuple[Counter[str], ...] = tuple(Counter() for _ in Block)
    for pieces in texts:
        for block in Block:
            counts[block].update(pieces[block].keys())
    frequencies = np.fromiter(chain.from_iterable(count.values() for count in counts), np.float64)
    rarity = (np.log((1 + len(texts)) / (1 + frequencies)) + 1).astype(np.float32)
    columns: list[dict[str, int]] = []
    for count in counts:
        first = sum(len(done) for done in columns)
        columns.append({piece: number for number, piece in enumerate(count, first)})
    bare = Space(tuple(columns), rarity, log(1 + len(texts)) + 1)
    usual = tuple(sum(bare.length(block, pieces[block]) for pieces in texts) / max(len(texts), 1) for block in Block)
    return replace(bare, usual=usual)
