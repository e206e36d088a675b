"""Fuzzes the parsers: ``python -m tests.fuzz --seconds 600 [--seed N] [--only NAME] [--json]``.

All targets have their turns, one after the other, until the time is over. Exit code 1 where anything was found.
"""

import argparse
import json
import sys
import time
from random import Random

import psutil

from tests.fuzz.run import SEEDS, Course
from tests.fuzz.targets import TARGETS

TURN = 200
"""Payloads of one turn."""
WARM = 20
"""Turns after which memory should no longer grow."""


def main() -> int:
    """Fuzz, and tell how it went."""
    asked = _arguments()
    targets = [target for target in TARGETS if asked.only in (None, target.name)]
    courses = [Course(target, Random(f"{asked.seed} {target.name}")) for target in targets]
    began, turns, warm = time.monotonic(), 0, 0
    while time.monotonic() - began < asked.seconds:
        for course in courses:
            course.turn(TURN)
        turns += 1
        if turns <= WARM:
            warm = psutil.Process().memory_info().rss
            for course in courses:
                course.grown = 0
    grown = psutil.Process().memory_info().rss - warm
    _tell(courses, seconds=time.monotonic() - began, grown=grown, as_json=asked.json)
    return int(any(course.finds for course in courses))


def _arguments() -> argparse.Namespace:
    described = "Fuzz all parsers of what comes from outside."
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=described)
    parser.add_argument("--seconds", type=float, default=60.0, help="for how long (60)")
    parser.add_argument("--seed", type=int, default=0, help="the same seed makes the same payloads (0)")
    parser.add_argument("--only", choices=[target.name for target in TARGETS], help="one target")
    parser.add_argument("--json", action="store_true", help="print exactly one JSON document")
    return parser.parse_args()


def _tell(courses: list[Course], *, seconds: float, grown: int, as_json: bool) -> None:
    finds = [find for course in courses for find in course.finds.values()]
    said = [{"target": find.target, "error": find.error, "kept": str(find.keep(SEEDS))} for find in finds]
    figures = {course.target.name: _figures(course) for course in courses}
    if as_json:
        told = {"seconds": round(seconds, 1), "grown_mib": _mib(grown), "targets": figures, "finds": said}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        return
    columns = list(next(iter(figures.values())))
    lines = [f"{'target':<18}" + "".join(f"{name:>12}" for name in columns)]
    lines += [f"{name:<18}" + "".join(f"{of[column]:>12,}" for column in columns) for name, of in figures.items()]
    total = sum(course.executions for course in courses)
    lines.append(f"{total:,} payloads in {seconds:.0f} s; {len(finds)} finds; grown by {_mib(grown)} MiB")
    lines += [f"  {one['target']}: {one['error']}, kept as {one['kept']}" for one in said]
    sys.stdout.write("\n".join(lines) + "\n")


def _figures(course: Course) -> dict[str, float]:
    return {
        "payloads": course.executions,
        "taken": course.taken,
        "outcomes": len(course.outcomes),
        "slowest_ms": round(course.slowest * 1000, 1),
        "grown_mib": _mib(course.grown),
    }


def _mib(size: int) -> float:
    return round(size / 2**20, 1)


if __name__ == "__main__":
    sys.exit(main())
