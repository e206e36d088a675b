"""A PostgreSQL of our own: its cluster, how it is run, when it is ready."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import asyncpg

from bot.embedded import strays
from bot.embedded.account import Account
from bot.embedded.binaries import Postgres
from bot.embedded.errors import EmbeddedError, ServerFailed
from bot.embedded.folders import Folders, own_cluster
from bot.embedded.keeper import Keeper
from bot.embedded.program import Program

NAME = "postgres"
OWNER = "huiying"
DATABASE = "huiying"
PORT = 5432
"""Only a part of the socket's name: nothing listens on the network."""
STOPS = ((signal.SIGINT, 5.0), (signal.SIGQUIT, 1.5))
"""PostgreSQL's fast, then its immediate shutdown; seconds granted."""
SETTINGS: Mapping[str, str] = {
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "jit": "off",
    "huge_pages": "off",
    "max_wal_size": "2GB",
    "unix_socket_permissions": "0700",
    "recovery_init_sync_method": "syncfs",
}
CREATE_PATIENCE = 120.0
"""Seconds that ``initdb`` may take."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.03, 0.2
"""Seconds between two looks whether the server answers."""


def environment() -> dict[str, str]:
    """What the servers see of our environment: nothing that could change where they look or how they speak."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def cluster_version(cluster: Path) -> int | None:
    """The major version that wrote a cluster; None where there is none yet.

    Raises:
        EmbeddedError: the folder does not look like a cluster.
    """
    try:
        text = (cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EmbeddedError(f"{cluster} cannot be read: {error}") from error
    if not text.isdigit():
        raise EmbeddedError(f"{cluster / 'PG_VERSION'} says {text!r}, which is no version")
    return int(text)


def create_cluster(postgres: Postgres, folders: Folders, account: Account | None) -> None:
    """Make the cluster; a half-made one of an interrupted start is made anew.

    Everyone who reaches the socket is trusted; its folder lets in nobody else.

    Raises:
        ServerFailed: ``initdb`` did not succeed.
    """
    draft = folders.data / "postgresql.new"
    own_cluster(draft, account)
    _empty(draft)
    command = [str(postgres.folder / "initdb"), "-D", str(draft), "-U", OWNER, "-A", "trust"]
    command += ["-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    try:
        made = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=CREATE_PATIENCE,
            check=False,
            env=environment(),
            cwd="/",
            start_new_session=True,
            umask=0o077,
            user=account.uid if account is not None else None,
            group=account.gid if account is not None else None,
            extra_groups=[] if account is not None else None,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServerFailed(f"PostgreSQL's data cannot be made: {error}") from error
    if made.returncode != 0:
        raise ServerFailed(f"PostgreSQL's data cannot be made: {made.stderr.strip()}")
    draft.rename(folders.cluster)


def _empty(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink()


def keeper(postgres: Postgres, folders: Folders, account: Account | None, settings: Mapping[str, str]) -> Keeper:
    """Keeps PostgreSQL running over an existing cluster.

    Args:
        postgres: the installation; of the cluster's version.
        folders: where everything is.
        account: whom to run as.
        settings: added to ``SETTINGS``.
    """
    title = f"huiying_{folders.mark}"
    argv = [str(postgres.folder / "postgres"), "-D", str(folders.cluster), "-k", str(folders.sockets)]
    argv += ["-h", "", "-p", str(PORT), "-c", f"cluster_name={title}"]
    for name, value in {**SETTINGS, **settings}.items():
        argv += ["-c", f"{name}={value}"]
    program = Program(
        name=NAME,
        argv=tuple(argv),
        environment=environment(),
        log=folders.logs / "postgres.log",
        account=account,
        stops=STOPS,
    )

    async def clear() -> None:
        await end_strays(folders)

    async def ready() -> None:
        await _ready(folders.sockets)

    return Keeper(program, clear=clear, ready=ready)


def database_url(sockets: Path, database: str = DATABASE) -> str:
    """The URL of a database behind our own socket."""
    return f"postgresql://{OWNER}@/{database}?host={sockets}&port={PORT}"


async def end_strays(folders: Folders) -> None:
    """End what an earlier run left: a server over this cluster, or parts of one whose first process was killed."""
    title = f"postgres: huiying_{folders.mark}: "

    def is_server(words: Sequence[str]) -> bool:
        return Path(words[0]).name == "postgres" and words[1:3] == ["-D", str(folders.cluster)]

    def is_part(words: Sequence[str]) -> bool:
        return words[0].startswith(title)

    await strays.end(is_server, STOPS)
    await strays.end(is_part, ((signal.SIGQUIT, 1.0),))
    _forget_lock(folders.cluster / "postmaster.pid")
    for file in folders.sockets.glob(f".s.PGSQL.{PORT}*"):
        file.unlink(missing_ok=True)


def _forget_lock(file: Path) -> None:
    """Remove the lock of a server that has ended: its process number may be another program's by now.

    Where it is a PostgreSQL's all the same, the lock stays, and PostgreSQL refuses to start.
    """
    with suppress(FileNotFoundError):
        owner = file.read_text(encoding="ascii", errors="replace").partition("\n")[0]
        if owner not in map(str, strays.find(lambda words: Path(words[0]).name == "postgres")):
            file.unlink()


async def _ready(sockets: Path) -> None:
    """Wait until the server takes statements, and see that our database is there."""
    pause = _FIRST_PAUSE
    while True:
        try:
            connection = await asyncpg.connect(database_url(sockets, "postgres"), timeout=5)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)
            continue
        try:
            if not await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", DATABASE):
                await connection.execute(f"CREATE DATABASE {DATABASE}")
            return
        finally:
            await connection.close()
