"""Builds what an index is made of from the texts of a knowledge base."""

from collections.abc import Sequence

import numpy as np

from router.faq.classifier import neighbours, train
from router.faq.grams import Block, grams
from router.faq.kinship import learn
from router.faq.matrix import Floats, Ints, Sparse
from router.faq.signals import Corpus
from router.faq.space import Vector, space_of

_COMMON = 400
"""A piece in more texts than this does not help to find a text's neighbours in a large knowledge base."""
_LARGE = 5_000
"""Texts from which a knowledge base is large."""


def corpus_of(texts: Sequence[str], owners: Ints, entries: int) -> Corpus:
    """The corpus of normalised texts, grouped by entry; every entry has at least one.

    Args:
        texts: Normalised and not empty.
        owners: The entry's number for each text, ascending.
        entries: How many entries there are.
    """
    cut = [grams(text) for text in texts]
    space = space_of(cut)
    vectors = [space.vector(pieces) for pieces in cut]
    rows = Sparse.of([(vector.columns, vector.weights) for vector in vectors], space.width)
    marks = _marks(vectors, space.marks, space.rarity)
    turned = rows.turned()
    near = _near(rows, turned)
    sizes = np.bincount(owners, minlength=entries).astype(np.int64)
    return Corpus(
        space=space,
        firsts=np.cumsum(sizes) - sizes,
        sizes=sizes,
        texts=rows,
        pieces=turned,
        marks=marks,
        blocks=np.repeat(np.arange(len(Block), dtype=np.int8), [len(columns) for columns in space.columns]),
        dual=train(owners, entries, near),
        kinship=learn(marks, owners, near),
    )


def _marks(vectors: list[Vector], width: int, rarity: Floats) -> Sparse:
    parts = [vector.columns[: vector.marks] for vector in vectors]
    return Sparse.of([(part, rarity[part]) for part in parts], width)


def _near(rows: Sparse, turned: Sparse) -> list[tuple[Ints, Floats]]:
    """For each text its nearest texts, itself first, and their likeness."""
    usable = np.diff(turned.starts) <= (_COMMON if rows.height > _LARGE else rows.height)
    count = min(neighbours(rows.height), rows.height)
    found = []
    for text in range(rows.height):
        place = slice(rows.starts[text], rows.starts[text + 1])
        columns, values = rows.columns[place], rows.values[place]
        keep = usable[columns]
        likeness = turned.sum_of(columns[keep], values[keep])
        likeness[text] = 1.0
        near = np.argpartition(-likeness, count - 1)[:count] if count < len(likeness) else np.arange(count)
        near = near[np.lexsort((near, -likeness[near]))]
        near = near[likeness[near] > 0]
        found.append((near.astype(np.int32), likeness[near].astype(np.float32)))
    return found
