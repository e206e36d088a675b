"""Finds the weights of the answering model on question sets, and tells how they do on sets they never saw.

``python -m bot.knowledge.train FOLDER`` prints the lines to paste into ``router/faq/model.py``. Only these few numbers
are kept; no text of the sets is.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.sets import QuestionSet, read_sets
from router.faq.descent import Point, least
from router.faq.index import Index
from router.faq.model import SHIPPED, chances
from router.faq.normalise import normalise
from router.faq.signals import NAMES, SHORTLIST

_RESTRAINT = 1e-3
"""How much the squares of the weights (of signals scaled to spread 1) count against the mean log likelihood."""
_STEPS = 500


@dataclass(frozen=True, slots=True)
class Lesson:
    """The signals of a set's questions, and which candidate is right."""

    name: str
    signals: NDArray[np.float64]
    """Questions by candidates by signals; zero where there is no candidate."""
    present: NDArray[np.bool_]
    right: NDArray[np.bool_]
    """Questions by candidates; a row without a right one is a question without an entry."""
    answerable: int
    """How many of the questions have an entry."""


def lesson_of(one: QuestionSet) -> Lesson:
    """The signals of a set's questions in its knowledge base."""
    index = Index.build(one.entries)
    shape = (len(one.questions), SHORTLIST)
    found, present, right = np.zeros((*shape, len(NAMES))), np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    gold = [question.gold for question in one.questions]
    for seen in index.look([normalise(question.text) for question in one.questions]):
        place = slice(0, seen.entries.shape[1])
        found[seen.texts, place] = seen.signals
        present[seen.texts, place] = True
        right[seen.texts, place] = [
            [index.ids[entry] == gold[text] for entry in entries]
            for text, entries in zip(seen.texts, seen.entries, strict=True)
        ]
    return Lesson(one.name, found, present, right, sum(wanted is not None for wanted in gold))


def weights_of(lessons: list[Lesson]) -> Point:
    """The weights that make the right candidates (or their absence) most likely; each set counts the same."""
    signals = np.concatenate([lesson.signals for lesson in lessons])
    present = np.concatenate([lesson.present for lesson in lessons])
    right = np.concatenate([lesson.right for lesson in lessons])
    share = np.concatenate([np.full(len(lesson.signals), 1 / len(lesson.signals)) for lesson in lessons]) / len(lessons)
    centre, spread = signals[present].mean(axis=0), signals[present].std(axis=0) + 1e-9
    centre[0], spread[0] = 0.0, 1.0
    scaled = (signals - centre) / spread
    scaled[~present] = 0.0
    some = right.any(axis=1)

    def loss(weights: Point) -> tuple[float, Point]:
        score = np.where(present, scaled @ weights, -np.inf)
        top = np.maximum(score.max(axis=1), 0.0)
        parts = np.exp(score - top[:, None])
        whole = parts.sum(axis=1) + np.exp(-top)
        hit = np.where(some, np.where(right, score, 0.0).sum(axis=1), 0.0) - top - np.log(whole)
        pull = (right - parts / whole[:, None]) * share[:, None]
        kept = np.where(np.arange(len(weights)) == 0, 0.0, weights)
        slope = 2 * _RESTRAINT * kept - np.einsum("qc,qcs->s", pull, scaled)
        return float(_RESTRAINT * kept @ kept - share @ hit), slope

    found = least(loss, np.zeros(len(NAMES)), steps=_STEPS)
    weights: Point = found / spread
    weights[0] = found[0] - (found[1:] * centre[1:] / spread[1:]).sum()
    return weights


def report(lesson: Lesson, weights: Point) -> str:
    """Precision and coverage of a set's direct answers at several thresholds, with these weights."""
    chance = np.where(lesson.present, chances(lesson.signals, weights), 0.0)
    best = chance.argmax(axis=1)
    sure = chance.max(axis=1)
    right = lesson.right[np.arange(len(best)), best]
    cells = [f"top1 {right.sum() / max(lesson.answerable, 1):.3f}"]
    for threshold in (0.8, SHIPPED.answer, 0.95):
        given = sure >= threshold
        precision = right[given].mean() if given.any() else 1.0
        cells.append(f"{threshold:.2f}: {precision:.3f}/{right[given].sum() / max(lesson.answerable, 1):.3f}")
    return f"{lesson.name:>12}  " + "  ".join(cells)


def main(folder: Path) -> None:
    """Train on every set of a folder; print weights, and what each set gets from weights trained on the others."""
    lessons = [lesson_of(one) for one in read_sets(folder)]
    weights = weights_of(lessons)
    out = ["trained on all sets; threshold: precision/coverage"]
    out += [report(lesson, weights) for lesson in lessons]
    out += ["each set with weights from the others"] if len(lessons) > 1 else []
    for lesson in lessons if len(lessons) > 1 else []:
        out.append(report(lesson, weights_of([other for other in lessons if other is not lesson])))
    out += [f'    "{name}": {weight:.3f},' for name, weight in zip(NAMES, weights, strict=True)]
    sys.stdout.write("\n".join((*out, "")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
