"""The signals that compare a question's marks with those of an entry's closest texts."""

from dataclasses import dataclass

import numpy as np

from router.faq.beside import Beside
from router.faq.corpus import Corpus
from router.faq.cover import mutual
from router.faq.kinship import Kinship, overall
from router.faq.matrix import Numbers, Wide, dots, sums
from router.faq.questions import Questions
from router.faq.swaps import told


@dataclass(frozen=True, slots=True)
class Closest:
    """The closest texts of each shortlisted entry of each question, entry by entry, closest first."""

    questions: Wide
    """The question of each text."""
    texts: Wide
    likeness: Numbers
    """Of each text to its question."""
    starts: Wide
    """Where the texts of each entry begin, and where the last entry's end."""


def marked(corpus: Corpus, questions: Questions, closest: Closest) -> Numbers:
    """The signals from ``kin`` to ``told``, one row an entry."""
    beside = Beside.of(questions.places, questions.vectors.marks, corpus.marks, closest.questions, closest.texts)
    strange = corpus.space.strange * questions.vectors.strangers
    total = sums(questions.marks.owners(), questions.marks.values, len(strange)) + strange
    whole = beside.summed(beside.weights)
    shared = beside.summed(beside.weights * beside.met)
    alike = mutual(questions.trail, corpus.trail, beside)
    counts = questions.counts[beside.questions]
    measures = overall(closest.likeness, shared, total[beside.questions] - shared, whole - shared, counts, alike)
    kin = _kin(corpus.kinship, questions, beside) + np.einsum("tm,m->t", measures, corpus.kinship.overall)
    covered, rarest = _covered(questions, closest, beside)
    firsts = closest.starts[:-1]
    asked = closest.questions[firsts]
    kins = np.maximum.reduceat(kin, firsts)
    out = np.empty((len(firsts), 9))
    out[:, 0] = kins
    out[:, 1] = np.add.reduceat(kin, firsts) / (closest.starts[1:] - firsts)
    out[:, 2] = _lead(kins.reshape(len(total), -1)).ravel()
    out[:, 3] = covered / total[asked]
    out[:, 4] = np.maximum.reduceat(shared / whole, firsts)
    out[:, 5] = np.where(strange[asked] > 0.0, 1.0, rarest / corpus.space.strange)
    out[:, 6] = np.log1p(np.minimum.reduceat(whole - shared, firsts))
    out[:, 7] = np.maximum.reduceat(alike, firsts)
    out[:, 8] = np.maximum.reduceat(told(corpus.swaps, beside), firsts)
    return out


def _covered(questions: Questions, closest: Closest, beside: Beside) -> tuple[Numbers, Numbers]:
    """Of each entry, how much of the question's rarity any of its closest texts has, and the most that a single known
    mark has which none of them has."""
    firsts = closest.starts[:-1]
    ours = questions.marks
    owners = ours.owners()
    rarity = np.zeros((ours.height, beside.there.shape[1]))
    rarity[owners, np.arange(len(owners)) - ours.starts[owners]] = ours.values
    rarity = rarity[closest.questions[firsts]]
    has = np.logical_or.reduceat(beside.there, firsts)
    entry, place = has.nonzero()
    return sums(entry, rarity[entry, place], len(firsts)), (rarity * ~has).max(axis=1)


def _kin(kinship: Kinship, questions: Questions, beside: Beside) -> Numbers:
    """What the learned weights of single marks say for each text: shared ones, the text's own, the question's own."""
    asked = questions.marks
    ours = dots(kinship.lone[asked.columns], np.sqrt(asked.values), asked.starts)
    lone = kinship.lone[beside.marks]
    value = np.where(beside.met, kinship.shared[beside.marks] - lone, lone) * np.sqrt(beside.weights)
    counts = np.bincount(beside.pairs, minlength=len(beside.texts)) + questions.counts[beside.questions]
    return (beside.summed(value) + ours[beside.questions]) / np.sqrt(1.0 + counts)


def _lead(values: Numbers) -> Numbers:
    """How far each entry of a question is ahead of the best of the others; a single one, of nothing."""
    if values.shape[1] == 1:
        return values
    best = np.partition(values, -2, axis=1)[:, -2:]
    return values - np.where(values == best[:, 1:], best[:, :1], best[:, 1:])
