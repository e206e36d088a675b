"""Builds what an index is made of from the texts of a knowledge base."""

from collections.abc import Callable, Sequence

import numpy as np

from router.faq.classifier import neighbours, train
from router.faq.grams import Block, grams
from router.faq.matrix import Floats, Ints, Sparse
from router.faq.signals import Corpus
from router.faq.space import space_of

COMMON = 400
"""A piece in more texts than this does not help to find a text's neighbours in a large knowledge base."""


def corpus_of(texts: Sequence[str], owners: Ints, entries: int) -> Corpus:
    """The corpus of normalised texts, grouped by entry; every entry has at least one.

    Args:
        texts: Normalised and not empty.
        owners: The entry's number for each text, ascending.
        entries: How many entries there are.
    """
    cut = [grams(text) for text in texts]
    space = space_of(cut)
    rows = Sparse.of([(vector.columns, vector.weights) for vector in map(space.vector, cut)], space.width)
    turned = rows.turned()
    sizes = np.bincount(owners, minlength=entries).astype(np.int64)
    blocks = np.repeat(np.arange(len(Block), dtype=np.int8), [len(columns) for columns in space.columns])
    return Corpus(
        space=space,
        owners=owners,
        firsts=np.cumsum(sizes) - sizes,
        sizes=sizes,
        texts=rows,
        pieces=turned,
        entries=_merged(rows, owners, entries, int(np.searchsorted(blocks, Block.NOTIONS))),
        blocks=blocks,
        dual=train(owners, entries, _nearest(rows, turned)),
    )


def _nearest(rows: Sparse, turned: Sparse) -> Callable[[int], tuple[Ints, Floats]]:
    frequency = np.diff(turned.starts)
    usable = frequency <= max(COMMON, 0)
    if rows.height <= 5 * COMMON:
        usable[:] = True

    def nearest(text: int) -> tuple[Ints, Floats]:
        place = slice(rows.starts[text], rows.starts[text + 1])
        columns, values = rows.columns[place], rows.values[place]
        keep = usable[columns]
        likeness = turned.sum_of(columns[keep].astype(np.intp), values[keep])
        likeness[text] = 1.0
        count = min(neighbours(rows.height), len(likeness))
        near = np.argpartition(-likeness, count - 1)[:count] if count < len(likeness) else np.arange(count)
        near = near[np.lexsort((near, -likeness[near]))]
        near = near[likeness[near] > 0]
        return near.astype(np.int32), likeness[near].astype(np.float32)

    return nearest


def _merged(rows: Sparse, owners: Ints, entries: int, width: int) -> Sparse:
    """Entries by the pieces of the first blocks (columns below ``width``), each piece once."""
    owner = np.repeat(owners.astype(np.int64), np.diff(rows.starts))
    kept = rows.columns < width
    keys = np.unique(owner[kept] * width + rows.columns[kept])
    starts = np.zeros(entries + 1, np.int64)
    np.cumsum(np.bincount(keys // width, minlength=entries), out=starts[1:])
    return Sparse(starts, (keys % width).astype(np.int32), np.ones(len(keys), np.float32), rows.width)
