"""How much of one text another says too: in the same words, or in other words for the same notions."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.faq.concepts import Spans
from router.faq.grams import MARKS, Block
from router.faq.matrix import Floats, Ints, Wide, spread
from router.faq.normalise import is_han
from router.faq.space import Space

Shares = NDArray[np.float64]

NOTIONS = 3
"""Notions of a unit that are looked at, at most."""
_ALONE = 0.6
"""How far a Han character is covered by the same one between other neighbours: it may be part of another word."""
_MEANT = 0.9
"""How far a unit is covered by another word for its notion."""


@dataclass(frozen=True, slots=True)
class Trail:
    """The units of texts in their order, one row a unit, text after text."""

    starts: Wide
    """The rows of text n are ``starts[n]`` to ``starts[n + 1]``."""
    marks: Ints
    """The columns of the unit itself, of the words that it makes with its neighbours (of the unit again where it is a
    word by itself), and of its notions; -1 where there is none or it is unknown."""
    weights: Floats
    """The rarity of each unit."""

    def rows(self, texts: NDArray[np.integer]) -> tuple[Wide, Wide]:
        """The rows of these texts, one text after the other, and how many each has."""
        first = self.starts[texts]
        lengths = self.starts[texts + 1] - first
        return spread(first, lengths), lengths


def trail_of(texts: Iterable[Spans], space: Space) -> Trail:
    """The trail of texts in a space, given their spans."""
    flat = array("i")
    starts = [0]
    for text in texts:
        for row in _rows(text, space):
            flat.extend(row)
        starts.append(len(flat) // (3 + NOTIONS))
    marks = np.array(flat, np.int32).reshape(-1, 3 + NOTIONS)
    weights = np.where(marks[:, 0] < 0, np.float32(space.strange), space.rarity[marks[:, 0]])
    return Trail(np.array(starts, np.int64), marks, weights)


def mutual(ours: Trail, theirs: Trail, texts: Wide, place: Ints, there: NDArray[np.bool_]) -> Shares:
    """The lesser of the shares that a question and each of some texts cover of each other.

    Args:
        ours: The question.
        theirs: All texts.
        texts: Those to compare it with.
        place: The place of each mark in the question's vector; -1, and -1 at the end, for what the question lacks.
        there: Texts by the question's marks: which each text has; False at the end.
    """
    rows, lengths = theirs.rows(texts)
    text = np.repeat(np.arange(len(texts)), lengths)
    weights = theirs.weights[rows].astype(np.float64)
    met = np.bincount(text, weights * covered(place[theirs.marks[rows]] >= 0), len(texts))
    said = np.einsum("tu,u->t", covered(there[:, place[ours.marks]]), ours.weights.astype(np.float64))
    return np.asarray(np.minimum(met / np.bincount(text, weights, len(texts)), said / ours.weights.sum()))


def covered(has: NDArray[np.bool_]) -> Shares:
    """How far each unit is covered, 0 to 1, given which of its marks (the last axis) the other text has."""
    same = has[..., 0] * np.where(has[..., 1] | has[..., 2], 1.0, _ALONE)
    return np.asarray(np.maximum(same, _MEANT * has[..., 3:].any(axis=-1)))


def _rows(text: Spans, space: Space) -> Iterator[tuple[int, ...]]:
    units, words, notions = space.vocabularies[:MARKS]
    steps = [(unit, meant) for those, meant in text for unit in those]
    chain = ["", *(unit for unit, _ in steps), ""]
    for before, (unit, meant), after in zip(chain, steps, chain[2:], strict=False):
        own = units.get(unit, -1)
        if is_han(unit):
            pair = [_column(words, word, space.firsts[Block.WORDS]) for word in (before + unit, unit + after)]
        else:
            pair = [own, own]
        named = [_column(notions, notion, space.firsts[Block.NOTIONS]) for notion in meant[:NOTIONS]]
        yield (own, *pair, *named, *[-1] * (NOTIONS - len(named)))


def _column(vocabulary: dict[str, int], piece: str, first: int) -> int:
    number = vocabulary.get(piece, -1)
    return number if number < 0 else first + number
