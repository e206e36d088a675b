"""Builds what an index is made of from the texts of a knowledge base."""

from collections.abc import Sequence

import numpy as np

from router.faq import kinship, swaps
from router.faq.classifier import neighbours, train
from router.faq.concepts import spans
from router.faq.cover import trail_of
from router.faq.grams import Block, grams
from router.faq.kinship import pairs_of
from router.faq.matrix import Floats, Ints, Sparse
from router.faq.signals import Corpus
from router.faq.space import Vector, space_of

_CROWDED = 4_000
"""A piece in more texts than this takes long to look up and tells little: likeness leaves it out."""
_COMMON = 400
"""A piece in more texts than this does not help to find a text's neighbours in a large knowledge base."""
_LARGE = 5_000
"""Texts from which a knowledge base is large."""
_ALIKE = 0.05
"""Texts less alike than this are no neighbours in a large knowledge base."""


def corpus_of(texts: Sequence[str], owners: Ints, entries: int) -> Corpus:
    """The corpus of normalised texts, grouped by entry; every entry has at least one.

    Args:
        texts: Normalised and not empty.
        owners: The entry's number for each text, ascending.
        entries: How many entries there are.
    """
    told = [spans(text) for text in texts]
    space, vectors = space_of(map(grams, texts, told))
    rows = Sparse.of([(vector.columns, vector.weights) for vector in vectors], space.width)
    marks = _marks(vectors, space.marks, space.rarity)
    trail = trail_of(told, space)
    lean = _lean(rows)
    turned = lean.turned()
    near = _near(lean, turned)
    pairs = pairs_of(owners, near)
    sizes = np.bincount(owners, minlength=entries).astype(np.int64)
    return Corpus(
        space=space,
        firsts=np.cumsum(sizes) - sizes,
        sizes=sizes,
        texts=rows,
        pieces=turned,
        marks=marks,
        trail=trail,
        blocks=np.repeat(np.arange(len(Block), dtype=np.int8), [len(each) for each in space.vocabularies]),
        dual=train(owners, entries, near),
        kinship=kinship.learn(marks, trail, pairs),
        swaps=swaps.learn(marks, space.firsts[Block.WORDS], owners, pairs),
    )


def _marks(vectors: list[Vector], width: int, rarity: Floats) -> Sparse:
    parts = [vector.columns[: vector.marks] for vector in vectors]
    return Sparse.of([(part, rarity[part]) for part in parts], width)


def _lean(rows: Sparse) -> Sparse:
    """The rows without crowded pieces."""
    crowded = np.bincount(rows.columns, minlength=rows.width) > _CROWDED
    return rows.only(~crowded[rows.columns]) if crowded.any() else rows


def _near(rows: Sparse, turned: Sparse) -> list[tuple[Ints, Floats]]:
    """For each text its nearest texts, itself first, and their likeness."""
    large = rows.height > _LARGE
    usable = np.diff(turned.starts) <= (_COMMON if large else rows.height)
    count = neighbours(rows.height)
    question = np.zeros(rows.width, np.float32)
    found = []
    for text in range(rows.height):
        place = slice(rows.starts[text], rows.starts[text + 1])
        columns, values = rows.columns[place], rows.values[place]
        keep = usable[columns]
        likeness = turned.sum_of(columns[keep], values[keep])
        likeness[text] = 2.0
        near = np.flatnonzero(likeness > (_ALIKE if large else 0.0))
        if len(near) > count:
            near = near[np.argpartition(-likeness[near], count - 1)[:count]]
        if large:
            question[columns] = values
            likeness[near] = rows.product(near, question)
            question[columns] = 0.0
            likeness[text] = 2.0
        near = near[np.lexsort((near, -likeness[near]))]
        found.append((near.astype(np.int32), np.minimum(likeness[near], 1.0).astype(np.float32)))
    return found
