"""As root, the servers run as an unprivileged account that exists already; PostgreSQL refuses to run as root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from bot.embedded.errors import FolderUnreachable

PREFERRED = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the system."""

    name: str
    uid: int
    gid: int

    def may_enter(self, folder: Path) -> bool:
        """Whether the permissions of a folder let this account through it."""
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)

    def reaches(self, path: Path) -> bool:
        """Whether this account may pass through every folder above a path."""
        return self.barrier(path) is None

    def barrier(self, path: Path) -> Path | None:
        """The first folder above a path that keeps this account out."""
        above = reversed(path.resolve().parents)
        return next((folder for folder in above if not self.may_enter(folder)), None)


def servers_account(cluster: Path) -> Account | None:
    """The account to run servers as: the cluster's owner, else the first that exists of those preferred.

    Returns:
        None where we are not root: the servers run as ourselves.

    Raises:
        FolderUnreachable: we are root, and the system has none of these accounts.
    """
    if os.geteuid() != 0:
        return None
    if (cluster / "PG_VERSION").exists() and (owner := cluster.stat()).st_uid != 0:
        return Account(_name(owner.st_uid), owner.st_uid, owner.st_gid)
    for name in PREFERRED:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, found.pw_uid, found.pw_gid)
    raise FolderUnreachable(
        f"As root, PostgreSQL needs one of the accounts {', '.join(PREFERRED)}, and there is none. "
        "Start as an ordinary account, or set HUIYING_DATABASE_URL."
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
