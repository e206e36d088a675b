"""Learns from the knowledge base's own texts which units stand for one another in it.

Where two texts of one entry differ, one says in other words what the other says. A unit of the one and a unit of the
other that meet so in several entries, and oftener than chance would have it, are a swap: what a text says beyond the
question is then said by the question too.
"""

import numpy as np
from numpy.typing import NDArray

from router.faq.beside import Beside
from router.faq.kinship import Pairs
from router.faq.matrix import Ints, Sparse, Wide, bounds, spread, sums

Shares = NDArray[np.float64]

_CHOICES = 25
"""Two texts that differ in so much that more pairs of units than this may be the swap do not tell which is."""


def learn(marks: Sparse, units: int, owners: Ints, pairs: Pairs) -> Sparse:
    """Units by units: how far each stands for each other one, 0 to 1; empty where it does not.

    Args:
        marks: Texts by marks, with the marks' rarities as values; the first columns are the units.
        units: How many units there are.
        owners: The entry of each text.
        pairs: Of texts; those of one entry teach.
    """
    one, other = pairs.one[pairs.kin], pairs.other[pairs.kin].astype(np.int64)
    entries = int(owners[-1]) + 1
    said = marks.only(marks.columns < units)
    ours, theirs = _lone(said, one, other), _lone(said, other, one)
    pair, left, right = _crossed(ours, theirs, len(one))
    low, high = np.minimum(left, right), np.maximum(left, right)
    met = np.unique((low * units + high) * entries + owners[one[pair]]) // entries
    swap, times = np.unique(met, return_counts=True)
    alone = np.concatenate([unit * entries + owners[one[those]] for those, unit in (ours, theirs)])
    alone_in = np.bincount(np.unique(alone) // entries, minlength=units)
    low, high = np.divmod(swap, units)
    expected = alone_in[low] * alone_in[high] / max(len(np.unique(owners[one])), 1)
    degree = np.minimum(np.log(times / (1.0 + expected)), 1.0)
    kept = degree > 0.0
    return _square(low[kept], high[kept], degree[kept], units)


def told(swaps: Sparse, beside: Beside) -> Shares:
    """The share of each text's rarity, of its units alone, that the question lacks but has a swap for."""
    pairs = len(beside.texts)
    unit = beside.marks < swaps.height
    (lone,) = (unit & (beside.places < 0)).nonzero()
    spots, lengths = swaps.places(beside.marks[lone])
    mark, swap = lone.repeat(lengths), swaps.columns[spots]
    (kept,) = beside.misses(beside.pairs[mark], swap).nonzero()
    best = np.zeros(len(unit), np.float32)
    np.maximum.at(best, mark[kept], swaps.values[spots[kept]])
    return beside.summed(beside.weights * best) / sums(beside.pairs[unit], beside.weights[unit], pairs)


def _lone(said: Sparse, mine: Wide, yours: Wide) -> tuple[Wide, Wide]:
    """The pair and the unit of each unit that the first text of a pair has and the second lacks, pair by pair."""
    keys = np.sort(said.owners() * said.width + said.columns)
    places, lengths = said.places(mine)
    pair = np.repeat(np.arange(len(mine)), lengths)
    unit = said.columns[places].astype(np.int64)
    wanted = yours[pair] * said.width + unit
    lone = keys[np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)] != wanted
    return pair[lone], unit[lone]


def _crossed(ours: tuple[Wide, Wide], theirs: tuple[Wide, Wide], pairs: int) -> tuple[Wide, Wide, Wide]:
    """Each unit of one side beside each of the other, within the pairs of texts that leave few choices."""
    counts = np.bincount(theirs[0], minlength=pairs)
    choices = np.bincount(ours[0], minlength=pairs) * counts
    lengths = np.where(choices <= _CHOICES, counts, 0)[ours[0]]
    places = spread((np.cumsum(counts) - counts)[ours[0]], lengths)
    return np.repeat(ours[0], lengths), np.repeat(ours[1], lengths), theirs[1][places]


def _square(low: NDArray[np.integer], high: NDArray[np.integer], degree: Shares, units: int) -> Sparse:
    """The symmetric matrix of pairs of units."""
    rows, columns = np.concatenate((low, high)), np.concatenate((high, low))
    order = np.lexsort((columns, rows))
    starts = bounds(np.bincount(rows, minlength=units))
    values = np.concatenate((degree, degree))[order].astype(np.float32)
    return Sparse(starts, columns[order].astype(np.int32), values, units)
