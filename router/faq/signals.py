"""What speaks for and against each shortlisted entry, as numbers that mean the same in every knowledge base."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.faq.cover import Trail, mutual
from router.faq.grams import Block
from router.faq.kinship import Kinship, overall
from router.faq.matrix import Ints, Sparse, Wide, spread
from router.faq.space import Space, Vector
from router.faq.swaps import Asked, told

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]

SHORTLIST = 10
"""Entries that are looked at closely."""
_FAINT = 1e-6
CLOSE = 3
"""Texts of an entry that are looked at closely."""

NAMES = (
    "one",
    "mean",  # mean likeness of the entry's texts
    "logit",  # of the classifier
    "chance",  # logarithm of the classifier's probability among the shortlisted
    "words",  # likeness to the entry's best text, words only
    "notions",
    "bonds",
    "kin",  # kinship with the best of the closest texts
    "kin_mean",  # mean kinship with them
    "kin_lead",  # kin, less the best of the other entries
    "covered",  # share of the question's rarity that any of the closest texts has
    "met",  # share of a closest text's rarity that the question has
    "odd",  # rarity of the rarest mark of the question that the entry lacks
    "amiss",  # logarithm of the rarity that a closest text has and the question lacks
    "mutual",  # the lesser of the shares that question and text cover of each other, for the best of the closest texts
    "told",  # share of a closest text's rarity that the question lacks and has a swap for
    "known",  # share of the question's units that the knowledge base knows at all
    "length",  # logarithm of the number of the question's marks
)


@dataclass(frozen=True, slots=True)
class Corpus:
    """The texts of a knowledge base, grouped by entry, in the forms that signals are read from."""

    space: Space
    firsts: Wide
    """The number of each entry's first text."""
    sizes: Wide
    """How many texts each entry has."""
    texts: Sparse
    """Texts by pieces: their vectors."""
    pieces: Sparse
    """``texts``, turned."""
    marks: Sparse
    """Texts by marks, with the marks' rarities."""
    trail: Trail
    blocks: NDArray[np.int8]
    """The block of each piece."""
    dual: Sparse
    """The classifier: entries by texts."""
    kinship: Kinship
    swaps: Sparse
    """Units by units: how far one stands for another."""


def shortlist(corpus: Corpus, likeness: Numbers) -> Places:
    """The entries to look at closely, most alike first, given the likeness of each text."""
    best = np.maximum.reduceat(likeness, corpus.firsts)
    rank = best + np.add.reduceat(likeness, corpus.firsts) / corpus.sizes
    count = min(SHORTLIST, len(rank))
    chosen = np.argpartition(-rank, count - 1)[:count] if count < len(rank) else np.arange(count)
    return chosen[np.lexsort((chosen, -rank[chosen]))]


def signals(corpus: Corpus, vector: Vector, trail: Trail, likeness: Numbers, entries: Places) -> Numbers:
    """Entries by ``NAMES``, for a question that has at least one known piece."""
    closest, of, means = _closest(corpus, likeness, entries)
    firsts = np.searchsorted(of, np.arange(len(entries)))
    logits = _logits(corpus, likeness, entries)
    raw = np.exp(logits - logits.max())
    out = np.empty((len(entries), len(NAMES)))
    out[:, 0] = 1.0
    out[:, 1] = means
    out[:, 2] = logits
    out[:, 3] = np.log(raw / raw.sum() + _FAINT)
    out[:, 4:7] = _by_block(corpus, vector, closest[firsts])[:, (Block.WORDS, Block.NOTIONS, Block.BONDS)]
    out[:, 7:16] = _marked(corpus, vector, trail, likeness, closest, of, firsts)
    out[:, 16] = vector.known[Block.UNITS]
    out[:, 17] = np.log1p(_count(vector))
    return out


