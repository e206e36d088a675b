"""Builds what an index is made of from the texts of a knowledge base."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from router.faq import kinship, swaps
from router.faq.classifier import neighbours, train
from router.faq.concepts import spans
from router.faq.cover import Trail, trail_of
from router.faq.grams import Block, grams
from router.faq.kinship import Kinship, pairs_of
from router.faq.matrix import Floats, Ints, Numbers, Sparse, Wide, bounds, sums
from router.faq.space import Space, Vectors, space_of

_CROWDED = 4_000
"""A piece in more texts than this takes long to look up and tells little: likeness leaves it out."""
_COMMON = 400
"""A piece in more texts than this does not help to find a text's neighbours in a large knowledge base."""
_LARGE = 5_000
"""Texts from which a knowledge base is large."""
_ALIKE = 0.05
"""Texts less alike than this are no neighbours in a large knowledge base."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The texts of a knowledge base, grouped by entry, in the forms that signals are read from."""

    space: Space
    firsts: Wide
    """The number of each entry's first text."""
    sizes: Wide
    """How many texts each entry has."""
    owners: Wide
    """The entry of each text."""
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

    def likeness(self, vectors: Vectors) -> Numbers:
        """Questions by texts: how alike they are."""
        questions = vectors.rows
        places, lengths = self.pieces.places(questions.columns)
        texts, shares = self.pieces.columns[places], self.pieces.values[places]
        shares *= questions.values.repeat(lengths)
        out = np.empty((questions.height, self.texts.height))
        for row, (start, end) in enumerate(pairwise(bounds(lengths)[questions.starts].tolist())):
            out[row] = sums(texts[start:end], shares[start:end], self.texts.height)
        return out


def corpus_of(texts: Sequence[str], owners: Ints, entries: int) -> Corpus:
    """The corpus of normalised texts, grouped by entry; every entry has at least one.

    Args:
        texts: Normalised and not empty.
        owners: The entry's number for each text, ascending.
        entries: How many entries there are.
    """
    told = [spans(text) for text in texts]
    space, vectors = space_of(map(grams, texts, told))
    rows, marks = vectors.rows, space.marked(vectors)
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
        owners=owners.astype(np.int64),
        texts=rows,
        pieces=turned,
        marks=marks,
        trail=trail,
        blocks=np.repeat(np.arange(len(Block), dtype=np.int8), [len(each) for each in space.vocabularies]),
        dual=train(owners, entries, near),
        kinship=kinship.learn(marks, trail, pairs),
        swaps=swaps.learn(marks, space.firsts[Block.WORDS], owners, pairs),
    )


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
