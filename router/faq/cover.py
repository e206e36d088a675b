"""How much of one text another says too: in the same words, or in other words for the same notions."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from router.faq.beside import Beside
from router.faq.concepts import Spans
from router.faq.grams import MARKS, Block
from router.faq.matrix import Floats, Ints, Wide, spread, sums
from router.faq.normalise import is_han
from router.faq.space import Space

Shares = NDArray[np.float64]

NOTIONS = 3
"""Notions of a unit that are looked at, at most."""
_BLANK = [-1] * NOTIONS
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
    flat: list[int] = []
    starts = [0]
    for text in texts:
        flat += _rows(text, space)
        starts.append(len(flat) // (3 + NOTIONS))
    marks = np.array(flat, np.int32).reshape(-1, 3 + NOTIONS)
    weights = np.where(marks[:, 0] < 0, np.float32(space.strange), space.rarity[marks[:, 0]])
    return Trail(np.array(starts, np.int64), marks, weights)


def mutual(ours: Trail, theirs: Trail, beside: Beside) -> Shares:
    """The lesser of the shares that each question and the text beside it cover of each other.

    Args:
        ours: The questions.
        theirs: All texts.
        beside: Which text is beside which question.
    """
    pairs = len(beside.texts)
    rows, lengths = theirs.rows(beside.texts)
    pair = np.arange(pairs).repeat(lengths)
    weights = theirs.weights[rows].astype(np.float64)
    met = sums(pair, weights * covered(beside.asks(pair[:, None], theirs.marks[rows])), pairs)
    met /= sums(pair, weights, pairs)
    rows, lengths = ours.rows(beside.questions)
    pair = np.arange(pairs).repeat(lengths)
    weights = ours.weights[rows].astype(np.float64)
    said = sums(pair, weights * covered(beside.shares(pair[:, None], ours.marks[rows])), pairs)
    whole = np.array([ours.weights[start:end].sum() for start, end in pairwise(ours.starts.tolist())])
    return np.asarray(np.minimum(met, said / whole[beside.questions]))


def covered(has: NDArray[np.bool_]) -> Shares:
    """How far each unit is covered, 0 to 1, given which of its marks (the last axis) the other text has."""
    same = has[..., 0] * np.where(has[..., 1] | has[..., 2], 1.0, _ALONE)
    meant = has[..., 3]
    for notion in range(4, 3 + NOTIONS):
        meant = meant | has[..., notion]
    return np.asarray(np.maximum(same, _MEANT * meant))


def _rows(text: Spans, space: Space) -> list[int]:
    """The marks of each unit of a text, unit after unit."""
    units, words, notions = (vocabulary.get for vocabulary in space.vocabularies[:MARKS])
    word, notion = space.firsts[Block.WORDS], space.firsts[Block.NOTIONS]
    chain = ["", *(unit for those, _ in text for unit in those), ""]
    rows: list[int] = []
    place = 0
    for those, meant in text:
        named = [notions(each, ~notion) + notion for each in meant[:NOTIONS]]
        named += _BLANK[len(named) :]
        han = is_han(those[0])
        for unit in those:
            own = units(unit, -1)
            if han:
                before, after = words(chain[place] + unit, ~word), words(unit + chain[place + 2], ~word)
                rows += (own, before + word, after + word, *named)
            else:
                rows += (own, own, own, *named)
            place += 1
    return rows
