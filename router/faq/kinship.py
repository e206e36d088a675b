"""Learns from the knowledge base's own texts which differences between two questions matter in it.

Two texts of one entry mean the same; a text and its nearest texts of other entries do not. A logistic regression on
such pairs weighs each mark that the two share, and each that only one of them has: in one knowledge base a changed
question word changes nothing, in another everything.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.faq.cover import Trail, covered
from router.faq.descent import Point, least
from router.faq.matrix import Floats, Ints, Sparse, Wide

PRIOR = np.array([0.0, 2.0, 0.0, -1.0, -1.0, 0.3, 0.0, 2.0])
"""What holds on the whole (see ``_overall``), before the knowledge base says otherwise."""
_FREEDOM = 1.0
"""How far the weights may leave the prior: the loss of the pairs counts this much against their squares."""
_STEPS = 60
_AT_ONCE = 2_000
"""Pairs whose units are laid side by side at once: more would only need more memory."""
_SIBLINGS = 3
_STRANGERS = 6
_TAUGHT = 4_000
"""Texts that pairs are made of, at most; spread evenly over the knowledge base."""


@dataclass(frozen=True, slots=True)
class Kinship:
    """The weights: of marks that two texts share, of marks that only one has, and of the overall measures."""

    shared: Floats
    lone: Floats
    overall: Point


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of texts, to learn from."""

    one: Wide
    other: Ints
    likeness: Point
    kin: NDArray[np.bool_]
    """Whether both are of one entry."""


def overall(likeness: Point, shared: Point, ours: Point, theirs: Point, marks: Point, mutual: Point) -> Point:
    """Measures of a pair as a whole, one row a pair.

    Args:
        likeness: Of the two texts, 0 to 1.
        shared: The summed rarity of the marks that both have; ``ours`` and ``theirs`` of those that only one has.
        ours: See ``shared``.
        theirs: See ``shared``.
        marks: How many marks the question has.
        mutual: The lesser of the shares that the two cover of each other.
    """
    tiny = 1e-9
    out = np.empty((len(likeness), len(PRIOR)))
    out[:, 0] = 1.0
    out[:, 1] = 3 * likeness
    out[:, 2] = 3 * shared / (shared + ours + theirs + tiny)
    out[:, 3] = 3 * ours / (shared + ours + tiny)
    out[:, 4] = 3 * theirs / (shared + theirs + tiny)
    out[:, 5] = np.log1p(shared)
    out[:, 6] = np.log1p(marks)
    out[:, 7] = 3 * mutual
    return out


def learn(marks: Sparse, trail: Trail, pairs: Pairs) -> Kinship:
    """Learn from pairs of texts.

    Args:
        marks: Texts by marks, with the marks' rarities as values.
        trail: Of the texts.
        pairs: As ``pairs_of`` makes them.
    """
    kin = pairs.kin
    if not kin.any() or kin.all():
        flat = np.zeros(marks.width, np.float32)
        return Kinship(flat, flat, PRIOR)
    pair, column, value, measures = _described(marks, trail, pairs)
    order = np.argsort(column, kind="stable")
    pair, value = pair[order], value[order]
    used, firsts, times = np.unique(column[order], return_index=True, return_counts=True)
    width = 2 * marks.width
    sign = np.where(kin, 1.0, -1.0)
    weight = _FREEDOM * np.where(kin, 0.5 / kin.mean(), 0.5 / (1 - kin.mean()))

    def loss(point: Point) -> tuple[float, Point]:
        parts = np.repeat(point[used], times)
        parts *= value
        score = np.einsum("pm,m->p", measures, PRIOR + point[width:]) + np.bincount(pair, parts, len(kin))
        margin = sign * score
        pull = -weight * sign / (1 + np.exp(np.clip(margin, -50, 50)))
        slope = point.copy()
        parts = np.take(pull, pair, out=parts, mode="clip")
        parts *= value
        slope[used] += np.add.reduceat(parts, firsts)
        slope[width:] += np.einsum("pm,p->m", measures, pull)
        return float((weight * np.logaddexp(0, -margin)).sum() + (point * point).sum() / 2), slope

    found = least(loss, np.zeros(width + len(PRIOR)), steps=_STEPS)
    flat = found[:width].astype(np.float32)
    return Kinship(flat[: marks.width], flat[marks.width :], PRIOR + found[width:])


def pairs_of(owners: Ints, near: list[tuple[Ints, Floats]]) -> Pairs:
    """Each text with its nearest siblings and its nearest strangers.

    Args:
        owners: The entry of each text.
        near: For each text its nearest texts and their likeness, nearest first.
    """
    ones: list[int] = []
    others: list[int] = []
    likeness: list[float] = []
    for text in range(0, len(owners), -(-len(owners) // _TAUGHT)):
        those, alike = near[text]
        kin = owners[those] == owners[text]
        chosen = np.concatenate((np.flatnonzero(kin & (those != text))[:_SIBLINGS], np.flatnonzero(~kin)[:_STRANGERS]))
        ones.extend([text] * len(chosen))
        others.extend(those[chosen])
        likeness.extend(alike[chosen])
    one, other = np.array(ones, np.int64), np.array(others, np.int32)
    return Pairs(one, other, np.array(likeness), owners[one] == owners[other])


def _described(marks: Sparse, trail: Trail, both: Pairs) -> tuple[Wide, Wide, Point, Point]:
    """Each pair's marks as (pair, column, value), shared ones in the first half of the columns, and its measures."""
    one, other = both.one, both.other
    width, pairs = marks.width, len(one)
    keys = np.sort(marks.owners() * width + marks.columns)
    parts = []
    sums = np.zeros((4, pairs))
    for side, (mine, yours) in enumerate(((other.astype(np.int64), one), (one, other.astype(np.int64)))):
        places, lengths = marks.places(mine)
        pair = np.repeat(np.arange(pairs), lengths)
        column, rarity = marks.columns[places].astype(np.int64), marks.values[places].astype(np.float64)
        wanted = yours[pair] * width + column
        met = keys[np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)] == wanted
        sums[0] = np.bincount(pair, rarity * met, pairs)
        sums[1 + side] = np.bincount(pair, rarity * ~met, pairs)
        sums[3] += lengths
        kept = ~met if side else np.ones(len(met), np.bool_)
        parts.append((pair[kept], (column + width * ~met)[kept], np.sqrt(rarity[kept])))
    pair, column, value = (np.concatenate(each) for each in zip(*parts, strict=True))
    counts = marks.lengths[one]
    value = value / np.sqrt(1.0 + sums[3])[pair]
    return (
        pair,
        column,
        value,
        overall(
            both.likeness,
            sums[0],
            sums[2],
            sums[1],
            counts.astype(np.float64),
            np.minimum(_covered(trail, keys, width, one, other), _covered(trail, keys, width, other, one)),
        ),
    )


def _covered(trail: Trail, keys: Wide, width: int, ones: NDArray[np.integer], others: NDArray[np.integer]) -> Point:
    """The share of each one that its other covers, given the sorted numbers of all texts' marks."""
    shares = []
    for start in range(0, len(ones), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        rows, lengths = trail.rows(ones[part])
        pair = np.repeat(np.arange(len(lengths)), lengths)
        marks = trail.marks[rows]
        wanted = others[part][pair].astype(np.int64)[:, None] * width + marks
        met = keys[np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)] == wanted
        weights = trail.weights[rows].astype(np.float64)
        told = np.bincount(pair, weights * covered(met & (marks >= 0)), len(lengths))
        shares.append(told / np.bincount(pair, weights, len(lengths)))
    return np.concatenate(shares)
