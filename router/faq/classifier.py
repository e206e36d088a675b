"""A classifier trained on the knowledge base: which entry do texts like this one belong to?"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.faq.matrix import Floats, Ints, Sparse, Wide, bounds

RIVALS = 32
"""Of each text only the entries of its nearest texts compete."""

_STEPS = 100
_DECAY = 0.02
_GLANCES = 15
"""Products that the largest eigenvalue of the likeness is estimated with."""
_CELLS = 8_000_000
"""Texts by entries that are laid out at once."""
_FEW = 2_000
_SMALL = 200_000_000


def neighbours(texts: int) -> int:
    """How many of a text's nearest texts take part in its training: all of a small knowledge base, some of a large."""
    return texts if texts <= _FEW else max(24, 256_000 // texts)


@dataclass(frozen=True, slots=True)
class _Contest:
    """Who competes for which text: numbered pairs of a text and an entry, sorted by text."""

    texts: Ints
    entries: Ints
    wanted: NDArray[np.bool_]
    firsts: Wide
    """The number of each text's first pair."""
    places: Wide
    """``to[places[n]:places[n + 1]]`` are the pairs that pair n's logit is the sum of, each times its likeness."""
    to: Ints
    likeness: Floats


def train(owners: Ints, entries: int, near: list[tuple[Ints, Floats]]) -> Sparse:
    """Multinomial logistic regression on a kernel, each text against its rivals only, by accelerated steps.

    Args:
        owners: The entry's number for each text.
        entries: How many entries there are.
        near: For each text its nearest texts (itself among them) and their likeness, nearest first.

    Returns:
        Entries by texts: an entry's logit is the question's likeness to the texts times the entry's row.
    """
    if len(owners) * len(owners) * entries <= _SMALL:
        return _among_all(owners, entries, near)
    contest = _contest(owners, entries, near)
    wanted = contest.wanted.astype(np.float32)
    sizes = np.diff(np.append(contest.firsts, len(wanted)))

    def logits_of(dual: Floats) -> Floats:
        parts = dual.take(contest.to)
        parts *= contest.likeness
        return np.add.reduceat(parts, contest.places)

    def chances_of(dual: Floats) -> Floats:
        logits = logits_of(dual)
        logits -= np.repeat(np.maximum.reduceat(logits, contest.firsts), sizes)
        chances = np.exp(logits)
        return np.asarray(chances / np.repeat(np.add.reduceat(chances, contest.firsts), sizes))

    dual = _descended(wanted, chances_of, _stride(logits_of, len(wanted)))
    order = np.argsort(contest.entries, kind="stable")
    starts = bounds(np.bincount(contest.entries, minlength=entries))
    return Sparse(starts, contest.texts[order], dual[order], len(owners))


def _among_all(owners: Ints, entries: int, near: list[tuple[Ints, Floats]]) -> Sparse:
    """The same in a small knowledge base, where every text may take part and every entry competes."""
    size = len(owners)
    likeness = np.zeros((size, size), np.float32)
    for text in range(size):
        likeness[text, near[text][0]] = near[text][1]
    wanted = np.zeros((size, entries), np.float32)
    wanted[np.arange(size), owners] = 1.0

    def chances_of(dual: Floats) -> Floats:
        logits = likeness @ dual
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(chances / chances.sum(axis=1, keepdims=True))

    dual = _descended(wanted, chances_of, _stride(likeness.__matmul__, size))
    columns = np.tile(np.arange(size, dtype=np.int32), entries)
    return Sparse(np.arange(entries + 1, dtype=np.int64) * size, columns, np.ascontiguousarray(dual.T).ravel(), size)


def _descended(wanted: Floats, chances_of: Callable[[Floats], Floats], stride: float) -> Floats:
    """The dual at which the chances come near to what is wanted, by accelerated steps from zero."""
    dual: Floats = np.zeros_like(wanted)
    ahead = dual
    for step in range(_STEPS):
        following = (ahead - stride * (chances_of(ahead) - wanted + _DECAY * ahead)).astype(np.float32, copy=False)
        ahead = (following + step / (step + 3) * (following - dual)).astype(np.float32, copy=False)
        dual = following
    return dual


def _stride(likeness: Callable[[Floats], Floats], size: int) -> float:
    """How far a step may go: twice the inverse of the likeness' largest eigenvalue, as a softmax curves by 1/2 at most.

    A longer one swings ever wider where many texts are a little alike, and the end is an accident of rounding.
    """
    vector: Floats = np.full(size, 1 / np.sqrt(size), np.float32)
    largest = 1.0
    for _ in range(_GLANCES):
        product = likeness(vector)
        largest = float(np.sqrt(np.einsum("i,i->", product, product)))
        vector = (product / largest).astype(np.float32, copy=False)
    return 2.0 / (largest + _DECAY)


def _contest(owners: Ints, entries: int, near: list[tuple[Ints, Floats]]) -> _Contest:
    rivals = [np.unique(np.append(owners[those[:RIVALS]], owners[text])) for text, (those, _) in enumerate(near)]
    counts = np.array([len(those) for those in rivals], np.int64)
    firsts = np.cumsum(counts) - counts
    texts = np.repeat(np.arange(len(owners), dtype=np.int32), counts)
    rival = np.concatenate(rivals).astype(np.int32)
    at_once = max(1, _CELLS // entries)
    steps = range(0, len(owners), at_once)
    parts = [_links(near[start : start + at_once], start, firsts, counts, rival, entries) for start in steps]
    source, to, likeness = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(source, kind="stable")
    places = np.searchsorted(source[order], np.arange(len(rival)))
    return _Contest(texts, rival, rival == owners[texts], firsts, places, to[order], likeness[order])


def _links(
    found: list[tuple[Ints, Floats]],
    start: int,
    firsts: Wide,
    counts: Wide,
    rival: Ints,
    entries: int,
) -> tuple[Ints, Ints, Floats]:
    """The links of the pairs of some texts, which begin at ``start``: their pairs, the linked ones, the likeness."""
    pairs = np.full((len(found), entries), -1, np.int32)
    own = np.arange(firsts[start], firsts[start] + counts[start : start + len(found)].sum(), dtype=np.int32)
    pairs[np.repeat(np.arange(len(found)), counts[start : start + len(found)]), rival[own]] = own
    sizes = np.array([len(near) for near, _ in found])
    ours = np.repeat(np.arange(len(found)), sizes)
    near = np.concatenate([those for those, _ in found])
    like = np.concatenate([those for _, those in found])
    spread = counts[near]
    ends = np.cumsum(spread)
    to = np.arange(ends[-1]) + np.repeat(firsts[near] - ends + spread, spread)
    source = pairs[np.repeat(ours, spread), rival[to]]
    met = source >= 0
    return source[met], to[met].astype(np.int32), np.repeat(like, spread)[met].astype(np.float32)
