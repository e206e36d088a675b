"""What speaks for and against each shortlisted entry, as numbers that mean the same in every knowledge base."""

import numpy as np
from numpy.typing import NDArray

from router.faq.corpus import Corpus
from router.faq.grams import Block
from router.faq.marked import Closest, marked
from router.faq.matrix import Numbers, bounds, cells, spread, sums
from router.faq.questions import Questions

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


def shortlist(corpus: Corpus, likeness: Numbers) -> Places:
    """Questions by the entries to look at closely, most alike first, given the likeness of each text to each."""
    rank = np.empty((len(likeness), len(corpus.sizes)))
    for row, alike in zip(rank, likeness, strict=True):
        best = np.zeros(len(row))
        np.maximum.at(best, corpus.owners, alike)
        np.negative(best + sums(corpus.owners, alike, len(row)) / corpus.sizes, out=row)
    count = min(SHORTLIST, len(corpus.sizes))
    chosen = rank.argpartition(count - 1, axis=1)[:, :count]
    rows = np.arange(len(rank))[:, None]
    return chosen[rows, np.lexsort((chosen, rank[rows, chosen]), axis=1)]


def signals(corpus: Corpus, questions: Questions, likeness: Numbers, entries: Places) -> Numbers:
    """Questions by entries by ``NAMES``, for questions that have at least one known piece.

    Args:
        corpus: The knowledge.
        questions: What is asked.
        likeness: Questions by texts.
        entries: Questions by the entries to look at.
    """
    closest, means = _closest(corpus, likeness, entries)
    logits = _logits(corpus, likeness, entries)
    raw = np.exp(logits - logits.max(axis=1, keepdims=True))
    out = np.empty((*entries.shape, len(NAMES)))
    out[..., 0] = 1.0
    out[..., 1] = means
    out[..., 2] = logits
    out[..., 3] = np.log(raw / raw.sum(axis=1, keepdims=True) + _FAINT)
    blocks = _by_block(corpus, questions, closest)[:, (Block.WORDS, Block.NOTIONS, Block.BONDS)]
    out[..., 4:7] = blocks.reshape(*entries.shape, -1)
    out[..., 7:16] = marked(corpus, questions, closest).reshape(*entries.shape, -1)
    out[..., 16] = questions.vectors.known[:, Block.UNITS, None]
    out[..., 17] = np.log1p(questions.counts)[:, None]
    return out


def _closest(corpus: Corpus, likeness: Numbers, entries: Places) -> tuple[Closest, Numbers]:
    """The closest texts of each entry, and the mean likeness of all its texts."""
    sizes = corpus.sizes[entries.ravel()]
    texts = spread(corpus.firsts[entries.ravel()], sizes)
    entry = np.arange(entries.size).repeat(sizes)
    questions = entry // entries.shape[1]
    alike = cells(likeness, questions, texts)
    rank = np.arange(len(texts)) - (sizes.cumsum() - sizes).repeat(sizes)
    kept = np.lexsort((-alike, entry))[rank < CLOSE]
    means = sums(entry, alike, entries.size) / sizes
    starts = bounds(np.minimum(sizes, CLOSE))
    return Closest(questions[kept], texts[kept], alike[kept], starts), means.reshape(entries.shape)


def _logits(corpus: Corpus, likeness: Numbers, entries: Places) -> Numbers:
    places, lengths = corpus.dual.places(entries.ravel())
    entry = np.arange(entries.size).repeat(lengths)
    parts = cells(likeness, entry // entries.shape[1], corpus.dual.columns[places])
    parts *= corpus.dual.values[places]
    return sums(entry, parts, entries.size).reshape(entries.shape)


def _by_block(corpus: Corpus, questions: Questions, closest: Closest) -> Numbers:
    """The likeness of each entry's closest text in each block, one row an entry."""
    first = closest.starts[:-1]
    places, lengths = corpus.texts.places(closest.texts[first])
    row = np.arange(len(first)).repeat(lengths)
    columns = corpus.texts.columns[places]
    asked = closest.questions[first][row]
    within = questions.places.at(asked, columns)
    (met,) = (within >= 0).nonzero()
    rows = questions.vectors.rows
    shares = corpus.texts.values[places[met]] * rows.values[rows.starts[asked[met]] + within[met]]
    slots = row[met] * len(Block) + corpus.blocks[columns[met]]
    return sums(slots, shares, len(first) * len(Block)).reshape(-1, len(Block))
