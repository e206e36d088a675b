"""Texts beside the questions that they may answer: which marks of the one the other has too."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.faq.matrix import Ints, Layout, Numbers, Sparse, Wide, cells, sums


@dataclass(frozen=True, slots=True)
class Beside:
    """Pairs of a question and a text, and the marks of the texts, one text after the other."""

    questions: Wide
    """The question of each pair."""
    texts: Wide
    """The text of each pair."""
    asked: Layout
    """Where a question's vector has a piece; its marks come first."""
    there: NDArray[np.bool_]
    """Pairs by places of the question's marks: which of them the text has. The last place is no mark's and
    always False, for -1 leads there."""
    pairs: Wide
    """The pair of each of the texts' marks."""
    marks: Ints
    weights: Numbers
    """The rarity of each of the texts' marks."""
    places: Ints
    """The place of each of the texts' marks among those of the question; -1 where the question lacks it."""

    @staticmethod
    def of(asked: Layout, counts: Wide, marks: Sparse, questions: Wide, texts: Wide) -> "Beside":
        """Lay texts beside questions.

        Args:
            asked: Where the questions' vectors have their pieces.
            counts: How many marks each question has.
            marks: Texts by marks, with the marks' rarities.
            questions: The question of each pair.
            texts: The text of each pair.
        """
        spots, lengths = marks.places(texts)
        pairs = np.arange(len(texts)).repeat(lengths)
        columns = marks.columns[spots]
        places = asked.at(questions[pairs], columns)
        there = np.zeros((len(texts), counts.max() + 1), np.bool_)
        there[pairs, places] = True
        there[:, -1] = False
        weights = marks.values[spots].astype(np.float64)
        return Beside(questions, texts, asked, there, pairs, columns, weights, places)

    @property
    def met(self) -> NDArray[np.bool_]:
        """Which of the texts' marks the question has."""
        return np.asarray(self.places >= 0)

    def summed(self, values: Numbers) -> Numbers:
        """The sum of each pair, given a value for each of the texts' marks."""
        return sums(self.pairs, values, len(self.texts))

    def asks(self, pairs: Wide, marks: Ints) -> NDArray[np.bool_]:
        """Which of some marks the question of their pair has; -1 is no mark."""
        return np.asarray(self.asked.at(self.questions[pairs], marks) >= 0)

    def shares(self, pairs: Wide, marks: Ints) -> NDArray[np.bool_]:
        """Which of some marks the question of their pair has, and the text too; -1 is no mark."""
        return cells(self.there, pairs, self.asked.at(self.questions[pairs], marks))

    def misses(self, pairs: Wide, marks: Ints) -> NDArray[np.bool_]:
        """Which of some marks the question of their pair has, but not the text."""
        places = self.asked.at(self.questions[pairs], marks)
        return np.asarray((places >= 0) & ~cells(self.there, pairs, places))
