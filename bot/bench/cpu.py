"""CPU time of process trees, from ``/proc``: what lives now, and what has died and been reaped."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

PROC = Path("/proc")
SECONDS_PER_TICK = 1 / os.sysconf("SC_CLK_TCK")
_PARENT, _FIRST_TIME, _LAST_TIME = 1, 11, 15
"""Places in ``/proc/PID/stat`` behind the command's name: the parent, and the four times."""


def spent(root: int) -> float:
    """Seconds of CPU, user and system, that a process and all its children have used, dead ones included.

    A dead child counts once its parent has reaped it, as PostgreSQL does with its backends.
    """
    parents = {pid: int(stat[_PARENT]) for pid, stat in _all()}
    return sum(_used(pid) for pid in _tree(root, parents))


def spent_each(roots: Mapping[str, int]) -> dict[str, float]:
    """The same for several trees, by name."""
    return {name: spent(root) for name, root in roots.items()}


def _tree(root: int, parents: Mapping[int, int]) -> Iterator[int]:
    yield root
    for pid, parent in parents.items():
        if parent == root:
            yield from _tree(pid, parents)


def _all() -> Iterator[tuple[int, list[str]]]:
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))):
            yield int(entry.name), stat


def _used(pid: int) -> float:
    return sum(map(int, _stat(pid)[_FIRST_TIME:_LAST_TIME])) * SECONDS_PER_TICK


def _stat(pid: int) -> list[str]:
    """The fields behind the command's name; none where the process has gone."""
    try:
        text = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
