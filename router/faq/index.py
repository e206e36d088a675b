"""An index of a knowledge base: read-only once built, so any number of threads may ask it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.faq.concepts import spans
from router.faq.corpus import corpus_of
from router.faq.cover import trail_of
from router.faq.grams import Block, grams
from router.faq.match import Candidate, Entry, Match, Thresholds, Verdict
from router.faq.model import SHIPPED, chances
from router.faq.normalise import normalise
from router.faq.signals import Corpus, shortlist, signals

SHOWN = 3
"""Candidates at most."""
BESIDE = 0.25
"""The share of the threshold of suggestions from which an entry is shown beside one that reaches it."""
SURE = 0.99
"""The least confidence in an entry whose very words were said."""
KNOWN = 0.3
"""The least share of a question's units, weighed by rarity, that the knowledge base must know where it knows no word of
it: of less than that, what is alike is chance, such as a particle in a row of random letters."""


@dataclass(frozen=True, slots=True)
class Index:
    """A knowledge base, ready to be asked. ``Index.build`` makes one; the same entries, in whatever order and however
    their texts are ordered, make the same index."""

    ids: tuple[str, ...]
    exact: dict[str, tuple[int, ...]]
    """The entries that a normalised text without spaces is the very words of."""
    corpus: Corpus | None
    """None where no entry has a word."""
    thresholds: Thresholds

    @staticmethod
    def build(entries: Sequence[Entry], thresholds: Thresholds = SHIPPED) -> "Index":
        """Build the index of these entries; takes seconds for thousands of them."""
        said = sorted((texts, entry.id) for entry in entries if (texts := _said(entry)))
        exact: dict[str, tuple[int, ...]] = {}
        for number, (texts, _) in enumerate(said):
            for key in dict.fromkeys(text.replace(" ", "") for text in texts):
                exact[key] = (*exact.get(key, ()), number)
        owners = np.repeat(np.arange(len(said), dtype=np.int32), [len(texts) for texts, _ in said])
        corpus = corpus_of([text for texts, _ in said for text in texts], owners, len(said)) if said else None
        return Index(tuple(name for _, name in said), exact, corpus, thresholds)

    def match(self, text: str) -> Match:
        """What is known to this question."""
        return self.match_many([text])[0]

    def match_many(self, texts: Sequence[str]) -> list[Match]:
        """What is known to each of these questions, in their order; none of them waits for a lock."""
        normal = [normalise(text) for text in texts]
        looked = [self.look(text) for text in normal]
        return [
            self._judged(text, *seen) if seen else Match(Verdict.NOTHING)
            for text, seen in zip(normal, looked, strict=True)
        ]

    def look(self, text: str) -> tuple[NDArray[np.intp], NDArray[np.float64]] | None:
        """The shortlisted entries for a normalised text, and their signals; None where too little of it is known."""
        if self.corpus is None or not text:
            return None
        told = spans(text)
        vector = self.corpus.space.vector(grams(text, told))
        if not len(vector.columns) or (vector.known[Block.UNITS] < KNOWN and not vector.known[Block.WORDS]):
            return None
        likeness = self.corpus.pieces.sum_of(vector.columns, vector.weights)
        entries = shortlist(self.corpus, likeness)
        if same := self.exact.get(text.replace(" ", ""), ()):
            said = np.setdiff1d(np.array(same, np.intp), entries)[: len(entries)]
            entries[len(entries) - len(said) :] = said
        return entries, signals(self.corpus, vector, trail_of([told], self.corpus.space), likeness, entries)

    def _judged(self, text: str, entries: NDArray[np.intp], seen: NDArray[np.float64]) -> Match:
        chance = chances(seen)
        if same := self.exact.get(text.replace(" ", ""), ()):
            said = np.isin(entries, same)
            chance[said] = np.maximum(chance[said], SURE) if len(same) == 1 else SURE / len(same)
            chance[~said] *= min(1.0, (1 - chance[said].sum()) / max(chance[~said].sum(), 1e-9))
        order = np.lexsort((entries, -chance))[:SHOWN]
        candidates = tuple(Candidate(self.ids[entries[place]], float(chance[place])) for place in order)
        if candidates[0].confidence >= self.thresholds.answer:
            return Match(Verdict.ANSWER, candidates)
        if candidates[0].confidence < self.thresholds.suggest:
            return Match(Verdict.NOTHING, candidates)
        shown = tuple(one.entry for one in candidates if one.confidence >= BESIDE * self.thresholds.suggest)
        return Match(Verdict.SUGGEST, candidates, shown)


def _said(entry: Entry) -> list[str]:
    """The normalised texts of an entry in their own order, so that how they were listed makes no difference."""
    return sorted({normalise(text) for text in (entry.question, *entry.similar)} - {""})
