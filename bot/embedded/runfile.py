"""While ``up`` runs, ``run.json`` in the data folder tells other commands where its servers are."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.embedded.lock import holder

FILE = "run.json"


@dataclass(frozen=True, slots=True)
class Running:
    """A running ``up``."""

    pid: int
    base_url: str
    """Where its web process listens."""
    database_url: str
    redis_url: str


@contextmanager
def announced(data_dir: Path, running: Running) -> Iterator[None]:
    """Keep the file, readable for this account only, for the length of a block."""
    file = data_dir / FILE
    draft = data_dir / f".{FILE}"
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        json.dump(asdict(running), opened, indent=2)
    draft.replace(file)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def find_running(data_dir: Path) -> Running | None:
    """The ``up`` that works in a data folder; None where there is none, or where it was killed.

    Raises:
        PermissionError: it is another account's.
    """
    running = _read(data_dir)
    return running if running is not None and holder(data_dir) == running.pid else None


def find_killed(data_dir: Path) -> Running | None:
    """The last ``up`` of a data folder, where it was killed and nobody works there now.

    Raises:
        PermissionError: it is another account's.
    """
    running = _read(data_dir)
    return running if running is not None and holder(data_dir) is None else None


def _read(data_dir: Path) -> Running | None:
    try:
        return Running(**json.loads((data_dir / FILE).read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
        return None