def _closest(corpus: Corpus, likeness: Numbers, entries: Places) -> tuple[Places, Places, Numbers]:
    """The closest texts of each entry, closest first; the place of the entry of each; the entries' mean likeness."""
    sizes = corpus.sizes[entries]
    texts = spread(corpus.firsts[entries], sizes)
    alike = likeness[texts]
    of = np.repeat(np.arange(len(entries)), sizes)
    rank = np.arange(len(texts)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    kept = np.lexsort((-alike, of))[rank < CLOSE]
    return texts[kept], of[kept], np.asarray(np.bincount(of, alike) / sizes)


def _logits(corpus: Corpus, likeness: Numbers, entries: Places) -> Numbers:
    places, lengths = corpus.dual.places(entries)
    of = np.repeat(np.arange(len(entries)), lengths)
    parts = likeness[corpus.dual.columns[places]] * corpus.dual.values[places]
    return np.asarray(np.bincount(of, parts, len(entries)), np.float64)


def _lead(values: Numbers) -> Numbers:
    """How far each is ahead of the best of the others; a single one, of nothing."""
    if len(values) == 1:
        return values.copy()
    order = np.argsort(-values, kind="stable")
    rival = np.full(len(values), values[order[0]])
    rival[order[0]] = values[order[1]]
    return np.asarray(values - rival)


def _by_block(corpus: Corpus, vector: Vector, texts: Places) -> Numbers:
    places, lengths = corpus.texts.places(texts)
    columns = corpus.texts.columns[places]
    question = np.zeros(corpus.space.width, np.float32)
    question[vector.columns] = vector.weights
    shares = (corpus.texts.values[places] * question[columns]).astype(np.float64)
    slots = np.repeat(np.arange(len(texts)) * len(Block), lengths) + corpus.blocks[columns]
    return np.asarray(np.bincount(slots, shares, len(texts) * len(Block)).reshape(-1, len(Block)), np.float64)


def _marked(
    corpus: Corpus,
    vector: Vector,
    trail: Trail,
    likeness: Numbers,
    closest: Places,
    of: Places,
    firsts: Places,
) -> Numbers:
    """The signals from ``kin`` to ``told``, which compare the question's marks with those of the closest texts."""
    asked = vector.columns[: vector.marks]
    rarity = corpus.space.rarity[asked].astype(np.float64)
    place = np.full(corpus.marks.width + 1, -1, np.int32)
    place[asked] = np.arange(vector.marks)
    spots, lengths = corpus.marks.places(closest)
    text = np.repeat(np.arange(len(closest)), lengths)
    marks = corpus.marks.columns[spots]
    weights = corpus.marks.values[spots].astype(np.float64)
    met = place[marks] >= 0
    whole = np.asarray(np.bincount(text, weights, len(closest)), np.float64)
    shared = np.asarray(np.bincount(text, weights * met, len(closest)), np.float64)
    unknown = vector.strangers * corpus.space.strange
    total = float(rarity.sum()) + unknown
    kin = _kin(corpus, vector, text, marks, met, weights, lengths)
    counts = np.full(len(closest), _count(vector))
    there = np.zeros((len(closest), vector.marks + 1), np.bool_)
    there[text[met], place[marks[met]]] = True
    alike = mutual(trail, corpus.trail, closest, place, there)
    measures = overall(likeness[closest], shared, np.asarray(total - shared), whole - shared, counts, alike)
    kin += measures @ corpus.kinship.overall
    unit = marks < corpus.swaps.height
    lone = unit & ~met
    otherwise = told(corpus.swaps, Asked(asked, there[:, :-1]), text[lone], marks[lone], weights[lone])
    otherwise /= np.bincount(text[unit], weights[unit], len(closest))
    has = np.logical_or.reduceat(there[:, :-1], firsts)
    kins = np.maximum.reduceat(kin, firsts)
    rarest = np.where(has, 0.0, rarity).max(axis=1, initial=corpus.space.strange if vector.strangers else 0.0)
    columns = (
        kins,
        np.add.reduceat(kin, firsts) / np.diff(np.append(firsts, len(closest))),
        _lead(kins),
        has @ rarity / total,
        np.maximum.reduceat(shared / whole, firsts),
        rarest / corpus.space.strange,
        np.log1p(np.minimum.reduceat(whole - shared, firsts)),
        np.maximum.reduceat(alike, firsts),
        np.maximum.reduceat(otherwise, firsts),
    )
    return np.stack(columns, axis=1)


def _kin(
    corpus: Corpus,
    vector: Vector,
    text: Places,
    marks: Ints,
    met: NDArray[np.bool_],
    weights: Numbers,
    lengths: Wide,
) -> Numbers:
    """What the learned weights of single marks say for each text: shared ones, the text's own, the question's own."""
    kinship = corpus.kinship
    roots = np.sqrt(weights)
    lone = kinship.lone[marks]
    asked = vector.columns[: vector.marks]
    ours = float(kinship.lone[asked] @ np.sqrt(corpus.space.rarity[asked]))
    value = np.where(met, kinship.shared[marks] - lone, lone) * roots
    return np.asarray((np.bincount(text, value, len(lengths)) + ours) / np.sqrt(1.0 + lengths + _count(vector)))


def _count(vector: Vector) -> float:
    return float(vector.marks + vector.strangers)
