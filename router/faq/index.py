"""An index of a knowledge base: read-only once built, so any number of threads may ask it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.faq.corpus import Corpus, corpus_of
from router.faq.match import Candidate, Entry, Match, Thresholds, Verdict
from router.faq.matrix import Numbers
from router.faq.model import SHIPPED, chances
from router.faq.normalise import normalise
from router.faq.questions import Questions, questions_of
from router.faq.signals import shortlist, signals

SHOWN = 3
"""Candidates at most."""
BESIDE = 0.25
"""The share of the threshold of suggestions from which an entry is shown beside one that reaches it."""
SURE = 0.99
"""The least confidence in an entry whose very words were said."""
_CELLS = 1_000_000
"""Questions by texts that are laid out at once."""
_AT_ONCE = 32
"""Questions that are looked at together, at most: more would save little more and need more memory."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen of some questions of which enough is known."""

    texts: list[int]
    """The place of each among those that were looked at."""
    entries: NDArray[np.intp]
    """Questions by the shortlisted entries, by number."""
    signals: Numbers
    """Questions by those entries by ``NAMES``."""


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
        matches = [Match(Verdict.NOTHING)] * len(texts)
        for seen in self.look(normal):
            chance = chances(seen.signals)
            for row, place in enumerate(seen.texts):
                if same := self._same(normal[place]):
                    _assure(chance[row], np.array([one in same for one in seen.entries[row].tolist()]), len(same))
            for place, match in zip(seen.texts, self._judged(seen.entries, chance), strict=True):
                matches[place] = match
        return matches

    def look(self, texts: Sequence[str]) -> Iterator[Seen]:
        """What is seen of normalised texts, some of them at a time."""
        if self.corpus is None:
            return
        at_once = max(1, min(_AT_ONCE, _CELLS // self.corpus.texts.height))
        for start in range(0, len(texts), at_once):
            part = texts[start : start + at_once]
            known, questions = questions_of(part, self.corpus.space)
            if known:
                entries, values = self._seen(self.corpus, questions, [part[place] for place in known])
                yield Seen([start + place for place in known], entries, values)

    def _seen(self, corpus: Corpus, questions: Questions, texts: list[str]) -> tuple[NDArray[np.intp], Numbers]:
        likeness = corpus.likeness(questions.vectors)
        entries = shortlist(corpus, likeness)
        for row, text in enumerate(texts):
            if same := self._same(text):
                listed = entries[row].tolist()
                said = [one for one in same if one not in listed][: len(listed)]
                entries[row, len(listed) - len(said) :] = said
        return entries, signals(corpus, questions, likeness, entries)

    def _same(self, text: str) -> tuple[int, ...]:
        """The entries that a normalised text is the very words of."""
        return self.exact.get(text.replace(" ", ""), ())

    def _judged(self, entries: NDArray[np.intp], chance: Numbers) -> Iterator[Match]:
        rows = np.arange(len(entries))[:, None]
        order = np.lexsort((entries, -chance), axis=1)[:, :SHOWN]
        for those, confidences in zip(entries[rows, order].tolist(), chance[rows, order].tolist(), strict=True):
            yield self._verdict(
                tuple(Candidate(self.ids[one], much) for one, much in zip(those, confidences, strict=True))
            )

    def _verdict(self, candidates: tuple[Candidate, ...]) -> Match:
        if candidates[0].confidence >= self.thresholds.answer:
            return Match(Verdict.ANSWER, candidates)
        if candidates[0].confidence < self.thresholds.suggest:
            return Match(Verdict.NOTHING, candidates)
        shown = tuple(one.entry for one in candidates if one.confidence >= BESIDE * self.thresholds.suggest)
        return Match(Verdict.SUGGEST, candidates, shown)


def _assure(chance: Numbers, said: NDArray[np.bool_], entries: int) -> None:
    """Raise the chances of the entries whose very words were said, and make room for them among the others."""
    chance[said] = np.maximum(chance[said], SURE) if entries == 1 else SURE / entries
    chance[~said] *= min(1.0, (1 - chance[said].sum()) / max(chance[~said].sum(), 1e-9))


def _said(entry: Entry) -> list[str]:
    """The normalised texts of an entry in their own order, so that how they were listed makes no difference."""
    return sorted({normalise(text) for text in (entry.question, *entry.similar)} - {""})
