"""What speaks for and against each shortlisted entry, as numbers that mean the same in every knowledge base."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.faq.grams import Block
from router.faq.matrix import Floats, Ints, Sparse, Wide
from router.faq.space import Space, Vector

SHORTLIST = 10
"""Entries that are looked at closely."""

NAMES = (
    "one", "best", "second", "mean", "logit", "chance", "lead", "ahead",
    "units", "runs", "notions", "pairs",
    "covered_units", "covered_runs", "met_units", "met_runs", "odd", "amiss",
    "known_units", "known_runs", "length", "phrasings",
)  # fmt: skip

_PER = len(Block)


@dataclass(frozen=True, slots=True)
class Corpus:
    """The texts of a knowledge base, grouped by entry, in the forms that signals are read from."""

    space: Space
    owners: Ints
    firsts: Wide
    """The number of each entry's first text."""
    sizes: Wide
    """How many texts each entry has."""
    texts: Sparse
    pieces: Sparse
    """``texts``, turned."""
    entries: Sparse
    """Entries by pieces, 1 where any text of the entry has the piece."""
    blocks: NDArray[np.int8]
    """The block of each piece."""
    dual: Sparse

    def likeness(self, vector: Vector) -> NDArray[np.float64]:
        """The likeness of a text with each text, 0 to 1."""
        return self.pieces.sum_of(np.array(vector.columns, np.intp), np.array(vector.weights, np.float32))


def shortlist(corpus: Corpus, likeness: NDArray[np.float64]) -> tuple[NDArray[np.intp], Floats]:
    """The entries to look at, most alike first, and the likeness of each one's best text."""
    best = np.maximum.reduceat(likeness, corpus.firsts)
    mean = np.add.reduceat(likeness, corpus.firsts) / corpus.sizes
    rank = best + mean
    count = min(SHORTLIST, len(rank))
    chosen = np.argpartition(-rank, count - 1)[:count] if count < len(rank) else np.arange(count)
    return chosen[np.lexsort((chosen, -rank[chosen]))], best


def signals(
    corpus: Corpus, vector: Vector, likeness: NDArray[np.float64], entries: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Entries by ``NAMES``."""
    count = len(entries)
    out = np.zeros((count, len(NAMES)))
    sizes = corpus.sizes[entries]
    top = np.zeros(count, np.intp)
    logits = np.zeros(count)
    for place, entry in enumerate(entries):
        first, size = corpus.firsts[entry], corpus.sizes[entry]
        own = likeness[first : first + size]
        top[place] = first + own.argmax()
        out[place, 1] = own.max()
        out[place, 2] = np.partition(own, -2)[-2] if size > 1 else own.max()
        out[place, 3] = own.mean()
        row = slice(corpus.dual.starts[entry], corpus.dual.starts[entry + 1])
        logits[place] = likeness[corpus.dual.columns[row]] @ corpus.dual.values[row]
    raw = np.exp(logits - logits.max())
    chance = np.log(raw / raw.sum() + 1e-6)
    out[:, 0] = 1.0
    out[:, 4] = logits
    out[:, 5] = chance
    out[:, 6] = _lead(chance)
    out[:, 7] = _lead(out[:, 1])
    out[:, 8:12] = _by_block(corpus, vector, top)
    out[:, 12:18] = _coverage(corpus, vector, entries, top)
    out[:, 18] = vector.known[Block.UNITS]
    out[:, 19] = vector.known[Block.RUNS]
    out[:, 20] = np.log1p(len(vector.columns)) / 5
    out[:, 21] = np.log1p(sizes)
    return out


def _lead(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each is ahead of the best of the others."""
    if len(values) == 1:
        return np.full(1, values[0])
    order = np.argsort(-values, kind="stable")
    rival = np.full(len(values), values[order[0]])
    rival[order[0]] = values[order[1]]
    lead: NDArray[np.float64] = values - rival
    return lead


def _by_block(corpus: Corpus, vector: Vector, top: NDArray[np.intp]) -> NDArray[np.float64]:
    places, lengths = corpus.texts.places(top)
    columns = corpus.texts.columns[places]
    question = np.zeros(corpus.space.width, np.float32)
    question[vector.columns] = vector.weights
    shares = corpus.texts.values[places] * question[columns]
    slots = np.repeat(np.arange(len(top)) * _PER, lengths) + corpus.blocks[columns]
    sums: NDArray[np.float64] = np.bincount(slots, shares.astype(np.float64), len(top) * _PER).reshape(-1, _PER)
    return sums


def _coverage(corpus: Corpus, vector: Vector, entries: NDArray[np.intp], top: NDArray[np.intp]) -> NDArray[np.float64]:
    count = len(entries)
    columns = np.array(vector.columns, np.intp)
    squares = np.array(vector.weights) ** 2
    blocks = corpus.blocks[columns]
    ours = columns[blocks <= Block.RUNS]
    mass = squares[blocks <= Block.RUNS]
    runs = blocks[blocks <= Block.RUNS] == Block.RUNS
    places, lengths = corpus.entries.places(entries)
    has = np.zeros((count, corpus.space.width), np.bool_)
    has[np.repeat(np.arange(count), lengths), corpus.entries.columns[places]] = True
    met = has[:, ours]
    out = np.zeros((count, 6))
    total_units = mass[~runs].sum() / max(vector.known[Block.UNITS], 1e-9)
    total_runs = mass[runs].sum() / max(vector.known[Block.RUNS], 1e-9)
    out[:, 0] = met[:, ~runs] @ mass[~runs] / max(total_units, 1e-9)
    out[:, 1] = met[:, runs] @ mass[runs] / max(total_runs, 1e-9)
    asked = np.zeros(corpus.space.width, np.bool_)
    asked[columns] = True
    spots, sizes = corpus.texts.places(top)
    theirs = corpus.texts.columns[spots]
    weights = corpus.texts.values[spots].astype(np.float64) ** 2
    kinds = corpus.blocks[theirs]
    owner = np.repeat(np.arange(count), sizes)
    for number, block in enumerate((Block.UNITS, Block.RUNS)):
        chosen = kinds == block
        whole = np.bincount(owner[chosen], weights[chosen], count)
        hit = np.bincount(owner[chosen], weights[chosen] * asked[theirs[chosen]], count)
        out[:, 2 + number] = hit / np.maximum(whole, 1e-9)
    lacking = np.where(met[:, ~runs], 0.0, corpus.space.rarity[ours[~runs]]).max(axis=1, initial=0.0)
    if vector.known[Block.UNITS] < 1.0:
        lacking[:] = np.maximum(lacking, corpus.space.strange)
    out[:, 4] = lacking / corpus.space.strange
    unmet = np.where((kinds == Block.UNITS) & ~asked[theirs], corpus.space.rarity[theirs], 0.0)
    starts = np.cumsum(sizes) - sizes
    out[:, 5] = np.maximum.reduceat(unmet, starts) / corpus.space.strange
    return out
