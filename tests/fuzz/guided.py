"""Fuzzes one parser by what its code does: ``python -m tests.fuzz.guided NAME --seconds 60``, if atheris is there.

atheris (libFuzzer) watches which branches a payload reaches and goes on from those that reach new ones; our own changes
to payloads are among its own. It is no dependency: ``pip install atheris`` where it is wanted. A find ends the run and
is kept as ``python -m tests.fuzz`` keeps it.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.mutations import Form, mutated

WATCHED = ["channels"]
"""Packages whose branches count; they must not have been imported before."""


def main() -> None:
    """Fuzz until the time is over or something is found; libFuzzer ends the process itself."""
    asked = _arguments()
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=WATCHED):
        run = import_module("tests.fuzz.run")
        targets = import_module("tests.fuzz.targets").TARGETS
    target = next((target for target in targets if target.name == asked.target), None)
    if target is None:
        raise SystemExit(f"no such parser; known are {', '.join(target.name for target in targets)}")

    def feed(data: bytes) -> None:
        _, find = run.tried(target, data)
        if find is not None:
            sys.stderr.write(f"{find.target}: {find.error}, kept as {find.keep(run.SEEDS)}\n")
            raise AssertionError(find.error)

    with tempfile.TemporaryDirectory() as folder:
        seeds = (*target.seeds, *run.kept(target.name))
        for number, seed in enumerate(seeds):
            (Path(folder) / str(number)).write_bytes(seed)
        limits = [f"-max_total_time={asked.seconds}", "-timeout=5", "-max_len=16384", f"-artifact_prefix={folder}/"]
        change = _changes(atheris, seeds, target.form)
        atheris.Setup([sys.argv[0], *limits, folder], feed, custom_mutator=change)
        atheris.Fuzz()


def _changes(atheris: Any, seeds: tuple[bytes, ...], form: Form) -> Callable[[bytes, int, int], bytes]:
    """libFuzzer's changes to bytes, and ours, which know the form of a payload."""

    def change(data: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)
        if random.random() < 0.5:
            return bytes(atheris.Mutate(data, most))
        return mutated(data, seeds, form, random)[:most]

    return change


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.guided", description="Fuzz one parser by coverage.")
    parser.add_argument("target", help="its name, such as wechat.document")
    parser.add_argument("--seconds", type=int, default=60, help="for how long (60)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
