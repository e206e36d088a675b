"""One supervisor per data folder: whoever holds the lock on its file, which goes with its holder."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.embedded.errors import DataFolderInUse, FolderUnreachable

FILE = "lock"
TRIES, PAUSE = 5, 0.03
"""How often, and seconds between, before a held lock counts as held."""


@contextmanager
def only_supervisor(data_dir: Path) -> Iterator[None]:
    """Hold the data folder for the length of a block.

    Raises:
        DataFolderInUse: someone else holds it.
        FolderUnreachable: the folder cannot be written.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o711)
        lock = os.open(data_dir / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise FolderUnreachable(f"The data folder cannot be used: {error}. Set HUIYING_DATA_DIR.") from error
    try:
        try:
            _take(lock)
        except BlockingIOError as error:
            raise DataFolderInUse(
                f"Huiying already runs in {data_dir} (process {_name(lock)}). Stop it first, or set HUIYING_DATA_DIR."
            ) from error
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(lock)


def _take(lock: int) -> None:
    """Take the lock; someone who only looks whether it is held has it for an instant.

    Raises:
        BlockingIOError: it stays held.
    """
    for _ in range(TRIES):
        with suppress(BlockingIOError):
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        time.sleep(PAUSE)
    return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def holder(data_dir: Path) -> int | None:
    """The process of the supervisor that works in the data folder now.

    Raises:
        PermissionError: the folder is another account's.
    """
    try:
        lock = os.open(data_dir / FILE, os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        name = _name(lock)
        return int(name) if name.isdigit() else None
    finally:
        os.close(lock)
    return None


def _name(lock: int) -> str:
    return os.pread(lock, 32, 0).decode("ascii", "replace").strip()
