"""Measures how well, how fast and how small the bot answers from a knowledge base, on folders of question sets."""

import gc
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import psutil

from bot.knowledge.sets import QuestionSet, padded, read_sets
from router.faq.index import Index
from router.faq.match import Match, Verdict

PRECISION = 0.95
"""The precision that ``cov95`` asks of direct answers."""
_WARM = 20


@dataclass(frozen=True, slots=True)
class Shipped:
    """What the shipped thresholds do: the share of direct answers that are right, and of questions answered so."""

    precision: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one set; shares are of the questions that have an entry, latencies of one question."""

    entries: int
    questions: int
    top1: float
    top3: float
    cov95: float
    shipped: Shipped
    p50_ms: float
    p99_ms: float
    build_s: float
    memory_mb: float


def run(folder: Path, *, as_json: bool, pad: int = 0) -> int:
    """Measure every set in a folder and print the figures.

    Args:
        folder: Holds one folder a set, each with ``knowledge.jsonl`` and ``queries.jsonl``.
        as_json: Print one JSON document to standard output, and all else to standard error.
        pad: Fill each knowledge base up to this many entries with generated ones, to see time and memory; the shares
            then say little, as the generated entries are nonsense near the real ones.

    Returns:
        The exit code: 0, or 2 where the folder holds no set.
    """
    sets = read_sets(folder)
    if not sets:
        sys.stderr.write(f"no question sets in {folder}\n")
        return 2
    figures = {}
    # Each set in a process of its own, so that its memory is its own.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        for one in sets:
            sys.stderr.write(f"measuring {one.name}\n")
            figures[one.name] = pool.submit(measure, one, pad=pad).result()
    document = json.dumps({"sets": {name: asdict(each) for name, each in figures.items()}})
    sys.stdout.write(f"{document}\n" if as_json else _table(figures))
    return 0


def measure(one: QuestionSet, *, pad: int = 0) -> Figures:
    """The figures of one set, its knowledge padded to ``pad`` entries."""
    entries = padded(one.entries, pad)
    gc.collect()
    before = psutil.Process().memory_info().rss
    started = time.perf_counter()
    index = Index.build(entries)
    built = time.perf_counter() - started
    gc.collect()
    memory = psutil.Process().memory_info().rss - before
    for question in one.questions[:_WARM]:
        index.match(question.text)
    matches = []
    taken = []
    for question in one.questions:
        started = time.perf_counter()
        matches.append(index.match(question.text))
        taken.append(time.perf_counter() - started)
    gold = [question.gold for question in one.questions]
    return Figures(
        entries=len(entries),
        questions=len(gold),
        top1=_share_found(matches, gold, 1),
        top3=_share_found(matches, gold, 3),
        cov95=coverage_at(matches, gold, PRECISION),
        shipped=_shipped(matches, gold),
        p50_ms=round(float(np.percentile(taken, 50)) * 1e3, 3),
        p99_ms=round(float(np.percentile(taken, 99)) * 1e3, 3),
        build_s=round(built, 3),
        memory_mb=round(memory / 2**20, 1),
    )


def coverage_at(matches: list[Match], gold: list[str | None], precision: float) -> float:
    """The largest share of the questions with an entry that are answered rightly above some threshold on the
    confidence, such that of all answers above it (to questions without an entry too) at least ``precision`` are right.
    """
    confidence = np.array([match.confidence for match in matches])
    right = np.array(
        [
            bool(match.candidates) and match.candidates[0].entry == wanted
            for match, wanted in zip(matches, gold, strict=True)
        ]
    )
    order = np.argsort(-confidence, kind="stable")
    hits = np.cumsum(right[order])
    last = np.append(np.diff(confidence[order]) != 0, True)
    good = (hits / np.arange(1, len(hits) + 1) >= precision) & last
    return _share(int(hits[good].max(initial=0)), gold)


def _share_found(matches: list[Match], gold: list[str | None], depth: int) -> float:
    found = sum(
        wanted in [one.entry for one in match.candidates[:depth]] for match, wanted in zip(matches, gold, strict=True)
    )
    return _share(found, gold)


def _shipped(matches: list[Match], gold: list[str | None]) -> Shipped:
    answers = [
        (match.answer, wanted) for match, wanted in zip(matches, gold, strict=True) if match.verdict is Verdict.ANSWER
    ]
    right = sum(answer == wanted for answer, wanted in answers)
    return Shipped(round(right / len(answers), 4) if answers else 1.0, _share(right, gold))


def _share(count: int, gold: list[str | None]) -> float:
    return round(count / max(sum(wanted is not None for wanted in gold), 1), 4)


def _table(figures: dict[str, Figures]) -> str:
    heads = ("entries", "asked", "top1", "top3", "cov95", "precision", "coverage", "p50 ms", "p99 ms", "build s", "MB")
    width = max(len(name) for name in figures)
    lines = [" ".join((" " * width, *(f"{head:>9}" for head in heads)))]
    for name, each in figures.items():
        counts = (each.entries, each.questions)
        shares = (each.top1, each.top3, each.cov95, each.shipped.precision, each.shipped.coverage)
        rest = (each.p50_ms, each.p99_ms, each.build_s, each.memory_mb)
        cells = (*map(str, counts), *(f"{share:.3f}" for share in shares), *(f"{value:.2f}" for value in rest))
        lines.append(" ".join((f"{name:<{width}}", *(f"{cell:>9}" for cell in cells))))
    return "\n".join((*lines, ""))
