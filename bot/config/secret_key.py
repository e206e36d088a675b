"""The key that signs and derives our secrets, kept in the data folder where the operator gives none."""

import os
import secrets
from pathlib import Path

FILE = "secret.key"


class KeyUnwritable(Exception):
    """The data folder cannot keep a key, or the kept one cannot be read; the message is the system's."""


def kept_key(data_dir: Path) -> str | None:
    """The key that the data folder keeps, or None.

    Raises:
        KeyUnwritable: it is there and cannot be read.
    """
    try:
        key = (data_dir / FILE).read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnwritable(str(error)) from error
    if not key:
        raise KeyUnwritable(f"{data_dir / FILE} is empty; remove it")
    return key


def made_key(data_dir: Path) -> str:
    """Make a key and keep it, readable for this account only; of several processes at once, one makes it.

    Raises:
        KeyUnwritable: the folder or the file cannot be made.
    """
    draft = data_dir / f".{FILE}.{secrets.token_hex(8)}"
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o711)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, data_dir / FILE)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    except OSError as error:
        raise KeyUnwritable(str(error)) from error
    kept = kept_key(data_dir)
    if kept is None:
        raise KeyUnwritable(f"{data_dir / FILE} was removed at once")
    return kept
