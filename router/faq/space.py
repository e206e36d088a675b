"""The space that texts of a knowledge base are compared in: its pieces, and how rare each of them is there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from math import log

import numpy as np
from numpy.typing import NDArray

from router.faq.grams import MARKS, Block, Pieces
from router.faq.matrix import Floats, Ints, Sparse, Wide, bounds, dots, spread

SHARES = {Block.UNITS: 0.25, Block.WORDS: 0.25, Block.NOTIONS: 0.07, Block.RUNS: 0.33, Block.BONDS: 0.22}
"""How much each kind of piece counts in the likeness of two texts."""
_SHARES = np.array([SHARES[block] for block in Block])
_ROOTS = np.sqrt(_SHARES)


@dataclass(frozen=True, slots=True)
class Vectors:
    """Texts as sparse vectors: each of length 1 if all of it is known, shorter by what is not."""

    rows: Sparse
    """Texts by pieces, each row block by block."""
    marks: Wide
    """How many of each text's pieces are marks; they come first."""
    strangers: Wide
    """How many marks of each text are unknown to the knowledge base."""
    known: NDArray[np.float64]
    """Texts by blocks: the share of the text's weight that the knowledge base knows, 0 to 1."""

    def some(self, texts: NDArray[np.integer]) -> "Vectors":
        """The vectors of some of the texts."""
        return Vectors(self.rows.some(texts), self.marks[texts], self.strangers[texts], self.known[texts])


@dataclass(frozen=True, slots=True)
class Counted:
    """The known pieces of texts, text by text and block by block."""

    numbers: Ints
    """The number of each piece within its block."""
    times: Floats
    known: Wide
    """Texts by blocks: how many pieces are known."""
    strangers: Wide
    """Texts by blocks: how many pieces are unknown."""


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

    def vectors(self, texts: Iterable[Pieces]) -> Vectors:
        """Where texts lie, given their pieces."""
        return self.placed(counted(texts, self.vocabularies))

    def placed(self, texts: Counted) -> Vectors:
        """Where texts lie, given their counted pieces."""
        columns = texts.numbers + _each(self.firsts, texts.known)
        raw = self.rarity[columns] * (1.0 + np.log(texts.times))
        counts = texts.known.ravel()
        mass = dots(raw, raw, bounds(counts)).reshape(texts.known.shape)
        whole = mass + texts.strangers * self.strange**2
        scale = np.maximum(np.sqrt(whole), np.maximum(self.usual, 1e-9))
        lengths = np.sqrt((_SHARES * whole / scale**2).sum(axis=1))
        lengths[lengths == 0.0] = 1.0
        sizes = texts.known.sum(axis=1)
        weights = raw * (_ROOTS / scale).astype(np.float32).ravel().repeat(counts)
        weights /= lengths.astype(np.float32).repeat(sizes)
        return Vectors(
            Sparse(bounds(sizes), columns, weights, self.width),
            texts.known[:, :MARKS].sum(axis=1),
            texts.strangers[:, :MARKS].sum(axis=1),
            mass / np.where(mass > 0.0, whole, 1.0),
        )

    def marked(self, vectors: Vectors) -> Sparse:
        """Texts by marks, with the marks' rarities."""
        columns = vectors.rows.columns[spread(vectors.rows.starts[:-1], vectors.marks)]
        return Sparse(bounds(vectors.marks), columns, self.rarity[columns], self.marks)


def counted(texts: Iterable[Pieces], vocabularies: tuple[dict[str, int], ...]) -> Counted:
    """The pieces of texts as numbers."""
    numbers: list[int] = []
    times: list[int] = []
    sizes: list[int] = []
    for pieces in texts:
        for counter, vocabulary in zip(pieces, vocabularies, strict=True):
            numbers += map(vocabulary.get, counter, repeat(-1))
            times += counter.values()
            sizes.append(len(counter))
    found, count, runs = np.array(numbers, np.int32), np.array(times, np.float32), np.array(sizes, np.int64)
    known = runs
    if (strange := found < 0).any():
        known = runs - np.bincount(np.arange(len(runs)).repeat(runs)[strange], minlength=len(runs))
        found, count = found[~strange], count[~strange]
    shape = (-1, len(Block))
    return Counted(found, count, known.reshape(shape), (runs - known).reshape(shape))


def space_of(texts: Iterable[Pieces]) -> tuple[Space, Vectors]:
    """The space that these texts span, pieces numbered in the order of first sight, and where each of them lies."""
    vocabularies: tuple[dict[str, int], ...] = tuple({} for _ in Block)
    taken = counted(_learned(texts, vocabularies), vocabularies)
    sizes = [len(vocabulary) for vocabulary in vocabularies]
    firsts = tuple(sum(sizes[:block]) for block in Block)
    columns = taken.numbers + _each(firsts, taken.known)
    count = len(taken.known)
    rarity = (np.log((1 + count) / (1 + np.bincount(columns, minlength=sum(sizes)))) + 1).astype(np.float32)
    squares = (rarity[columns] * (1.0 + np.log(taken.times))).astype(np.float64) ** 2
    run = np.arange(taken.known.size).repeat(taken.known.ravel())
    usual = np.sqrt(np.bincount(run, squares, taken.known.size)).reshape(taken.known.shape).mean(axis=0)
    space = Space(vocabularies, firsts, rarity, log(1 + count) + 1, tuple(usual.tolist()))
    return space, space.placed(taken)


def _learned(texts: Iterable[Pieces], vocabularies: tuple[dict[str, int], ...]) -> Iterator[Pieces]:
    """The same texts, each once its pieces are in the vocabularies."""
    for pieces in texts:
        for counter, vocabulary in zip(pieces, vocabularies, strict=True):
            for piece in counter:
                vocabulary.setdefault(piece, len(vocabulary))
        yield pieces


def _each(firsts: Sequence[int], counts: Wide) -> Ints:
    """For every piece the first column of its block, given how many pieces each text has of each block."""
    every = np.empty(counts.shape, np.int32)
    every[:] = firsts
    return every.ravel().repeat(counts.ravel())
