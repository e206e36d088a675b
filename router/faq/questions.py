"""Questions that are asked together, in the forms that they are compared with a knowledge base in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from router.faq.concepts import spans
from router.faq.cover import Trail, trail_of
from router.faq.grams import Block, grams
from router.faq.matrix import Layout, Numbers, Sparse
from router.faq.space import Space, Vectors

KNOWN = 0.3
"""The least share of a question's units, weighed by rarity, that the knowledge base must know where it knows no word of
it: of less than that, what is alike is chance, such as a particle in a row of random letters."""


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions of which a knowledge base knows enough to be asked them."""

    vectors: Vectors
    places: Layout
    """Where the vectors have their pieces."""
    marks: Sparse
    """Questions by marks, with the marks' rarities."""
    trail: Trail

    @property
    def counts(self) -> Numbers:
        """How many marks each question has, known ones and unknown ones."""
        return (self.vectors.marks + self.vectors.strangers).astype(np.float64)


def questions_of(texts: Sequence[str], space: Space) -> tuple[list[int], Questions]:
    """Which of these normalised texts are known well enough, as places among them; and what they ask."""
    told = [spans(text) for text in texts]
    vectors = space.vectors(map(grams, texts, told))
    known = (vectors.known[:, Block.UNITS] >= KNOWN) | (vectors.known[:, Block.WORDS] > 0.0)
    (kept,) = known.nonzero()
    if len(kept) < len(texts):
        vectors = vectors.some(kept)
    trail = trail_of((told[place] for place in kept), space)
    return kept.tolist(), Questions(vectors, Layout.of(vectors.rows), space.marked(vectors), trail)
