"""The data folder: where the clusters, the sockets, the logs and the copied binaries of our own servers are.

data folder (0711)
├── lock                 held by the one supervisor
├── secret.key           0600
├── run.json             0600, while ``up`` runs
├── log/                 what the servers say
├── binaries/            copies that the servers' account can read (as root only)
├── postgresql/ redis/   data, 0700, of the servers' account
└── run/                 sockets, 0700, of the servers' account
"""

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from bot.embedded.account import Account
from bot.embedded.errors import FolderUnreachable

LONGEST_SOCKET_PATH = 107
"""Bytes, on Linux."""
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432"
_PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


@dataclass(frozen=True, slots=True)
class Folders:
    """The places inside a data folder."""

    data: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data."""
        return self.data / "postgresql"

    @property
    def redis(self) -> Path:
        """Redis' data and configuration."""
        return self.data / "redis"

    @property
    def logs(self) -> Path:
        """What the servers say."""
        return self.data / "log"

    @property
    def binaries(self) -> Path:
        """Copied binaries."""
        return self.data / "binaries"

    @property
    def sockets(self) -> Path:
        """The sockets' folder: inside the data folder where its path is short and plain, else below ``/tmp``."""
        inside = self.data / "run"
        fits = len(f"{inside}{LONGEST_SOCKET_NAME}".encode()) <= LONGEST_SOCKET_PATH
        if fits and _PLAIN.fullmatch(str(inside)):
            return inside
        return Path("/tmp") / f"huiying-{self.mark}"  # noqa: S108 - its owner and mode are checked before use

    @property
    def mark(self) -> str:
        """A short name for this data folder, the same at each start."""
        return hashlib.sha256(str(self.data).encode()).hexdigest()[:12]


def prepare(folders: Folders, account: Account | None) -> None:
    """Make what is missing and hand it to the account that the servers run as.

    Nothing outside the data folder is changed, but for the sockets' own folder.

    Raises:
        FolderUnreachable: we cannot write there, or the account cannot reach it.
    """
    try:
        folders.data.mkdir(parents=True, exist_ok=True, mode=0o711)
        if account is not None and not account.may_enter(folders.data):
            folders.data.chmod(stat.S_IMODE(folders.data.stat().st_mode) | 0o111)
        if account is not None and (barrier := account.barrier(folders.cluster)) is not None:
            raise FolderUnreachable(
                f"As root, the servers run as the account {account.name}, which {barrier} keeps out of {folders.data}. "
                "Set HUIYING_DATA_DIR to a folder that it can reach, such as /var/lib/huiying."
            )
        _own(folders.logs, None)
        for folder in (folders.redis, folders.sockets):
            _own(folder, account)
    except OSError as error:
        raise FolderUnreachable(f"The data folder cannot be used: {error}. Set HUIYING_DATA_DIR.") from error


def own_cluster(folder: Path, account: Account | None) -> None:
    """Make the folder of a new cluster.

    Raises:
        FolderUnreachable: it cannot be made.
    """
    try:
        _own(folder, account)
    except OSError as error:
        raise FolderUnreachable(f"The data folder cannot be used: {error}. Set HUIYING_DATA_DIR.") from error


def _own(folder: Path, account: Account | None) -> None:
    """Make a private folder, or see that it is one: a link or a stranger's folder is refused."""
    owner = os.geteuid() if account is None else account.uid
    folder.mkdir(exist_ok=True, mode=0o700)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in (owner, os.geteuid()):
        raise PermissionError(f"{folder} belongs to someone else")
    if account is not None:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    if stat.S_IMODE(status.st_mode) != 0o700:
        folder.chmod(0o700)
